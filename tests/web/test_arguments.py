"""A link or a form asks for exactly what it says, and a mistake in it is named."""

from datetime import date
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import BadInput
from archive.models import DateKind, Query, Sort, Validity
from web.arguments import MAX_DEPTH, MAX_QUERY, filled_in, read_query, to_arguments

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(str.strip)
days = st.none() | st.dates(date(1000, 1, 1))
queries = st.builds(
    Query,
    text=texts,
    number=texts,
    from_date=days,
    to_date=days,
    date_kind=st.sampled_from(DateKind),
    topic=texts,
    authority=texts,
    kind=texts,
    validity=st.sampled_from(["", *Validity]),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 100),
    per_page=st.integers(1, 100),
)


@given(queries)
def test_every_state_of_a_search_survives_its_url(query: Query) -> None:
    arguments = {name: str(value) for name, value in to_arguments(query).items()}
    assert read_query(arguments) == query


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2008", date(2008, 1, 1), date(2008, 12, 31)),
        ("2008年", date(2008, 1, 1), date(2008, 12, 31)),
        ("２００８", date(2008, 1, 1), date(2008, 12, 31)),
        ("2008-2", date(2008, 2, 1), date(2008, 2, 29)),
        ("2008年12月", date(2008, 12, 1), date(2008, 12, 31)),
        (" 2008-06-19 ", date(2008, 6, 19), date(2008, 6, 19)),
        ("2008年6月19日", date(2008, 6, 19), date(2008, 6, 19)),
        ("2008.6.19", date(2008, 6, 19), date(2008, 6, 19)),
    ],
)
def test_a_date_is_understood_as_people_type_it(typed: str, first: date, last: date) -> None:
    query = read_query({"from": typed, "to": typed})
    assert (query.from_date, query.to_date) == (first, last)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "2008-13"),
        ("to", "2009-02-29"),
        ("from", "昨天"),
        ("from", "..2008"),
        ("date", "born"),
        ("validity", "maybe"),
        ("sort", "random"),
        ("page", "0"),
        ("page", "x"),
        ("page", "1" * 5000),
        ("per_page", "101"),
        ("q", "税" * 1001),
    ],
)
def test_a_wrong_argument_is_named_with_what_to_write_instead(app: Flask, name: str, value: str) -> None:
    with app.test_request_context(), pytest.raises(BadInput) as raised:
        read_query({name: value})
    assert f" {name} " in raised.value.message
    assert raised.value.remedy


def test_the_longest_query_fits_into_an_address() -> None:
    """The server would refuse what the page lets one type."""
    assert len(f"GET /search?q={quote(chr(0x20000) * MAX_QUERY)} HTTP/1.1") < 8190


def test_depth_is_bounded(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(BadInput):
        read_query({"page": str(MAX_DEPTH // 100 + 1), "per_page": "100"})


def test_blank_fields_of_a_form_ask_for_nothing() -> None:
    assert read_query(filled_in({"q": " ", "from": "", "page": "", "topic": "\x00", "unknown": "x"})) == Query()
