"""What programs fetch beside the API: feeds, exports, plain text, and the files that browsers and crawlers ask for."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import islice

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.errors import IndexUnavailable
from archive.export import to_csv, to_jsonl
from archive.models import Hit, Notice, Sort
from archive.public import with_public_sources
from archive.records import revisions
from web import legal
from web.arguments import read_query, to_arguments
from web.facets import subject
from web.library import library
from web.official import lay_out
from web.references import Address, to_bibtex, to_ris
from web.word import to_docx

blueprint = Blueprint("feeds", __name__)

# Pages of a hundred results, the newest first, in which a feed looks for what changed.
WATCHED = 10
# https://www.sitemaps.org/protocol.html
SITEMAP_LIMIT = 50_000
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Characters that XML 1.0 cannot carry, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(template: str, media_type: str, **values: object) -> Response:
    return Response(NOT_XML.sub("", render_template(template, **values)), mimetype=media_type)


@blueprint.get("/search.atom")
def atom() -> ResponseReturnValue:
    """A search to follow, as an Atom feed (RFC 4287): of its latest notices, those first that changed last.

    A notice that was amended, repealed or read anew since comes again: the id of an entry names the revision.
    """
    query = read_query(request.args)
    held = library()
    watched = replace(query, sort=Sort.NEWEST)
    hits = {hit.notice.id: hit for results in islice(held.all_results(watched), WATCHED) for hit in results.hits}
    changed = revisions(held.store, hits)
    latest = sorted(changed, key=lambda key: -changed[key])[: query.per_page]  # stable: the newest of a revision first
    entries = tuple(Entry(hits[key], changed[key], _updated(hits[key].notice)) for key in latest)
    return _xml(
        "search.atom.xml",
        "application/atom+xml",
        subject=subject(query),
        entries=entries,
        arguments=to_arguments(query),
        updated=max((entry.updated for entry in entries), default="1970-01-01T00:00:00+00:00"),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice as an entry of a feed: the revision of the archive in which it last changed, and since when it is so."""

    hit: Hit
    revision: int
    updated: str


def _updated(notice: Notice) -> str:
    """When the notice ceased to be in force, was last captured or was issued, whichever is latest."""
    days = [day for day in (notice.issued_on or notice.published_on, notice.ceased_on) if day and day <= date.today()]
    moments = [datetime.combine(day, time(), UTC) for day in days]
    moments += [capture.captured_at for capture in notice.captures]
    return max(moments, default=datetime(1970, 1, 1, tzinfo=UTC)).isoformat(timespec="seconds")


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
            found = filter(None, (held.store.notice(hit.notice.id) for hit in results.hits))
            yield from map(with_public_sources, found)

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
    """All notices, or where they are too many for one file the list of such files."""
    ids = _all_ids()
    if len(ids) > SITEMAP_LIMIT:
        parts = range(1, -(-len(ids) // SITEMAP_LIMIT) + 1)
        return _xml("sitemaps.xml", "application/xml", parts=parts)
    return _xml("sitemap.xml", "application/xml", ids=ids, root=url_for("pages.home", _external=True))


@blueprint.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> ResponseReturnValue:
    ids = _all_ids()[max(0, part - 1) * SITEMAP_LIMIT : part * SITEMAP_LIMIT]
    if not ids:
        abort(404)
    return _xml("sitemap.xml", "application/xml", ids=ids, root=url_for("pages.home", _external=True))


def _all_ids() -> tuple[str, ...]:
    return library().store.changed_ids(0)[0]


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
