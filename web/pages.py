"""The pages: home, results, a notice, what was repaired in it, and what a text cites."""

from dataclasses import replace
from itertools import chain, groupby, islice

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.citations import cited_in
from archive.clean.changes import undo
from archive.clean.encoding import decode
from archive.errors import IndexUnavailable, NotFound
from archive.linking import look_up
from archive.models import Query
from web import difference, legal
from web.arguments import filled_in, read_query, to_arguments
from web.comparison import align, rows
from web.facets import address, chips, facet_links, subject
from web.family import family
from web.language import gettext as _
from web.library import library
from web.official import lay_out
from web.paging import last_page, page_numbers
from web.pictures import NARROW, WIDE, Bar, year_bars
from web.problems import told

blueprint = Blueprint("pages", __name__)

NEWEST = 8
# A law is cited by thousands; a page of their own lists the others.
MOST_CITING = 20
# More than anyone prints; a larger result is exported.
MOST_LISTED = 1000


@blueprint.get("/")
def home() -> ResponseReturnValue:
    held = library()
    bars: tuple[Bar, ...] = ()
    try:
        everything = held.everything()
        bars = year_bars(facet_links(everything).get("year", ()), WIDE)
        warnings = everything.warnings
    except IndexUnavailable as error:
        warnings = (" ".join(told(error)),)
    return render_template(
        "home.html",
        stats=held.once("stats", held.store.stats),
        topics=held.store.topics(),
        newest=held.once("newest", lambda: held.store.newest(NEWEST)),
        bars=bars,
        warnings=warnings,
    )


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    if any(request.args.get(name) for name in ("office", "year", "serial")):
        return redirect(url_for(".search", number=_joined_number()), 303)
    query = read_query(filled_in(request.args))
    straight = _straight_to(query)
    if straight and "list" not in request.args:
        return redirect(url_for(".notice", notice_id=straight, q=query.text or query.number), 303)
    results = library().search(query)
    facets = facet_links(results)
    return render_template(
        "search.html",
        query=query,
        results=results,
        subject=subject(query),
        chips=chips(query),
        facets=facets,
        bars=year_bars(facets.get("year", ()), NARROW),
        straight=straight,
        address=address,
        replace=replace,
        meant=address(replace(query, text=results.suggestion, page=1)) if results.suggestion else "",
        pages=page_numbers(query.page, last_page(results)),
        hidden={name: value for name, value in to_arguments(query).items() if name not in ("q", "page")},
    )


@blueprint.get("/search/list")
def whole_list() -> ResponseReturnValue:
    """The whole result as one table, to print."""
    query = read_query(request.args)
    pages = library().all_results(query)
    first = next(pages)
    hits = chain(first.hits, chain.from_iterable(results.hits for results in pages))
    return render_template(
        "list.html",
        query=query,
        subject=subject(query),
        total=first.total,
        notices=[hit.notice for hit in islice(hits, MOST_LISTED)],
        chips=chips(query),
        address=address,
        replace=replace,
    )


def _joined_number() -> str:
    """The document number in the three boxes, with what is missing left out."""
    office, year, serial = (request.args.get(name, "").strip() for name in ("office", "year", "serial"))
    return office + (f"〔{year}〕" if year else "") + (f"{serial.removesuffix('号')}号" if serial else "")


def _straight_to(query: Query) -> str | None:
    """The id of the notice that a search for nothing but its whole document number asks for."""
    alone = to_arguments(query).keys() in ({"q"}, {"number"})
    return library().by_number(query.text or query.number) if alone else None


@blueprint.get("/notices/<notice_id>")
def notice(notice_id: str) -> ResponseReturnValue:
    with library().at_one_moment() as held:
        shown = held.find(notice_id)
        if shown.id != notice_id:
            return redirect(url_for(".notice", notice_id=shown.id, q=request.args.get("q")), 301)
        q = read_query(filled_in(request.args)).text
        reading = held.store.reading(shown.id)
        citing = held.store.citing(shown.id, MOST_CITING)
        all_citing = held.store.count_citing(shown.id) if len(citing) == MOST_CITING else len(citing)
        finding = held.store.validity(shown.id)
        around = family(held.store, shown, citing, all_citing)
        cited_notices = held.store.briefs({c.id for c in shown.citations if c.id})
    damage = reading.raw.damage if reading else ()
    return render_template(
        "notice.html",
        notice=shown,
        reading=reading,
        paragraphs=tuple(lay_out(shown.body, shown.citations, held.matches(shown.body, q), damage)),
        finding=finding,
        cited_by=citing,
        all_citing=all_citing,
        family=around,
        cited_notices=cited_notices,
        evidence={one.field: one.text for one in shown.evidence},
        similar=_similar(shown.id),
        json_ld=legal.json_ld(shown, url_for(".notice", notice_id=shown.id, _external=True)),
        citation=legal.cite(shown),
        q=q,
    )


