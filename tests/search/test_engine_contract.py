"""What every engine must do, whichever is behind the search box."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive.errors import BadInput, IndexUnavailable
from archive.models import DateKind, Notice, Query, Sort, Validity
from archive.numbers import DocumentNumber
from archive.search import Engine, IndexStatus, open_engine, stale_warning
from archive.words import lexicon_fingerprint
from tests.search.corpus import make_notices
from tests.search.linear import LinearEngine

ENGINES: dict[str, Callable[[Path], Engine]] = {"whoosh": open_engine, "linear": LinearEngine}
NOTICES = make_notices(120)
SEED = Notice(
    id="guoshuihan-2008-608",
    title="关于做好12366全国税务系统专用码号资源使用工作的通知",
    body="现提出如下要求:\n一、积极做好12366碼號資源的備案工作。\n二、咨询电话16080。",
    number=DocumentNumber("国税函", 2008, 608),
    authorities=("国家税务总局",),
    kind="通知",
    issued_on=date(2008, 6, 19),
    published_on=date(2014, 12, 1),
    validity=Validity.IN_FORCE,
    topics=("征收管理",),
)


@pytest.fixture(params=ENGINES, scope="module")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine over all notices; tests only read it."""
    engine = ENGINES[request.param](tmp_path_factory.mktemp("index"))
    with engine.rebuilding([*NOTICES, SEED], 7):
        pass
    return engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """An engine without an index."""
    return ENGINES[request.param](tmp_path / "index")


