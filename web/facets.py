"""The filters of a result page as links: what can be narrowed, what was narrowed and how to undo it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request

from archive.models import DateKind, Query, Results
from web.arguments import encoded, quoted, to_arguments
from web.labels import DATES, FACETS, day, facet_value
from web.language import gettext as _


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
    return f"{request.script_root}/search?{encoded(query)}"


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
    if query.in_force_on:
        without = address(replace(query, page=1, in_force_on=None))
        found.append(Chip(_("当日有效"), day(query.in_force_on), without))
    return tuple(found)


def subject(query: Query) -> str:
    """What `query` asks for in one line, as its page and its feed are called."""
    conditions = (f"{chip.label} {chip.value}" for chip in chips(query))
    return " · ".join(filter(None, (query.text, *conditions))) or _("全部文件")


def _span(first: date | None, last: date | None) -> str:
    if first and last:
        return day(first) if first == last else f"{day(first)} – {day(last)}"
    return _("%(day)s起", day=day(first)) if first else _("至%(day)s", day=day(last)) if last else ""


def facet_links(results: Results) -> Mapping[str, tuple[FacetLink, ...]]:
    """The facets of `results` as links, in the order of the page; those that narrow nothing are left out."""
    links = {name: tuple(_links(name, results)) for name in FACETS}
    return {name: values for name, values in links.items() if any(v.chosen or v.count < results.total for v in values)}


def _links(name: str, results: Results) -> Iterator[FacetLink]:
    """The values of one facet; their addresses differ in that value alone, which is why the rest is encoded once."""
    query = replace(results.query, page=1)
    own = ("from", "to", "date") if name == "year" else (name,)
    kept = urlencode({key: value for key, value in to_arguments(query).items() if key not in own})
    lifted, chosen = f"{request.script_root}/search?{kept}", _chosen(query, name)
    for counted in results.facets.get(name, ()):
        filtered = f"{lifted}{'&' if kept else ''}{_filter(name, counted.value)}"
        is_chosen = counted.value == chosen
        yield FacetLink(counted.value, counted.count, lifted if is_chosen else filtered, is_chosen)


def _chosen(query: Query, name: str) -> str:
    """The value of a facet that `query` is narrowed to; empty for none."""
    if name != "year":
        return str(getattr(query, name))
    year = str(query.from_date.year) if query.from_date else ""
    return year if year and with_filter(query, "year", year) == query else ""


def _filter(name: str, value: str) -> str:
    """The arguments that narrow a search to one value of a facet."""
    return f"from={value}-01-01&to={value}-12-31" if name == "year" else f"{name}={quoted(value)}"
