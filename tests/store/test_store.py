"""The store is the truth: what is lost or wrong here is wrong everywhere."""

from dataclasses import replace
from datetime import date

import pytest

from archive.captured import all_captures, line_counts, lines_on
from archive.database import BATCH
from archive.errors import InvalidNumber, NotFound
from archive.merge import Imported
from archive.models import Change, DateEvidence, FacetCount, Relation, Validity
from archive.numbers import PartialNumber, parse_number
from archive.store import Store, Tie
from archive.writer import Fate, writing
from tests.store.building import A, B, put, put_all, ref, told


def test_notice_comes_back_as_it_was_told(store: Store) -> None:
    """Else export, search and page show something that no capture says."""
    change = Change("pinyin", 1, "(guó)", "", "a reading of 國")
    one = told(
        A,
        "各省:\n现通知如下。",
        authorities=("国家税务总局", "财政部"),
        kind="通知",
        issued_on=date(2008, 6, 19),
        published_on=date(2014, 12, 1),
        effective_on=date(2008, 7, 1),
        expires_on=date(2011, 9, 21),
        validity=Validity.IN_FORCE,
        recipients="各省",
        contacts=("联系人：张三 010-12345678",),
        attachments=("证书",),
        evidence=(
            DateEvidence("issued_on", "二〇〇八年六月十九日"),
            DateEvidence("expires_on", "有效期至2011年9月21日"),
        ),
        changes=(change,),
        topics=("纳税服务",),
    )
    assert put(store, ref("a"), one) == {A.slug: Fate.ARCHIVED}
    notice = store.notice(A.slug)
    assert notice is not None
    for field in (
        "title",
        "body",
        "number",
        "authorities",
        "kind",
        "issued_on",
        "published_on",
        "effective_on",
        "expires_on",
        "validity",
        "recipients",
        "contacts",
        "attachments",
        "evidence",
    ):
        assert getattr(notice, field) == getattr(one.raw, field)
    assert (notice.topics, notice.ceased_on) == (("纳税服务",), date(2011, 9, 22))
    assert (notice.source, [capture.source for capture in notice.captures]) == ("a", ["a"])
    reading = store.reading(A.slug)
    assert reading is not None
    assert (reading.raw, reading.capture) == (replace(one.raw, changes=(change,)), ref("a"))


def test_same_capture_twice_is_one_capture(store: Store) -> None:
    """A second run of the same command may not count or change anything."""
    put(store, ref("a"), told(A, "正文"))
    assert put(store, ref("a"), told(A, "正文")) == {A.slug: Fate.UNCHANGED}
    assert store.stats().captures == 1
    assert store.revision() == 1


def test_each_change_gets_the_next_revision(store: Store) -> None:
    """An index that trusts revisions would miss the notice for ever."""
    put(store, ref("a"), told(A, "正文"))
    put(store, ref("b"), told(B, "另一正文"))
    assert store.revision() == 2
    put(store, ref("a", "new", day=2), told(A, "改正后的正文"))
    assert store.changed_ids(2) == ((A.slug,), ())


def test_reads_of_one_moment_do_not_see_what_changes_meanwhile(store: Store) -> None:
    """Else a page shows the text of one state beside the validity of another."""
    put(store, ref("a"), told(A, "正文"))
    with store.at_one_moment() as held:
        before = held.notice(A.slug)
        put(store, ref("a", "new", day=2), told(A, "改正后的正文"))
        assert before
        assert (held.notice(A.slug), held.revision()) == (before, 1)
    assert store.notice(A.slug) != before


def test_notice_no_longer_found_leaves_a_tombstone(store: Store) -> None:
    """Else the index shows a notice that the archive has not."""
    put(store, ref("a"), told(A, "正文"))
    assert put(store, ref("a")) == {A.slug: Fate.REMOVED}
    assert store.notice(A.slug) is None
    assert store.changed_ids(1) == ((), (A.slug,))
    put(store, ref("b"), told(A, "正文"))
    assert store.changed_ids(1)[1] == ()


def test_citation_is_resolved_whichever_notice_comes_first(store: Store) -> None:
    """The reader clicks on a citation and gets nowhere, though the notice is there."""
    put(store, ref("a"), told(A, "根据《关于乙事项管理的规定》和国税发〔2011〕2号执行。"))
    assert [citation.id for citation in _notice(store, A.slug).citations] == [None, None]
    before = store.revision()
    put(store, ref("b"), told(B, "正文", "国家税务总局关于乙事项管理的规定"))
    assert [citation.id for citation in _notice(store, A.slug).citations] == [B.slug, B.slug]
    assert A.slug in set(store.changed_ids(before)[0])
    assert [citing.id for citing in store.citing(B.slug)] == [A.slug]


