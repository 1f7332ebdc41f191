"""Write docs/reference.md from the settings table, the commands' own help and the API's own description.

usage: python docs/make_reference.py          (the tests compare the page with what this would write)
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import click  # noqa: E402 - the checkout is put on the path first

from archive.cli import main  # noqa: E402
from archive.settings import SETTINGS, Settings  # noqa: E402
from web import create_app  # noqa: E402

HEAD = """# Reference

This page is written by `python docs/make_reference.py`.

A command prints what it did and ends with 0; with 1 where nothing could be used or a check failed, and with 2 where
it was called wrongly. An error is two lines: what is wrong, and what to do about it.
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_settings(), *_commands(), *_api()])


def _settings() -> Iterator[str]:
    yield "## Settings\n\nEach is an environment variable; `--home` and `--port` go before it.\n"
    yield "| variable | default | meaning |\n|---|---|---|"
    yield from (
        f"| `{one.variable}` | {f'`{one.default}`' if one.default else 'empty'} | {one.help} |" for one in SETTINGS
    )


def _commands() -> Iterator[str]:
    yield "\n## Commands\n"
    for name, command in sorted(main.commands.items()):
        context = click.Context(command, info_name=f"python -m archive {name}", terminal_width=100)
        yield f"### {name}\n\n```text\n{command.get_help(context)}\n```\n"


def _api() -> Iterator[str]:
    yield "## JSON API\n\nErrors come as `application/problem+json` (RFC 9457), in one shape everywhere.\n"
    with TemporaryDirectory() as home:
        paths: dict[str, dict[str, Any]] = create_app(Settings(home=Path(home))).spec["paths"]
    for path, methods in sorted(paths.items()):
        for method, about in methods.items():
            yield f"### {method.upper()} `{path}`\n\n{about.get('description') or about.get('summary', '')}\n"
            if parameters := about.get("parameters"):
                yield "| parameter | in | meaning |\n|---|---|---|"
                yield from (f"| `{one['name']}` | {one['in']} | {one.get('description', '')} |" for one in parameters)
                yield ""


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
