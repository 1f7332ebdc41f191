"""The filters of a result page as links: what can be narrowed, what was narrowed and how to undo it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _

from archive.models import DateKind, Query, Results
from web.arguments import to_arguments
from web.labels import DATES, FACETS, day, facet_value


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value of a facet; following `url` filters by it, or no longer does where it is `chosen`."""

    value: str
    count: int
    url: str
    chosen: bool


def address(query: Query) -> str:
    """The result page of `query`."""
    # A result page has a hundred of these, and url_for takes most of a tenth of a millisecond for each.
    return f"{request.script_root}/search?{urlencode(to_arguments(query))}"


def with_filter(query: Query, name: str, value: str) -> Query:
    """`query` from its first page, with only `value` of that facet; an empty value lifts the filter."""
    if name == "year":
        return replace(query, page=1, **_year(value))
    filters: dict[str, Any] = {name: value}
    return replace(query, page=1, **filters)


def _year(value: str) -> dict[str, Any]:
    if not value:
        return {"from_date": None, "to_date": None, "date_kind": DateKind.ISSUED}
    year = int(value)
    return {"from_date": date(year, 1, 1), "to_date": date(year, 12, 31), "date_kind": DateKind.ISSUED}


def chips(query: Query) -> tuple[Chip, ...]:
    """The filters of `query`; its words are in the box and not repeated."""
    found = []
    if query.number:
        found.append(Chip(_("文号"), query.number, address(replace(query, page=1, number=""))))
    for name in ("topic", "authority", "kind", "validity"):
        value = getattr(query, name)
        if value:
            label, shown = str(FACETS[name]), facet_value(name, value)
            found.append(Chip(label, shown, address(with_filter(query, name, ""))))
    if query.from_date or query.to_date:
        shown = _span(query.from_date, query.to_date)
        found.append(Chip(str(DATES[query.date_kind]), shown, address(with_filter(query, "year", ""))))
    return tuple(found)


def _span(first: date | None, last: date | None) -> str:
    if first and last:
        return day(first) if first == last else f"{day(first)} – {day(last)}"
    return _("%(day)s起", day=day(first)) if first else _("至%(day)s", day=day(last)) if last else ""


def facet_links(results: Results) -> Mapping[str, tuple[FacetLink, ...]]:
    """The facets of `results` as links, in the order of the page; those that narrow nothing are left out."""
    links = {name: tuple(_links(name, results)) for name in FACETS}
    return {name: values for name, values in links.items() if any(v.chosen or v.count < results.total for v in values)}


def _links(name: str, results: Results) -> Iterator[FacetLink]:
    first = replace(results.query, page=1)
    for counted in results.facets.get(name, ()):
        narrowed = with_filter(first, name, counted.value)
        chosen = narrowed == first
        url = address(with_filter(first, name, "") if chosen else narrowed)
        yield FacetLink(counted.value, counted.count, url, chosen)
