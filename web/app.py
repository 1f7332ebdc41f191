"""The application: settings in, WSGI application out."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from apiflask import APIFlask
from flask import Flask, request, url_for
from flask_babel import Babel
from markupsafe import Markup, escape

from archive.numbers import find_numbers
from archive.public import public
from archive.search import open_engine
from archive.search.plan import Planner
from archive.settings import Settings
from archive.store import open_store
from archive.words import tokenizer
from web import api, browse, feeds, labels, pages
from web.arguments import MAX_QUERY, encoded, to_arguments
from web.freshness import register_freshness
from web.language import LANGUAGES, YEAR, chosen_language, keep_language, language, markup_in
from web.library import Library
from web.operating import register_operations
from web.problems import register_problems
from web.security import register_headers

MAX_UPLOAD = 2_000_000  # a text whose citations are to be checked


def create_app(settings: Settings, shared: Path | None = None) -> APIFlask:
    """The application over the archive in `settings.home`; raises StoreUnavailable where its store cannot be opened.

    A missing index is no hindrance: searching then answers 503, and works as soon as there is one. Where several
    processes serve it, `shared` is a folder for what they count together.
    """
    app = APIFlask(__name__, title="Shuiwen", version="1", spec_path="/api/v1/openapi.json", docs_path=None)
    app.config.from_mapping(
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=MAX_UPLOAD,
        BABEL_DEFAULT_LOCALE="zh",
        **api.OPENAPI,
    )
    app.spec_processor(api.complete)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    held = Library(open_store(settings.database_url), open_engine(settings.index), Planner(tokenizer()))
    app.extensions["library"] = held
    Babel(app, locale_selector=chosen_language)
    _register_templates(app)
    register_problems(app)
    register_operations(app, settings, held, shared)  # first, so that it sees each answer as it is sent
    register_headers(app)
    register_freshness(app, settings)  # called before the headers, which answer 304 where nothing changed
    app.after_request(keep_language)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(browse.blueprint)
    app.register_blueprint(feeds.blueprint)
    app.register_blueprint(api.blueprint)
    return app


def _register_templates(app: Flask) -> None:
    versions = {path.name: _digest(path) for path in Path(app.static_folder or "").iterdir()}
    app.jinja_env.globals.update(
        languages=LANGUAGES,
        max_query=MAX_QUERY,
        labels=labels,
        to_arguments=to_arguments,
        encoded=encoded,
        in_language=_in_language,
    )
    app.jinja_env.filters.update(day=labels.day, marked=_marked, numbers_linked=_numbers_linked, public=public)

    @lru_cache(maxsize=64)
    def spoken_at(root: str, spoken: str) -> dict[str, Any]:
        """What templates call or say a hundred times a page, bound to what does not change during a request."""
        return {
            "_": markup_in(spoken),
            "html_lang": "zh-CN" if spoken == "zh" else spoken,
            "notice_url": partial(_notice_url, root),
            "static": lambda name: f"{_address(root, 'static', filename=name)}?v={versions[name]}",
            "url_for": partial(_url_for, root),
        }

    app.context_processor(lambda: spoken_at(request.script_root, language()))


def _url_for(root: str, endpoint: str, **values: Any) -> str:
    """As Flask's, which takes a hundredth of a millisecond, but each address on this server only once."""
    return url_for(endpoint, **values) if "_external" in values else _address(root, endpoint, **values)


@lru_cache(maxsize=1024)
def _address(_root: str, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


def _notice_url(root: str, notice_id: str, q: str | None = None) -> str:
    """The address of a notice's page, with the words to mark in it; result pages are full of them."""
    return f"{root}/notices/{quote(notice_id)}" + (f"?q={quote_plus(q)}" if q else "")


def _marked(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """A text cut where it matches: what matches is marked, and all is escaped."""
    marked = (f"<mark>{escape(text)}</mark>" if match else escape(text) for text, match in pieces)
    return Markup("".join(marked))  # noqa: S704 (each piece is escaped)


def _numbers_linked(text: str) -> Markup:
    """A text in which each document number leads to its notice."""
    linked, done = Markup(), 0
    for found in find_numbers(text):
        link = Markup('<a href="{}" lang="zh-CN">{}</a>').format(
            _notice_url(request.script_root, found.number.slug), text[found.start : found.end]
        )
        linked, done = linked + text[done : found.start] + link, found.end
    return linked + text[done:]


def _in_language(code: str) -> str:
    """The address of this page in another language."""
    return f"{request.path}?{urlencode(request.args.to_dict() | {'lang': code})}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
