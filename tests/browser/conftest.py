"""A real Chromium, and pages that fail their test on any console error or request beyond the server."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    own = playwright.chromium.executable_path
    path = next(filter(None, map(shutil.which, NAMES)), own if Path(own).exists() else None)
    if path is None:
        missing = "NO CHROMIUM WAS FOUND: the browser tests did not run. See tests/browser/install-chromium.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield started
    started.close()


@pytest.fixture
def open_page(browser: Browser, sample_server: str) -> Iterator[Open]:
    """Open a path of the sample server in a new context: `open_page("/", width=390, color_scheme="dark")`."""
    contexts = []
    complaints: list[str] = []

    def watch(page: Page) -> None:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(sample_server) else complaints.append(r.url))

    def open_path(path: str, *, width: int = 1280, lang: str = "zh", **options: Any) -> Page:
        context = browser.new_context(base_url=sample_server, viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": lang, "url": sample_server}])
        page = context.new_page()
        watch(page)
        page.goto(path)
        return page

    yield open_path
    for context in contexts:
        context.close()
    assert complaints == []
