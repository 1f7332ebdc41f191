"""Revised editions are kept apart, and what captures disagree on is shown."""

import json
from datetime import date
from pathlib import Path

import pytest

from archive.editions import Edition, edition_of
from archive.export import notice_to_dict
from archive.models import Conflict, Damage, DateEvidence, Notice, RawNotice, Validity
from archive.pipeline import read_line
from archive.store import Store, open_store
from archive.writer import writing
from tests.store.building import A, B, put, ref, told

FIRST = "第一条 纳税人应当自行申报。\n第二条 申报期限为十日。\n第三条 本办法自发布之日起施行。"
NOTE = "（2008年6月19日国税函〔2008〕608号发布 根据2018年6月15日《国家税务总局关于修改部分税收规范性文件的公告》修正）"
REVISED = f"{NOTE}\n{FIRST.replace('十日', '十五日')}"


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("办法", FIRST, Edition()),
        ("办法", REVISED, Edition(2018, date(2018, 6, 15))),
        ("办法（2016年修订）", FIRST, Edition(2016)),
        (
            "办法",
            "(根据2011年10月28日财政部令第65号第一次修订 根据财政部令2016年第82号第二次修订)\n" + FIRST,
            Edition(2016),
        ),
        ("办法", "根据2011年10月28日国务院决定修改的条例，现通知如下。", Edition()),
    ],
)
def test_edition_is_what_the_copy_says_of_its_revision(title: str, body: str, expected: Edition) -> None:
    assert edition_of(RawNotice(title, body)) == expected


def notice_in(store: Store) -> Notice:
    (notice,) = store.notices()
    return notice


def test_revised_text_is_the_notice_and_the_first_one_is_kept(store: Store) -> None:
    """Merged, the older text would win where more sites carry it, and the present law would be lost."""
    put(store, ref("old"), told(A, FIRST))
    put(store, ref("new", day=2), told(A, REVISED))
    put(store, ref("older", day=3), told(A, FIRST))
    notice = notice_in(store)
    assert (notice.body, notice.source) == (REVISED, "new")
    assert notice.edition.startswith("根据2018年6月15日")
    assert [(one.note, one.revised_on, one.body) for one in notice.versions] == [("", None, FIRST)]
    assert len(notice.captures) == 3


def test_copy_of_the_revised_text_without_its_note_is_no_version(store: Store) -> None:
    put(store, ref("a"), told(A, REVISED))
    put(store, ref("b"), told(A, REVISED.removeprefix(NOTE + "\n")))
    assert (notice_in(store).body, notice_in(store).versions) == (REVISED, ())


def test_validity_of_an_earlier_edition_is_not_that_of_the_latest(store: Store) -> None:
    """A page that keeps the first edition as 失效 would kill the revised one, or be shown to contradict it."""
    put(store, ref("old"), told(A, FIRST, validity=Validity.REPEALED, expires_on=date(2018, 6, 15)))
    put(store, ref("new"), told(A, REVISED))
    notice = notice_in(store)
    assert (notice.validity, notice.expires_on, notice.ceased_on) == (Validity.UNKNOWN, None, None)
    assert notice.conflicts == ()


def test_everything_comes_back_from_an_export(store: Store, tmp_path: Path) -> None:
    """Whoever moves an archive by export and import would lose the older texts, doubts and evidence."""
    evidence = (DateEvidence("issued_on", "2008年6月19日"),)
    told_by_old = told(A, FIRST, issued_on=date(2008, 6, 19), evidence=evidence)
    told_by_new = told(
        A, REVISED, issued_on=date(2008, 6, 20), validity=Validity.IN_FORCE, recipients="各省", contacts=("电话",)
    )
    put(store, ref("old"), told_by_old)
    put(store, ref("older"), told_by_old)
    put(store, ref("new"), told_by_new)
    put(store, ref("newer"), told(A, REVISED, validity=Validity.REPEALED, attachments=("表",)))
    put(store, ref("b"), told(B, f"自发布之日起,{A}同时废止。", issued_on=date(2020, 1, 4)))
    exported = notice_to_dict(store.notice(A.slug))
    assert exported["conflicts"]
    assert (exported["validity"], exported["stated"], exported["ceased_on"]) == ("repealed", "in_force", "2020-01-04")
    put(store, ref("b"))
    exported = notice_to_dict(notice_in(store))
    exported = notice_to_dict(notice_in(store))
    editions = read_line(json.dumps(exported).encode(), 1_000_000)
    assert not isinstance(editions, str)
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with writing(other) as transaction:
        transaction.put_imported(editions)
    assert notice_to_dict(notice_in(other)) == exported
    other.close()


def test_note_that_only_a_worse_copy_has_comes_back_too(store: Store, tmp_path: Path) -> None:
    """The text of 2018 would be imported as that of 2008, and the first one as another copy of it."""
    more = "\n第四条 纳税人应当按照主管税务机关的规定报送资料，并对资料的真实性负责。" * 4
    put(store, ref("old"), told(A, FIRST + more, topics=("申报",)))
    put(store, ref("new"), told(A, REVISED + more, damage=(Damage(0, "（", "torn"),), topics=("申报",)))
    put(store, ref("better"), told(A, REVISED.removeprefix(NOTE + "\n") + more, topics=("申报",)))
    exported = notice_to_dict(notice_in(store))
    assert (exported["source"], exported["edition"][:12], len(exported["versions"])) == (
        "better",
        "根据2018年6月15日",
        1,
    )
    editions = read_line(json.dumps(exported).encode(), 1_000_000)
    assert not isinstance(editions, str)
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with writing(other) as transaction:
        transaction.put_imported(editions)
    assert notice_to_dict(notice_in(other)) == exported
    other.close()


def test_id_of_copies_without_a_number_comes_back_from_an_export(store: Store) -> None:
    """The id is that of the first copy, the text that of the best: an address in use would lead nowhere."""
    longer = "\n".join(f"第{n}条 纳税人应当按照本办法的有关规定办理第{n}类事项。" for n in "一二三四五六七八九")
    put(store, ref("a"), told(None, longer, damage=(Damage(0, "第", "torn"),)))
    put(store, ref("b", day=2), told(None, longer + "\n附则另行公布。"))
    notice = notice_in(store)
    assert notice.source == "b"
    editions = read_line(json.dumps(notice_to_dict(notice)).encode(), 1_000_000)
    assert not isinstance(editions, str)
    assert editions[0][0].notice_id == notice.id


def test_date_in_the_year_of_the_number_wins_and_the_others_are_shown(store: Store) -> None:
    """Two re-posters who give the day of their page would outvote the one who copied the signature."""
    right, wrong = date(2008, 6, 19), date(2014, 12, 1)
    put(store, ref("a"), told(A, FIRST, issued_on=right))
    put(store, ref("b"), told(A, FIRST, issued_on=wrong, validity=Validity.IN_FORCE))
    put(store, ref("c"), told(A, FIRST, issued_on=wrong))
    notice = notice_in(store)
    assert notice.issued_on == right
    assert notice.conflicts == (Conflict("issued_on", "2014-12-01", ("b", "c")),)