def test_citation_of_a_removed_notice_is_unresolved_again(store: Store) -> None:
    put_all(store, [(ref("a"), [told(A, "按国税发〔2011〕2号执行。")]), (ref("b"), [told(B, "正文")])])
    assert _notice(store, A.slug).citations[0].id == B.slug
    put(store, ref("b"))
    assert _notice(store, A.slug).citations[0].id is None


def test_title_of_two_notices_resolves_to_neither(store: Store) -> None:
    """A link to the wrong one of two notices is worse than none."""
    title = "关于乙事项管理的规定"
    put(store, ref("a"), told(A, f"根据《{title}》执行。"))
    put(store, ref("b"), told(B, "正文", title))
    assert _notice(store, A.slug).citations[0].id == B.slug
    put(store, ref("c"), told(None, "另一正文", title))
    assert _notice(store, A.slug).citations[0].id is None


def test_repeal_by_a_later_notice_changes_validity_and_says_why(store: Store) -> None:
    """An accountant acts on a notice that fell years ago."""
    put(store, ref("a"), told(A, "正文", validity=Validity.IN_FORCE, issued_on=date(2008, 6, 19)))
    assert _notice(store, A.slug).validity is Validity.IN_FORCE
    repeal = told(B, "自本通知发布之日起,国税函〔2008〕608号同时废止。", issued_on=date(2011, 1, 4))
    assert repeal.citations[0].relation is Relation.REPEALS
    before = store.revision()
    put(store, ref("b"), repeal)
    assert _notice(store, A.slug).validity is Validity.REPEALED
    assert set(store.changed_ids(before)[0]) == {A.slug, B.slug}
    assert "国税发〔2011〕2号" in store.validity(A.slug).reasons[0].text
    assert _notice(store, A.slug).ceased_on == store.validity(A.slug).ceased_on == date(2011, 1, 4)
    put(store, ref("b", "corrected", day=2), replace(repeal, raw=replace(repeal.raw, issued_on=date(2011, 2, 1))))
    assert _notice(store, A.slug).ceased_on == date(2011, 2, 1)
    put(store, ref("b"))
    put(store, ref("b", "corrected", day=2))
    assert (_notice(store, A.slug).validity, _notice(store, A.slug).ceased_on) == (Validity.IN_FORCE, None)
    with pytest.raises(NotFound):
        store.validity("nothing")


def test_imported_notice_stays_and_has_no_reading(store: Store) -> None:
    with writing(store) as transaction:
        transaction.put_imported([(told(A, "正文"), Imported("https://example.test/608"))])
    assert _notice(store, A.slug).source == "https://example.test/608"
    assert store.reading(A.slug) is None
    with writing(store) as transaction:
        transaction.put_imported([(told(A, "改正"), Imported("https://example.test/608"))])
    assert (_notice(store, A.slug).body, store.stats().imported) == ("改正", 1)


def test_broken_transaction_leaves_nothing_behind(store: Store) -> None:
    """Half a batch would be a notice without its capture."""

    def write() -> None:
        with writing(store) as transaction:
            transaction.add_captures([(ref("a"), "site")])
            transaction.put_imported([(told(A, "正文"), Imported("x"))])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert (store.revision(), store.stats().captures, store.count()) == (0, 0, 0)


def test_resolve_takes_ids_numbers_and_parts_of_numbers(store: Store) -> None:
    put_all(store, [(ref("a"), [told(A, "甲")]), (ref("b"), [told(B, "乙"), told(None, "丙")])])
    for text in ("国税函〔2008〕608号", "國稅函﹝2008﹞608號", "Guoshuihan [2008] 608", A.slug, "608号"):
        assert store.resolve(text) == (A.slug,)
    text_id = next(notice.id for notice in store.notices() if notice.id.startswith("text-"))
    assert store.resolve(text_id) == (text_id,)
    assert store.resolve("国税函〔2009〕1号") == ()
    for nonsense in ("胡言乱语", "\udcff", ""):
        with pytest.raises(InvalidNumber):
            store.resolve(nonsense)


def test_near_numbers_are_suggested_nearest_first(store: Store) -> None:
    put_all(store, [(ref("a"), [told(A, "甲")]), (ref("b"), [told(B, "乙")])])
    assert store.near(PartialNumber("国税函", 2008, 609)) == (str(A),)
    assert store.near(PartialNumber("国税发", 2008, 608)) == (str(A),)
    assert store.near(PartialNumber("财税", 1999, 1)) == ()


def test_notices_come_by_id_and_all_of_them(store: Store) -> None:
    """A notice skipped between two batches would be missing from every export and index."""
    count = BATCH + 3
    put_all(store, [(ref(f"{n}"), [told(None, f"正文{n}")]) for n in range(count)])
    ids = [notice.id for notice in store.notices()]
    assert len(set(ids)) == count
    assert ids == sorted(ids)
    assert [notice.id for notice in store.by_id(ids)] == ids
    assert len({one.key for one in all_captures(store)}) == count


