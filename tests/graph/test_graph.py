"""Validity and succession: readers act on what is in force, so every verdict must show why."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.graph import IncomingCitation, derive_validity, succession
from archive.models import Notice, Relation, Validity

OLD = Notice("guoshuihan-2004-825", "甲", "", issued_on=date(2004, 6, 25))
REPEAL = IncomingCitation("guoshuifa-2011-2", "国税发〔2011〕2号", Relation.REPEALS, date(2011, 1, 4), "附件第15项")
CLAUSES = IncomingCitation(
    "caishui-2009-59", "财税〔2009〕59号", Relation.REPEALS_CLAUSES_OF, date(2009, 1, 1), "第五条"
)


def texts(notice: Notice, incoming: Sequence[IncomingCitation], on: date | None = None) -> list[str]:
    return [reason.text for reason in derive_validity(notice, incoming, on).reasons]


def test_a_repeal_is_given_with_its_reason() -> None:
    finding = derive_validity(OLD, [REPEAL])
    assert finding.validity is Validity.REPEALED
    assert [reason.text for reason in finding.reasons] == ["废止：国税发〔2011〕2号，附件第15项"]
    assert finding.reasons[0].citing == "guoshuifa-2011-2"


def test_clauses_that_fall_leave_the_rest_in_force_until_the_whole_falls() -> None:
    assert derive_validity(OLD, [CLAUSES]).validity is Validity.PARTLY_REPEALED
    assert derive_validity(OLD, [REPEAL, CLAUSES]).validity is Validity.REPEALED
    assert texts(OLD, [REPEAL, CLAUSES]) == [
        "部分条款废止：财税〔2009〕59号，第五条",
        "废止：国税发〔2011〕2号，附件第15项",
    ]


@pytest.mark.parametrize(
    ("on", "validity"),
    [
        (date(2008, 12, 31), Validity.UNKNOWN),
        (date(2009, 1, 1), Validity.PARTLY_REPEALED),
        (date(2011, 1, 4), Validity.REPEALED),
    ],
)
def test_what_was_in_force_on_a_day_counts_only_what_had_taken_effect(on: date, validity: Validity) -> None:
    assert derive_validity(OLD, [REPEAL, CLAUSES], on).validity is validity


def test_a_notice_ends_with_its_own_term() -> None:
    termed = Notice("caishui-2008-1", "乙", "", issued_on=date(2008, 1, 1), expires_on=date(2010, 12, 31))
    assert derive_validity(termed, [], date(2010, 12, 31)).validity is Validity.UNKNOWN
    assert derive_validity(termed, [], date(2011, 1, 1)).validity is Validity.REPEALED
    assert texts(termed, [], date(2011, 1, 1)) == ["有效期至2010-12-31"]


@pytest.mark.parametrize(
    ("incoming", "expires_on", "day"),
    [
        ([], None, None),
        ([CLAUSES], None, None),
        ([REPEAL], None, date(2011, 1, 4)),
        ([], date(2010, 12, 31), date(2011, 1, 1)),
        ([REPEAL], date(2010, 12, 31), date(2011, 1, 1)),
        ([REPEAL, IncomingCitation("x", "丙", Relation.REPEALS, date(2009, 5, 1))], None, date(2009, 5, 1)),
        ([IncomingCitation("x", "丙", Relation.REPEALS, date(2001, 1, 1))], None, None),
        ([IncomingCitation("x", "丙", Relation.REPEALS)], None, None),
        ([], date.max, None),
    ],
)
def test_the_day_from_which_a_notice_no_longer_holds(
    incoming: list[IncomingCitation], expires_on: date | None, day: date | None
) -> None:
    """A search for what was in force on a day would show what had fallen, or hide what had not."""
    notice = Notice(OLD.id, "甲", "", issued_on=OLD.issued_on, expires_on=expires_on)
    assert derive_validity(notice, incoming).ceased_on == day


def test_evidence_that_contradicts_is_shown_and_does_not_count() -> None:
    stated = Notice(OLD.id, "甲", "", issued_on=OLD.issued_on, stated=Validity.IN_FORCE)
    finding = derive_validity(stated, [REPEAL])
    assert finding.validity is Validity.REPEALED
    assert [(reason.text, reason.counts) for reason in finding.reasons] == [
        ("废止：国税发〔2011〕2号，附件第15项", True),
        ("来源页面注明：全文有效（与上项不符）", False),
    ]


def test_a_statement_alone_decides() -> None:
    stated = Notice(OLD.id, "甲", "", stated=Validity.REPEALED)
    assert derive_validity(stated, []).validity is Validity.REPEALED
    assert derive_validity(OLD, []).validity is Validity.UNKNOWN


@pytest.mark.parametrize(
    ("citation", "doubt"),
    [
        (IncomingCitation(OLD.id, "甲", Relation.REPEALS), "不计"),
        (IncomingCitation("guoshuifa-2001-1", "国税发〔2001〕1号", Relation.REPEALS, date(2001, 1, 1)), "早于本文件"),
    ],
)
def test_a_notice_does_not_repeal_itself_or_a_later_one(citation: IncomingCitation, doubt: str) -> None:
    finding = derive_validity(OLD, [citation])
    assert finding.validity is Validity.UNKNOWN
    assert doubt in finding.reasons[0].text


def test_a_repeal_that_reaches_back_counts() -> None:
    """Issued in December with effect from January, it repeals what was issued in June."""
    back = IncomingCitation("x", "丙", Relation.REPEALS, date(2004, 1, 1), issued_on=date(2004, 12, 1))
    assert derive_validity(OLD, [back]).validity is Validity.REPEALED


def test_mentions_say_nothing_about_validity() -> None:
    others = set(Relation) - {Relation.REPEALS, Relation.REPEALS_CLAUSES_OF}
    assert derive_validity(OLD, [IncomingCitation("x", "丙", relation) for relation in others]).reasons == ()


def test_a_chain_of_replacements_is_followed_to_its_end() -> None:
    replaced_by = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["e"]}
    assert succession("a", replaced_by) == (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e"))
    assert succession("e", replaced_by) == ()


IDS = st.sampled_from("abcdefgh")


@settings(max_examples=100)
@given(st.dictionaries(IDS, st.lists(IDS, max_size=6), max_size=8), IDS)
def test_cycles_and_self_citations_do_no_harm(replaced_by: dict[str, list[str]], start: str) -> None:
    pairs = succession(start, replaced_by)
    assert len(set(pairs)) == len(pairs)
    assert all(old != new and new in replaced_by[old] for old, new in pairs)


RELATIONS = st.sampled_from(list(Relation))
DAYS = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2024, 1, 1)))
INCOMING = st.lists(st.builds(IncomingCitation, IDS, IDS, RELATIONS, DAYS, st.just("")), max_size=5)


@settings(max_examples=100)
@given(INCOMING.flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))), DAYS)
def test_the_order_in_which_notices_arrive_does_not_matter(
    orders: tuple[list[IncomingCitation], list[IncomingCitation]], on: date | None
) -> None:
    one, other = orders
    assert derive_validity(OLD, one, on) == derive_validity(OLD, other, on)
