"""The pages to browse by: topics, authorities and years, a series of numbers with its gaps, the archive in figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.errors import NotFound
from archive.models import Notice, Query, Sort
from archive.numbers import DocumentNumber
from archive.records import all_series
from archive.store import Milestone
from web.facets import facet_links
from web.language import gettext as _
from web.library import library
from web.paging import page_numbers
from web.pictures import WIDE, year_bars

blueprint = Blueprint("browse", __name__)

# A number series is shown up to the last number known; beyond this many it is a mistake in the data.
LONGEST_SERIES = 3000
DEEPEST = 10_000
# Milestones on one page of a timeline.
MILESTONES = 100
# Facet values with a bar of their own on the page of figures.
SHOWN = 12


@blueprint.get("/browse")
def index() -> ResponseReturnValue:
    everything = library().everything()
    return render_template("browse.html", facets=facet_links(everything), total=everything.total)


@blueprint.get("/stats")
def statistics() -> ResponseReturnValue:
    held = library()
    everything = held.everything()
    facets = facet_links(everything)
    return render_template(
        "stats.html",
        stats=held.once("stats", held.store.stats),
        facets={name: values[:SHOWN] for name, values in facets.items() if name != "year"},
        total=everything.total,
        bars=year_bars(facets.get("year", ()), WIDE),
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Serials of a series: one that is held, or those from `first` to `last` that are not."""

    first: int
    last: int
    notice: Notice | None = None


@blueprint.get("/topics/<topic>")
def timeline(topic: str) -> ResponseReturnValue:
    """What was issued on a topic, in the order of time, and what replaced it."""
    held = library()
    page = request.args.get("page", 1, int)
    milestones = held.store.timeline(topic, MILESTONES, max(0, page - 1) * MILESTONES) if page < DEEPEST else ()
    if not milestones:
        raise NotFound(_("没有主题“%(topic)s”的文件。", topic=topic), _("请从浏览页选择主题。"))
    found = held.search(Query(topic=topic, per_page=1))
    total = next((one.count for one in held.store.topics() if one.value == topic), len(milestones))
    return render_template(
        "topic.html",
        topic=topic,
        years=[(year, list(ones)) for year, ones in groupby(milestones, _year)],
        bars=year_bars(facet_links(replace(found, query=Query(topic=topic))).get("year", ()), WIDE),
        total=total,
        page=page,
        pages=page_numbers(page, -(-total // MILESTONES)),
    )


def _year(one: Milestone) -> int:
    return one.notice.day.year if one.notice.day else 0  # a timeline is of dated notices


@blueprint.get("/series")
def chosen_series() -> ResponseReturnValue:
    """All series of numbers; the one that a form names is gone to at once."""
    office, year = (request.args.get(name, "").strip() for name in ("office", "year"))
    if office and year.isascii() and year.isdigit():
        return redirect(url_for(".series", office=office, year=int(year[:4])), 303)
    held = library()
    return render_template("all_series.html", all_series=held.once("series", lambda: all_series(held.store)))


@blueprint.get("/series/<office>/<int:year>")
def series(office: str, year: int) -> ResponseReturnValue:
    held = library()
    name = _name(office, year)
    known = {}
    for results in held.all_results(Query(number=name, sort=Sort.OLDEST)):
        for hit in results.hits:
            number = hit.notice.number
            if number and (number.office, number.year) == (office, year) and number.serial <= LONGEST_SERIES:
                known[number.serial] = hit.notice
    if not known:
        raise NotFound(
            _("没有 %(office)s %(year)s 年的文件。", office=office, year=year), _("请从浏览页选择其他年份。")
        )
    years = sorted(int(one.value) for one in held.search(Query(number=office, per_page=1)).facets.get("year", ()))
    return render_template(
        "series.html", office=office, name=name, year=year, known=known, stretches=tuple(stretches(known)), years=years
    )


def _name(office: str, year: int) -> str:
    """国税函〔2008〕 or 国家税务总局公告2012年: a number of the series without its serial."""
    return str(DocumentNumber(office, year, 1)).removesuffix("1号").removesuffix("第")


def stretches(known: Mapping[int, Notice]) -> Iterator[Stretch]:
    """The serials of a series from 1 on, in order, each gap as one stretch."""
    following = 1
    for serial in sorted(known):
        if following < serial:
            yield Stretch(following, serial - 1)
        yield Stretch(serial, serial, known[serial])
        following = serial + 1
