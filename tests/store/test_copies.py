"""Copies without a number: one notice however often it was re-posted, and never two notices taken for one."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.copies import NO_LETTER, SHORTEST, are_copies, band_keys, fold, letters
from archive.merge import Told
from archive.models import CaptureRef, Damage, Notice, RawNotice
from archive.numbers import DocumentNumber, parse_number
from archive.store import Store, open_store
from archive.writer import Fate
from tests.store.building import A, B, put, put_all, ref, told

BODY = (
    "各省、自治区、直辖市税务局:\n为进一步规范纳税服务热线的受理工作,现就有关事项通知如下。\n"
    "一、各地应当公布统一的服务电话,由专人负责接听,并逐项登记纳税人提出的问题。\n"
    "二、对不能当场答复的问题,应当在十五日内书面答复纳税人,不得推诿。\n三、本通知自发布之日起执行。"
)
REPOSTED = BODY.replace(",", "，") + "\n本页由热心网友整理上传。"
TORN = BODY.replace("专人负责", "专?负责")
OTHER = (
    BODY.replace("十五日", "三十日").replace("专人负责接听", "值班人员负责接听，录音保存备查").replace("书面", "电话")
)


def raw(
    body: str, title: str = "关于测试的通知", number: DocumentNumber | None = None, day: date | None = None
) -> RawNotice:
    return RawNotice(title, body, number, issued_on=day)


@pytest.mark.parametrize("copy", [REPOSTED, TORN, BODY.replace("\n三、本通知自发布之日起执行。", "")])
def test_copies_are_found_and_told(copy: str) -> None:
    """Each re-poster's copy would stand in the results as a notice of its own."""
    assert set(band_keys(letters(BODY))) & set(band_keys(letters(copy)))
    assert are_copies(raw(BODY), raw(copy))


@given(st.text(alphabet="税務ＡａＺ１2①〇㈠㎡℃％．.，。（）()“—…·_ \u3000\n"))
def test_letters_are_those_of_the_folded_text(text: str) -> None:
    """The id of a notice without a number follows from them: its address would lead nowhere after an update."""
    assert letters(text) == (NO_LETTER.sub("", fold(text)) or fold(text))


THIS_YEAR = BODY + "\n四、2008年执行。"


@pytest.mark.parametrize(
    "other",
    [
        raw(THIS_YEAR, "关于实验的通知", day=date(2008, 1, 1)),
        raw(THIS_YEAR.replace("2008", "2009")),
        raw(THIS_YEAR, day=date(2009, 1, 1)),
        raw(f"为进一步规范发票管理,现就有关事项通知如下。{THIS_YEAR[-60:]}"),
    ],
    ids=["title", "figures", "date", "text"],
)
def test_notices_of_one_pattern_are_no_copies(other: RawNotice) -> None:
    """Last year's notice, or the next province's, would vanish inside this one."""
    assert not are_copies(raw(THIS_YEAR, day=date(2008, 1, 1)), other)
    assert are_copies(raw(THIS_YEAR, day=date(2008, 1, 1)), raw(THIS_YEAR))


def test_short_text_has_no_keys() -> None:
    assert band_keys("字" * (SHORTEST - 1)) == ()


def test_copy_that_lost_its_number_joins_the_notice(store: Store) -> None:
    put(store, ref("a"), told(None, REPOSTED))
    (alone,) = store.notices()
    assert put(store, ref("b"), told(A, BODY)) == {A.slug: Fate.ARCHIVED, alone.id: Fate.REMOVED}
    (notice,) = store.notices()
    assert (notice.number, len(notice.captures)) == (A, 2)
    assert store.changed_ids(0) == ((A.slug,), (alone.id,))


def test_report_on_a_copy_speaks_of_the_notice_it_joined(store: Store) -> None:
    """The archivist would read `archived` though a notice was only given one more capture."""
    put(store, ref("a"), told(A, BODY))
    copy = told(None, REPOSTED)
    assert put(store, ref("b"), copy)[copy.notice_id] is Fate.UPDATED


def test_copy_of_two_numbers_joins_neither(store: Store) -> None:
    """Nothing says which of the two it is: a guess would be silently wrong."""
    for source, number in (("a", A), ("b", B), ("c", None)):
        put(store, ref(source), told(number, BODY))
    assert store.count() == 3


def test_text_under_two_numbers_is_shown_with_both(store: Store) -> None:
    """A re-poster's slip would pass for a notice; the reader must see that one of the numbers is wrong."""
    put(store, ref("a"), told(A, BODY))
    put(store, ref("b"), told(A, REPOSTED))
    put(store, ref("c"), told(B, BODY))
    put(store, ref("d"), told(parse_number("国税函〔2009〕7号"), OTHER))
    assert [notice.number for notice in store.twins(B.slug)] == [A]
    assert [notice.number for notice in store.twins(A.slug)] == [B]
    assert store.twins("nothing") == ()


def test_copies_part_when_the_page_between_them_is_read_otherwise(store: Store) -> None:
    """After a better cleaning, `reparse` must undo what the worse one had put together."""
    put(store, ref("a"), told(None, BODY))
    put(store, ref("b"), told(A, BODY))
    assert store.count() == 1
    put(
        store,
        ref("b"),
        told(A, "另一个文件,与上文毫无关系:关于调整部分商品出口退税率的具体规定另行公布,请各地遵照执行。"),
    )
    assert [notice.number for notice in store.notices()] == [A, None]


CAPTURES: list[tuple[CaptureRef, Told]] = [
    (ref("a", day=3), told(None, BODY)),
    (ref("b", day=2), told(None, REPOSTED, title="国家税务总局关于测试的通知")),
    (ref("c"), told(None, TORN, damage=(Damage(TORN.index("?"), "?", "lost byte"),))),
    (ref("d"), told(A, BODY.replace("\n三、本通知自发布之日起执行。", ""))),
    (ref("e"), told(None, OTHER)),
    (ref("c", "again", day=4), told(None, OTHER)),
]


@given(st.permutations(range(len(CAPTURES))), st.integers(1, 3))
@settings(max_examples=10, deadline=None)
def test_copies_come_together_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], size: int
) -> None:
    """Two archives of the same pages would disagree."""
    expected = _archived(tmp_path_factory.mktemp("in order"), [CAPTURES])
    batches = [[CAPTURES[n] for n in order[at : at + size]] for at in range(0, len(order), size)]
    assert _archived(tmp_path_factory.mktemp("permuted"), batches) == expected


def _archived(folder: Path, batches: list[list[tuple[CaptureRef, Told]]]) -> list[Notice]:
    store = open_store(f"sqlite:///{folder / 'store.sqlite3'}")
    for batch in batches:
        put_all(store, [(capture, [one]) for capture, one in batch])
    notices = list(store.notices())
    store.close()
    return notices