def test_counts_for_the_front_page(store: Store) -> None:
    put(store, ref("a"), told(A, "甲", topics=("增值税", "发票"), issued_on=date(2008, 6, 19)))
    put(store, ref("b"), told(B, "乙", topics=("增值税",), published_on=date(2011, 1, 4)))
    put(store, ref("c"))
    assert store.topics() == (FacetCount("增值税", 2), FacetCount("发票", 1))
    assert [notice.id for notice in store.newest(5)] == [B.slug, A.slug]
    stats = store.stats()
    assert (stats.notices, stats.captures, stats.rejections) == (2, 3, {"list": 1})


def test_lines_are_counted_by_site(store: Store) -> None:
    """Boilerplate learned on one site would cut text from another."""
    for site in ("one", "two", "one"):
        with writing(store) as transaction:
            transaction.count_lines(site, {1: 1, -(2**63): 2})
    assert line_counts(store, "one", [1, -(2**63), 3]) == {1: 2, -(2**63): 4}
    assert lines_on(store, "one", 3) == {-(2**63)}
    assert lines_on(store, "two", 3) == frozenset()


def test_what_changes_a_notice_most_is_named_first(store: Store) -> None:
    """Of a notice cited a thousand times the page shows twenty: the repeal may not be among the rest."""
    put(store, ref("a"), told(A, "正文", issued_on=date(2008, 6, 19)))
    mention = "按国税函〔2008〕608号执行。又按国税函〔2008〕608号执行。"
    for serial in range(1, 5):
        put(store, ref(f"{serial}"), told(replace(B, serial=serial), mention, issued_on=date(2012, 1, serial)))
    put(
        store,
        ref("b"),
        told(replace(B, serial=9), mention + "国税函〔2008〕608号同时废止。", issued_on=date(2011, 1, 4)),
    )
    found = store.citing(A.slug)
    assert [(one.number.serial, one.relation) for one in found if one.number] == [
        (9, Relation.REPEALS),
        *((serial, Relation.MENTIONS) for serial in (4, 3, 2, 1, 9)),
    ]
    assert store.count_citing(A.slug) == 6
    assert store.citing(A.slug, most=2, skip=1) == found[1:3]
    repealing = found[0].id
    assert store.ties([A.slug, repealing]) == (
        Tie(repealing, A.slug, Relation.MENTIONS),
        Tie(repealing, A.slug, Relation.REPEALS),
    )
    assert (store.briefs([A.slug, "nothing"])[A.slug].ceased_on, len(store.briefs(["nothing"]))) == (
        date(2011, 1, 4),
        0,
    )


def test_timeline_of_a_topic_says_what_replaced_what(store: Store) -> None:
    """The reader of a topic would take the notice of 2008 for today's law."""
    put(store, ref("b"), told(B, f"自发布之日起,{A}同时废止。", issued_on=date(2011, 1, 4), topics=("增值税",)))
    put(store, ref("a"), told(A, "正文", issued_on=date(2008, 6, 19), topics=("增值税", "发票")))
    put(store, ref("c"), told(None, "未注明日期的正文", topics=("增值税",)))
    first, second = store.timeline("增值税")
    assert (first.notice.id, [one.new for one in first.replaced_by]) == (A.slug, [B.slug])
    assert (second.notice.number, second.replaced_by) == (B, ())
    assert store.timeline("增值税", most=1, skip=1) == (second,)
    assert store.timeline("契税") == ()
    put(store, ref("a"))
    assert [one.notice.id for one in store.timeline("增值税")] == [B.slug]


def _notice(store: Store, notice_id: str):  # type: ignore[no-untyped-def]
    notice = store.notice(notice_id)
    assert notice is not None
    return notice


def test_succession_goes_on_to_what_is_in_force(store: Store) -> None:
    """The reader of a dead notice would be sent to one that is dead too; a cycle would never end."""
    c = parse_number("国税发〔2015〕3号")
    put(store, ref("a"), told(A, f"第一条 本通知施行后，{c}同时废止。", issued_on=date(2008, 1, 1)))
    put(store, ref("b"), told(B, f"第一条 本通知施行后，{A}同时废止。", issued_on=date(2011, 1, 1)))
    put(store, ref("c"), told(c, f"第一条 本通知施行后，{B}同时废止。", issued_on=date(2015, 1, 1)))
    steps = store.succession(A.slug)
    assert [(step.old, step.new, step.new_name) for step in steps] == [
        (A.slug, B.slug, str(B)),
        (B.slug, c.slug, str(c)),
    ]
    assert store.succession(c.slug) == ()


def test_notice_that_a_file_holds_twice_is_imported_once(store: Store) -> None:
    """Two exports joined into one file would end the import."""
    with writing(store) as transaction:
        for text in ("正文", "改正"):
            transaction.put_imported([(told(A, text), Imported("x"))])
    assert transaction.fates == {A.slug: Fate.ARCHIVED}
    assert [notice.body for notice in store.notices()] == ["改正"]
