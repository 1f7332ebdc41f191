"""What programs fetch beside the API: feeds, exports, plain text, and the files that browsers and crawlers ask for."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.errors import IndexUnavailable
from archive.export import to_csv, to_jsonl
from archive.models import Notice
from web import legal
from web.arguments import read_query, to_arguments
from web.library import library
from web.official import lay_out
from web.references import Address, to_bibtex, to_ris
from web.word import to_docx

blueprint = Blueprint("feeds", __name__)

# https://www.sitemaps.org/protocol.html
SITEMAP_LIMIT = 50_000
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Characters that XML 1.0 cannot carry, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(template: str, media_type: str, **values: object) -> Response:
    return Response(NOT_XML.sub("", render_template(template, **values)), mimetype=media_type)


@blueprint.get("/search.atom")
def atom() -> ResponseReturnValue:
    """The first page of a search as an Atom feed (RFC 4287)."""
    query = read_query(request.args)
    results = library().search(query)
    moments = {hit.notice.id: _updated(hit.notice) for hit in results.hits}
    return _xml(
        "search.atom.xml",
        "application/atom+xml",
        query=query,
        results=results,
        arguments=to_arguments(query),
        moments=moments,
        updated=max(moments.values(), default="1970-01-01T00:00:00+00:00"),
    )


def _updated(notice: Notice) -> str:
    """When the archive last learned of the notice, else when it was issued; the same on every request."""
    captured = max((capture.captured_at for capture in notice.captures), default=None)
    day = notice.issued_on or notice.published_on
    moment = captured or (datetime.combine(day, time(), UTC) if day else datetime(1970, 1, 1, tzinfo=UTC))
    return moment.isoformat(timespec="seconds")


# The forms of an export: media type, and how notices become lines given the address of each.
FORMS: dict[str, tuple[str, Callable[[Iterable[Notice], Address], Iterator[str]]]] = {
    "csv": ("text/csv", lambda notices, _address: to_csv(notices)),
    "jsonl": ("application/jsonl", lambda notices, _address: to_jsonl(notices)),
    "bib": ("application/x-bibtex", to_bibtex),
    "ris": ("application/x-research-info-systems", to_ris),
}


@blueprint.get("/search.<any(csv,jsonl,bib,ris):form>")
def export(form: str) -> ResponseReturnValue:
    """The whole result of a search as a file."""
    return _download(_all_notices(), form, "shuiwen")


@blueprint.get("/notices/<notice_id>.<any(bib,ris):form>")
def reference(notice_id: str, form: str) -> ResponseReturnValue:
    """A notice for a reference manager."""
    notice = library().find(notice_id)
    return _download([notice], form, notice.id)


def _all_notices() -> Iterator[Notice]:
    """The whole notices of a search, best first. The first page is asked at once: its errors need a status."""
    held = library()
    pages = held.all_results(read_query(request.args))
    first = next(pages)

    def notices() -> Iterator[Notice]:
        for results in (first, *pages):
            yield from filter(None, (held.store.notice(hit.notice.id) for hit in results.hits))

    return notices()


def _download(notices: Iterable[Notice], form: str, name: str) -> Response:
    media_type, to_lines = FORMS[form]
    root = url_for("pages.home", _external=True)
    response = Response(to_lines(notices, lambda notice: f"{root}notices/{notice.id}"), mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


@blueprint.get("/notices/<notice_id>.txt")
def text(notice_id: str) -> ResponseReturnValue:
    notice = library().find(notice_id)
    lines = [notice.title, *([str(notice.number)] if notice.number else []), "", notice.body, ""]
    lines += ["、".join(notice.authorities), notice.issued_on.isoformat() if notice.issued_on else ""]
    lines += ["", legal.cite(notice), url_for("pages.notice", notice_id=notice.id, _external=True), ""]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/notices/<notice_id>.docx")
def word(notice_id: str) -> ResponseReturnValue:
    notice = library().find(notice_id)
    notice = replace(notice, title=NOT_XML.sub("", notice.title), body=NOT_XML.sub("", notice.body))
    source = f"{legal.cite(notice)} {url_for('pages.notice', notice_id=notice.id, _external=True)}"
    response = Response(to_docx(notice, lay_out(notice.body), source), mimetype=DOCX)
    response.headers["Content-Disposition"] = f'attachment; filename="{notice.id}.docx"'
    return response


@blueprint.get("/opensearch.xml")
def opensearch() -> ResponseReturnValue:
    return _xml("opensearch.xml", "application/opensearchdescription+xml")


@blueprint.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    ids, _deleted = library().store.changed_ids(0)  # of all notices, without reading their bodies
    return _xml("sitemap.xml", "application/xml", ids=ids[:SITEMAP_LIMIT])


@blueprint.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Notices may be indexed; result pages are endless and need not be."""
    lines = [
        "User-agent: *",
        "Disallow: /search",
        "Disallow: /api/",
        "Allow: /",
        f"Sitemap: {url_for('.sitemap', _external=True)}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    return redirect(url_for("static", filename="favicon.svg"), 301)


@blueprint.get("/healthz")
def health() -> ResponseReturnValue:
    """Alive: the process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Ready: store and index can be read; raises IndexUnavailable or StoreUnavailable."""
    held = library()
    held.store.revision()
    if held.engine.status() is None:
        raise IndexUnavailable("there is no search index.", "Run: python -m archive reindex")
    return Response("ready\n", mimetype="text/plain")
