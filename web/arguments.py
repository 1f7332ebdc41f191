"""What a request asks for: query arguments to a `Query` and back, in one place for pages, feeds and API."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from apiflask import Schema
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load
from marshmallow.validate import Length, OneOf, Range

from archive.errors import BadInput
from archive.models import DateKind, Query, Sort, Validity
from archive.search.dates import parse_span
from archive.search.engine import MAX_PER_PAGE
from web.language import gettext

# Characters of a query: up to twelve bytes each in an address, which servers take up to 8,190 of.
MAX_QUERY = 600
# Deeper than anyone reads; a whole result is exported instead. Bounds what one request can cost.
MAX_DEPTH = 10_000

# Nobody searches for them, and a database may refuse them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Day(fields.String):
    """A date of which month and day may be missing: then it is the first or, with `last`, the last day meant."""

    def __init__(self, *, last: bool = False, **given: Any) -> None:
        super().__init__(**given)
        self.last = last

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        try:
            span = parse_span(value)
        except BadInput as error:
            raise self.make_error("invalid") from error
        day = span.last if self.last else span.first
        if day is None:
            raise self.make_error("invalid")
        return day


def _text(about: str, name: str | None = None, longest: int = 200, **given: Any) -> fields.String:
    return fields.String(
        data_key=name,
        validate=Length(max=longest, error=_l("最多 %(longest)s 个字。", longest=longest)),
        error_messages={"required": _l("这个参数不能少。")},
        metadata={"description": about},
        **given,
    )


def _day(about: str, name: str | None, *, last: bool) -> _Day:
    wrong = {"invalid": _l("日期写成 2008、2008-06 或 2008-06-19。")}
    forms = [{"format": "date"}, {"pattern": "^[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?$"}]
    return _Day(data_key=name, last=last, error_messages=wrong, metadata={"description": about, "anyOf": forms})


def _choice(kind: type[DateKind] | type[Sort], about: str, name: str | None = None) -> fields.Enum[Any]:
    wrong = {"unknown": _one_of(kind)}
    return fields.Enum(kind, by_value=True, data_key=name, error_messages=wrong, metadata={"description": about})


def _one_of(values: Iterable[str]) -> LazyString:
    return _l("可用的值：%(values)s。", values=", ".join(values))


def _count(about: str, highest: int, **given: Any) -> fields.Integer:
    wrong = _l("写 1 到 %(highest)s 之间的整数。", highest=highest)
    return fields.Integer(
        validate=Range(1, highest, error=wrong),
        error_messages={"invalid": wrong},
        metadata={"description": about},
        **given,
    )


class _Arguments(Schema):
    """Unknown arguments are not read."""

    class Meta:
        unknown = "exclude"

    @post_load
    def clean(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: CONTROL.sub("", value).strip() if type(value) is str else value for name, value in values.items()}


class SearchArguments(_Arguments):
    """The query arguments of a search, named as the API documents them."""

    text = _text('Words, "phrases", AND, OR, NOT, field:word; see the page on the query language.', "q", MAX_QUERY)
    number = _text("Document number in any spelling, whole or in part (608号, 国税函〔2008〕).")
    from_date = _day("First day: 2008, 2008-06 or 2008-06-19.", "from", last=False)
    to_date = _day("Last day, inclusive, in the same forms.", "to", last=True)
    date_kind = _choice(DateKind, "Which date `from` and `to` speak of.", "date")
    topic = _text("Topic, as in the facets.")
    authority = _text("Issuing authority, as in the facets.")
    kind = _text("Kind of document, as in the facets.")
    validity = fields.String(
        validate=OneOf(list(Validity), error=_one_of(Validity)), metadata={"description": "Whether it is in force."}
    )
    in_force_on = _day("Day on which they were in force; of a month or a year, its last day.", None, last=True)
    sort = _choice(Sort, "Order of the results.")
    page = _count("Page, from 1.", MAX_DEPTH)
    per_page = _count(f"Results a page, at most {MAX_PER_PAGE}.", MAX_PER_PAGE)


class SuggestArguments(_Arguments):
    q = _text("What was typed so far, in characters or pinyin initials.", longest=MAX_QUERY, load_default="")
    limit = _count("At most so many.", 20, load_default=8)


class ResolveArguments(_Arguments):
    number = _text("A document number in any spelling, whole or in part, or an id.", required=True)


class CiteBody(Schema):
    """A text to check."""

    text = _text("A text that cites notices.", longest=150_000, required=True)


SEARCH = SearchArguments()
EMPTY = Query()
# Each attribute of a query, the argument for it, and the value that need not be said.
NAMES = [(name, field.data_key or name, getattr(EMPTY, name)) for name, field in SEARCH.fields.items()]


def filled_in(arguments: Mapping[str, str]) -> dict[str, str]:
    """The arguments without those that are blank: a form sends all its fields."""
    return {name: value for name, value in arguments.items() if value.strip()}


def read_arguments(schema: Schema, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that `schema` describes; raises BadInput naming the first that is wrong or missing."""
    try:
        values: dict[str, Any] = schema.load(arguments)
    except ValidationError as error:
        name, reason = next(iter(error.messages_dict.items()))
        remedy = reason[0] if isinstance(reason, list) else reason
        raise BadInput(gettext("参数 %(name)s 无法识别。", name=name), str(remedy)) from error
    return values


def read_query(arguments: Mapping[str, str]) -> Query:
    """The query that the arguments of a request ask for; raises BadInput."""
    query = Query(**read_arguments(SEARCH, arguments))
    if query.page * query.per_page > MAX_DEPTH:
        raise BadInput(
            gettext("只能翻到第 %(depth)s 条结果。", depth=MAX_DEPTH), gettext("请缩小检索范围，或导出全部结果。")
        )
    return query


def to_arguments(query: Query) -> dict[str, Any]:
    """The arguments that `read_query` reads `query` from, without those that say nothing."""
    said = {name: value for attribute, name, unsaid in NAMES if (value := getattr(query, attribute)) != unsaid}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


def encoded(query: Query) -> str:
    """`to_arguments` as they stand in an address."""
    return "&".join(f"{name}={quoted(str(value))}" for name, value in to_arguments(query).items())


@lru_cache(maxsize=4096)
def quoted(value: str) -> str:
    """The value of an argument as it stands in an address; the same few stand in all addresses of a page."""
    return quote_plus(value)