def _similar(notice_id: str) -> tuple[object, ...]:
    try:
        return library().engine.similar(notice_id)
    except IndexUnavailable:
        return ()  # the notice itself is what was asked for


@blueprint.get("/notices/<notice_id>/cited-by")
def cited_by(notice_id: str) -> ResponseReturnValue:
    """All that cites a notice, what changes it most first."""
    held = library()
    shown = held.find(notice_id)
    citing = held.store.citing(shown.id, MOST_LISTED)
    total = held.store.count_citing(shown.id)
    return render_template("cited_by.html", notice=shown, total=total, citing=citing)


@blueprint.get("/notices/<notice_id>/changes")
def changes(notice_id: str) -> ResponseReturnValue:
    held = library()
    shown = held.find(notice_id)
    reading = held.store.reading(shown.id)
    if reading is None:
        raise NotFound(
            _("“%(title)s”不是从网页读出的。", title=shown.title), _("它是从文件导入的，没有可以对照的抓取内容。")
        )
    raw = reading.raw
    compared = list(rows(align(undo(raw.body, raw.changes), raw.changes)))
    return render_template(
        "changes.html",
        notice=shown,
        reading=reading,
        blocks=[(removed, list(block)) for removed, block in groupby(compared, key=lambda row: row.removed)],
    )


@blueprint.get("/notices/<notice_id>/editions/<int:place>")
def edition(notice_id: str, place: int) -> ResponseReturnValue:
    """The earlier edition at `place`, the latest of them being 1, beside the text of today."""
    shown = library().find(notice_id)
    if not 1 <= place <= len(shown.versions):
        raise NotFound(_("“%(title)s”没有这个版本。", title=shown.title), _("请从文件页选择。"))
    earlier = shown.versions[place - 1]
    return render_template(
        "compare.html",
        left=replace(shown, title=earlier.title),
        right=shown,
        notes=(earlier.note or _("最初发布"), shown.edition),
        lines=difference.compare(earlier.body, shown.body),
    )


@blueprint.get("/about")
def about() -> ResponseReturnValue:
    return render_template("about.html")


@blueprint.get("/compare")
def compare() -> ResponseReturnValue:
    """Two notices side by side; each may be named by its number in any spelling."""
    a, b = (request.args.get(name, "").strip() for name in ("a", "b"))
    if not (a and b):
        return render_template("compare.html", a=a, b=b)
    left, right = (library().find(text) for text in (a, b))
    return render_template("compare.html", left=left, right=right, lines=difference.compare(left.body, right.body))


@blueprint.route("/cite", methods=["GET", "POST"])
def cite() -> ResponseReturnValue:
    """Paste or upload a text, and see which notices it cites and whether they are in force."""
    file = request.files.get("file")
    text = decode(file.read()).text if file else request.form.get("text", "")
    text = text.replace("\r\n", "\n")
    found = look_up(library().store, cited_in(text))
    linked = {one.citation.start: one for one in found}
    # Each notice once, however often the text cites it.
    cited = {one.citation.id or str(one.citation.number or one.citation.title): one for one in found}
    paragraphs = tuple(lay_out(text, (one.citation for one in found)))
    return render_template("cite.html", text=text, cited=cited.values(), linked=linked, paragraphs=paragraphs)


@blueprint.get("/help")
def help_page() -> ResponseReturnValue:
    examples = (
        ("国税函〔2008〕608号", _("这份文件；国税函[2008]608、guoshuihan-2008-608 也可以")),
        ("608号", _("所有第 608 号")),
        ("增值税 发票", _("两个词都有")),
        ('"专用发票"', _("正好有这几个字，包括标点以外的每一个字")),
        ("增值税 OR 营业税", _("有其中一个")),
        ("增值税 -农产品", _("没有“农产品”")),
        ("(增值税 OR 营业税) 建筑", _("括号分组")),
        ("标题:发票", _("标题里有；还有 正文: 文号: 发文机关: 主题: 类型: 年份: 时效:")),
        ("日期:2008-01..2009-06", _("成文日期在此期间；还有 发布日期: 施行日期:")),
        ("年份:2008..2010", _("这几年的文件")),
        ("增值*", _("以此开头的词")),
        ("2008年6月19日", _("那天成文的文件；2008年6月、2008-06-19 也可以")),
    )
    return render_template("help.html", examples=examples)


@blueprint.get("/api")
def api_page() -> ResponseReturnValue:
    problem = {
        "type": "about:blank",
        "title": "The archive holds no notice “guoshuihan-1900-1”.",
        "detail": "Check the number, or search for words of the title.",
        "status": 404,
        "instance": "/api/v1/notices/guoshuihan-1900-1",
    }
    root = url_for("api.search", _external=True).removesuffix("/notices")
    return render_template(
        "api.html",
        spec=current_app.spec,  # type: ignore[attr-defined]
        problem=problem,
        root=root,
    )
