"""Many captures, one notice: the choice of the best, and that the order of arrival has no part in it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.clean.changes import undo
from archive.merge import Evidence, Imported, merge
from archive.models import CaptureRef, CaptureSummary, Damage, DateEvidence, Notice, Validity
from archive.store import Store, open_store
from tests.store.building import A, put, ref, told

BODY = "第一段,写得完整。\n第二段,也写得完整。\n第三段。"
DAMAGED = (Damage(0, "?", "a lost byte"),)


def said(source: str, body: str = BODY, day: int = 1, **fields: object) -> Evidence:
    """What a capture of `source` tells of notice A."""
    moment = datetime(2020, 1, day, tzinfo=UTC)
    return Evidence(
        hash((source, body, day)), told(A, body, **fields), CaptureSummary(source, moment, f"{source}{body}")
    )


def body_of(*evidence: Evidence) -> str:
    return merge(A.slug, evidence).notice.body


def test_undamaged_reading_gives_the_body() -> None:
    assert body_of(said("a", BODY.replace("完", "?"), damage=DAMAGED), said("b")) == BODY


def test_damaged_place_is_filled_from_another_copy(store: Store) -> None:
    """Two damaged copies hold the whole notice between them, and the reader would get neither."""
    one, two = BODY.replace("第一段,写", "第一段,?"), BODY.replace("第三段", "第?段").replace("第二段,也", "第?段,也")
    put(store, ref("a"), told(A, one, damage=(Damage(4, "?", "lost byte"),)))
    second = (Damage(two.index("?"), "?", "lost byte"), Damage(two.rindex("?"), "?", "lost byte"))
    put(store, ref("b"), told(A, two, damage=second))
    notice = store.notice(A.slug)
    assert notice is not None
    assert (notice.body, notice.damage, notice.source) == (BODY, 0, "a")
    reading = store.reading(A.slug)
    assert reading is not None
    assert (reading.raw.body, reading.raw.damage) == (BODY, ())
    assert undo(reading.raw.body, reading.raw.changes) == one
    assert [(change.step, change.reason) for change in reading.raw.changes] == [("other copy", "from b")]


def test_fragment_does_not_win_by_being_clean() -> None:
    """A torn copy would hide two thirds of the notice."""
    whole = BODY.replace("完", "?")
    assert body_of(said("a", whole, damage=DAMAGED), said("b", "第一段。")) == whole


def test_text_that_most_copies_agree_on_wins_over_left_over_boilerplate() -> None:
    assert body_of(said("a", BODY + "\n友情链接"), said("b"), said("c", BODY.replace(",", "，"))) in {
        BODY,
        BODY.replace(",", "，"),
    }


def test_longer_of_two_readings_gives_the_body() -> None:
    """With nothing to decide by, a sentence too many is better than one lost."""
    assert body_of(said("a", BODY), said("b", BODY + "\n第四段。")) == BODY + "\n第四段。"


def test_latest_capture_of_a_source_speaks_for_it() -> None:
    """A page that was corrected would be outvoted by its own past."""
    old, new = said("a", BODY + "\n错误的一段,后来删去。", day=1), said("a", BODY, day=2)
    merged = merge(A.slug, [new, old])
    assert (merged.notice.body, merged.key) == (BODY, new.key)
    assert len(merged.notice.captures) == 2


def test_captured_reading_wins_over_an_imported_one_like_it() -> None:
    imported = Evidence(1, told(A, BODY), Imported("https://example.test/"))
    notice = merge(A.slug, [imported, said("a")]).notice
    assert notice.source == "a"


def test_fields_are_what_most_readings_say() -> None:
    """One re-poster's wrong date or title would stand for all."""
    right, wrong = date(2008, 6, 19), date(2014, 12, 1)
    notice = merge(
        A.slug,
        [
            said("a", title="错误的标题", issued_on=wrong, authorities=()),
            said("b", issued_on=right, authorities=("国家税务总局",), kind="通知"),
            said("c", issued_on=right, authorities=("国家税务总局",), validity=Validity.REPEALED),
        ],
    ).notice
    assert (notice.title, notice.issued_on, notice.kind) == ("关于测试的通知", right, "通知")
    assert (notice.authorities, notice.validity) == (("国家税务总局",), Validity.REPEALED)


def test_evidence_of_a_date_is_that_of_a_capture_that_gives_it() -> None:
    """The reader who checks a date would be shown the words that gave another one."""
    right, wrong = date(2008, 6, 19), date(2008, 12, 1)
    notice = merge(
        A.slug,
        [
            said("a", issued_on=wrong, evidence=(DateEvidence("issued_on", "二〇〇八年十二月一日"),)),
            said("b", BODY[:-1], issued_on=right),
            said("c", BODY[:-2], issued_on=right, evidence=(DateEvidence("issued_on", "2008-06-19"),)),
        ],
    ).notice
    assert (notice.source, notice.issued_on) == ("a", right)
    assert notice.evidence == (DateEvidence("issued_on", "2008-06-19"),)


def test_publication_is_the_earliest_date_that_can_be() -> None:
    issued = date(2008, 6, 19)
    days = (date(2014, 12, 1), date(2008, 6, 20), date(2001, 1, 1))
    notice = merge(A.slug, [said(str(day), issued_on=issued, published_on=day) for day in days]).notice
    assert notice.published_on == date(2008, 6, 20)


readings = st.builds(
    said,
    source=st.sampled_from("abcd"),
    body=st.sampled_from(
        [BODY, BODY + "\n第四段。", "第一段。", BODY.replace("完", "?"), f"(根据2018年6月15日国务院决定修订)\n{BODY}"]
    ),
    day=st.integers(1, 3),
    title=st.sampled_from(["关于测试的通知", "关於测试的通知"]),
    issued_on=st.sampled_from([None, date(2008, 6, 19), date(2008, 6, 20)]),
    published_on=st.sampled_from([None, date(2008, 6, 25), date(2014, 12, 1)]),
    authorities=st.sampled_from([(), ("国家税务总局",), ("财政部", "国家税务总局")]),
    damage=st.sampled_from([(), DAMAGED]),
)


@given(
    st.lists(readings, min_size=1, max_size=6, unique_by=lambda one: one.order[:3]).flatmap(
        lambda found: st.tuples(st.just(found), st.permutations(found))
    )
)
def test_merging_does_not_depend_on_order(orders: tuple[list[Evidence], list[Evidence]]) -> None:
    """Two archives of the same captures would disagree."""
    first, second = orders
    assert merge(A.slug, first) == merge(A.slug, second)


@given(st.permutations(range(4)))
@settings(max_examples=8, deadline=None)
def test_store_does_not_depend_on_the_order_of_arrival(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    captures = [
        (ref("a"), told(A, BODY, damage=DAMAGED)),
        (ref("b"), told(A, BODY + "\n根据国税发〔2011〕2号执行。")),
        (ref("b", "again", day=2), told(A, BODY)),
        (ref("c"), told(None, BODY)),
    ]
    expected = _archived(tmp_path_factory.mktemp("in order"), captures)
    assert _archived(tmp_path_factory.mktemp("permuted"), [captures[n] for n in order]) == expected


def _archived(folder: Path, captures: list[tuple[CaptureRef, object]]) -> list[Notice]:
    store = open_store(f"sqlite:///{folder / 'store.sqlite3'}")
    for capture, one in captures:
        put(store, capture, one)  # type: ignore[arg-type]
    notices = list(store.notices())
    store.close()
    return notices