def ids(engine: Engine, text: str = "", **rest: object) -> list[str]:
    return [hit.notice.id for hit in engine.search(Query(text, per_page=100, **rest)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "number",
    [
        "国税函〔2008〕608号",
        "国税函[2008]608",
        "國稅函﹝2008﹞608號",
        "Guoshuihan [2008] 608",
        "guoshuihan-2008-608",
        "608号",
    ],
)
def test_a_notice_is_found_first_by_its_number_in_any_spelling(shared: Engine, number: str) -> None:
    assert ids(shared, number)[0] == SEED.id
    assert ids(shared, number=number) == [SEED.id]


def test_a_hit_carries_everything_the_index_was_given_but_the_body(shared: Engine) -> None:
    hits = shared.search(Query(per_page=100)).hits
    given = {n.id: replace(n, body="") for n in [*NOTICES, SEED]}
    assert all(hit.notice == given[hit.notice.id] for hit in hits)


@pytest.mark.parametrize(
    "text", ["码号资源", "碼號資源", '"码号资源的备案"', "１２３６６", "标题:码号资源", "做好12366"]
)
def test_words_are_found_in_every_script_and_width(shared: Engine, text: str) -> None:
    assert SEED.id in ids(shared, text)


def test_a_number_in_the_text_is_not_part_of_a_longer_one(shared: Engine) -> None:
    assert SEED.id in ids(shared, "16080")
    assert SEED.id not in ids(shared, "1608")
    assert SEED.id in ids(shared, "1608*")
    assert SEED.id in ids(shared, '"608"'), "a phrase is any part of the text"


def test_matches_are_marked_on_the_original_text(shared: Engine) -> None:
    (hit,) = shared.search(Query('"码号资源的备案工作"')).hits
    assert [text for text, is_match in hit.snippet if is_match] == ["碼號資源的備案工作"]
    assert "".join(text for text, _ in hit.title) == SEED.title


def test_synonyms_find_the_same_notices(shared: Engine) -> None:
    assert ids(shared, "个税") != []
    assert set(ids(shared, "个税")) == set(ids(shared, "个人所得税"))


@pytest.mark.parametrize("kind", list(DateKind))
def test_date_ranges_include_both_ends_and_speak_of_one_kind_of_date(shared: Engine, kind: DateKind) -> None:
    days = {n.id: getattr(n, f"{kind.value}_on") for n in [*NOTICES, SEED]}
    known = sorted(day for day in days.values() if day)
    first, last = known[len(known) // 4], known[len(known) // 2]
    expected = {id_ for id_, day in days.items() if day and first <= day <= last}
    assert set(ids(shared, from_date=first, to_date=last, date_kind=kind)) == expected
    assert set(ids(shared, from_date=first, date_kind=kind)) >= expected


def test_in_force_on_a_day_is_from_its_first_to_before_the_day_it_ceased(engine: Engine) -> None:
    """Else someone who asks for the law of 2010 gets what came later or was gone."""
    first, gone = date(2010, 5, 1), date(2012, 7, 1)
    dated = replace(SEED, id="dated", effective_on=first, ceased_on=gone, validity=Validity.REPEALED)
    issued = replace(SEED, id="issued", issued_on=first, validity=Validity.UNKNOWN)
    repealed = replace(SEED, id="repealed", issued_on=first, validity=Validity.REPEALED)
    undated = replace(SEED, id="undated", issued_on=None, published_on=None)
    with engine.rebuilding([dated, issued, repealed, undated], 1):
        pass
    for day, expected in ((date(2010, 4, 30), set()), (first, {"dated", "issued"}), (gone, {"issued"})):
        assert set(ids(engine, in_force_on=day)) == set(ids(engine, f"有效于:{day}")) == expected
        assert set(ids(engine, f"码号 -有效于:{day}")) == {"dated", "issued", "repealed", "undated"} - expected
        assert set(ids(engine, "码号", in_force_on=day)) == expected


def test_those_of_which_the_days_are_unknown_are_said_to_be_left_out(shared: Engine) -> None:
    day = date(2005, 1, 1)
    unknown = [
        n
        for n in NOTICES
        if (n.effective_on or n.issued_on or day) <= day
        and (n.ceased_on is None or n.ceased_on > day)
        and (not (n.effective_on or n.issued_on) or (n.validity is Validity.REPEALED and not n.ceased_on))
    ]
    reading = shared.search(Query(in_force_on=day)).reading
    assert f"另有 {len(unknown)} 篇" in "".join(reading)
    assert not shared.search(Query()).reading


def test_sorting_by_date_puts_notices_without_one_last(shared: Engine) -> None:
    days = {n.id: n.published_on for n in [*NOTICES, SEED]}
    pages = [
        shared.search(Query(sort=Sort.OLDEST, date_kind=DateKind.PUBLISHED, page=page, per_page=50))
        for page in (1, 2, 3)
    ]
    got = [days[hit.notice.id] for results in pages for hit in results.hits]
    known = [day for day in got if day]
    assert got == sorted(known) + [None] * (len(got) - len(known))


def test_pages_together_are_all_results_each_once(shared: Engine) -> None:
    total = shared.search(Query("税")).total
    seen = [h.notice.id for page in range(1, 20) for h in shared.search(Query("税", page=page, per_page=7)).hits]
    assert len(seen) == len(set(seen)) == total


def test_facets_count_all_results_not_one_page(shared: Engine) -> None:
    results = shared.search(Query(per_page=1))
    counts = {facet.value: facet.count for facet in results.facets["topic"]}
    assert counts["增值税"] == sum("增值税" in n.topics for n in NOTICES)
    for facet in results.facets["validity"]:
        assert shared.search(Query(validity=facet.value)).total == facet.count


@pytest.mark.parametrize("query", [Query(page=0), Query(per_page=0), Query(per_page=101), Query(number="不是文号")])
def test_what_cannot_be_asked_is_refused_with_the_reason(shared: Engine, query: Query) -> None:
    with pytest.raises(BadInput) as error:
        shared.search(query)
    assert error.value.remedy


def test_a_question_finds_the_nearest_when_nothing_has_all_its_words(shared: Engine) -> None:
    results = shared.search(Query("12366码号资源到期以后应该怎么办理火星移民?"))
    assert results.hits[0].notice.id == SEED.id
    assert results.total > 0


def test_title_first_then_what_is_in_force(engine: Engine) -> None:
    old = replace(SEED, id="a-old", number=None, validity=Validity.REPEALED)
    new = replace(SEED, id="b-new", number=None)
    other = replace(SEED, id="c-other", number=None, title="关于别的通知", body=f"{SEED.title}。{SEED.title}。")
    with engine.rebuilding([old, new, other], 1):
        pass
    assert ids(engine, SEED.title) == ["b-new", "a-old", "c-other"]


def test_without_an_index_the_remedy_is_named(engine: Engine) -> None:
    assert engine.status() is None
    with pytest.raises(IndexUnavailable, match="reindex"):
        engine.search(Query("增值税"))


def test_a_rebuild_serves_the_old_index_until_it_is_done(engine: Engine) -> None:
    with engine.rebuilding(NOTICES, 1):
        pass
    before = engine.search(Query("增值税"))
    with engine.rebuilding(NOTICES[:1], 2):
        assert engine.search(Query("增值税")) == before
    assert engine.search(Query()).total == 1
    assert engine.status() == IndexStatus(2, lexicon_fingerprint(), engine.status().version, 1)  # type: ignore[union-attr]


def failing(notices: list[Notice]) -> Iterator[Notice]:
    yield from notices
    raise KeyboardInterrupt


def test_a_rebuild_that_fails_leaves_the_old_index(engine: Engine) -> None:
    with engine.rebuilding(NOTICES, 1):
        pass
    with pytest.raises(KeyboardInterrupt), engine.rebuilding(failing(NOTICES[:3]), 2):
        pass
    assert engine.search(Query()).total == len(NOTICES)


def test_updates_are_found_at_once_and_deletions_are_gone(engine: Engine) -> None:
    with engine.rebuilding(NOTICES, 1):
        pass
    gone, changed = NOTICES[0], replace(NOTICES[1], title="关于蓝鲸的通知")
    engine.update([changed, SEED], [gone.id, "never-seen"], 5)
    assert engine.search(Query()).total == len(NOTICES)
    assert ids(engine, "蓝鲸") == [changed.id]
    assert ids(engine, number="608号") == [SEED.id]
    assert gone.id not in ids(engine, '"' + gone.title + '"')
    status = engine.status()
    assert status is not None
    assert (status.revision, status.count) == (5, len(NOTICES))


def test_many_updates_add_up(engine: Engine) -> None:
    with engine.rebuilding([], 0):
        pass
    for revision, notice in enumerate(NOTICES[:30], 1):
        engine.update([notice], [], revision)
    assert {h.notice.id for h in engine.search(Query(per_page=100)).hits} == {n.id for n in NOTICES[:30]}


def test_a_stale_index_is_said_to_be_so() -> None:
    status = IndexStatus(3, lexicon_fingerprint(), 1, 10)
    assert stale_warning(status, 3) is None
    assert "reindex --changed" in (stale_warning(status, 4) or "")
    assert "reindex" in (stale_warning(replace(status, lexicon="other"), 3) or "")


def test_similar_notices_leave_the_notice_itself_out(shared: Engine) -> None:
    near = shared.similar(NOTICES[0].id)
    assert near
    assert NOTICES[0].id not in {n.id for n in near}
    assert shared.similar("never-seen") == ()
