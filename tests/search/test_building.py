"""What is built in runs, merged, or taken over from an index before is what would have been built at once."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from weakref import ref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Notice, Query, Validity
from archive.search import build, merge
from archive.search.build import SMALL, to_merge
from archive.search.segment import Segment
from archive.search.terms import Grams, Words, pack_grams, pack_words
from archive.search.texts import BOUNDARY, Alphabet, Units
from archive.search.whoosh_engine import WhooshEngine
from archive.words import Tokenizer
from tests.search.corpus import make_notices

NOTICES = make_notices(120, seed=9)


@pytest.fixture
def segmented(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The texts that were segmented."""
    texts: Counter[str] = Counter()
    search_words = Tokenizer.search_words

    def counting(self: Tokenizer, text: str) -> list[str]:
        texts[text] += 1
        return search_words(self, text)

    monkeypatch.setattr(Tokenizer, "search_words", counting)
    return texts


def only(folder: Path) -> Segment:
    """The one segment of an index."""
    (leaf,) = WhooshEngine(folder).snapshot().leaves
    return leaf.segment


def contents(segment: Segment) -> dict[str, object]:
    """All that an index knows, by ids and words, in whatever order and form it is stored."""
    ids = [segment.id(doc) for doc in range(segment.count)]
    words = segment.word_terms.between(0, len(segment.word_terms))

    def postings(of: str, terms: list[object]) -> dict[object, dict[str, int]]:
        lists = segment.words if of == "words" else segment.grams[of]
        opened = lists.open(0, len(lists))
        ends = np.cumsum(opened.sizes)
        return {
            term: dict(
                zip(
                    [ids[doc] for doc in opened.docs[end - size : end]],
                    opened.counts[end - size : end].tolist(),
                    strict=True,
                )
            )
            for term, size, end in zip(terms, opened.sizes.tolist(), ends.tolist(), strict=True)
        }

    initials = zip(segment.arrays["initials"].tolist(), segment.arrays["initials.docs"].tolist(), strict=True)
    heard = zip(segment.arrays["sounds"].tolist(), segment.arrays["sounds.words"].tolist(), strict=True)
    return {
        "words": postings("words", list(words)),
        **{
            name: postings(name, segment.gram_terms[name].between(0, len(segment.grams[name])).tolist())
            for name in segment.grams
        },
        "notices": {
            ids[doc]: replace(segment.notice(doc, title.original), body=body.original)
            for doc, (title, body) in enumerate(map(segment.texts.both, range(len(ids))))
        },
        "folded": {ids[doc]: segment.folded(doc, "body") for doc in range(len(ids))},
        "initials": sorted((key, ids[doc]) for key, doc in initials),
        "sounds": sorted((key, words[place]) for key, place in heard),
        "columns": {
            name: dict(zip(ids, column.tolist(), strict=True))
            for name, column in segment.arrays.items()
            if len(column) == len(ids) and "." not in name and name not in ("ids", "texts", "records")
        },
    }


def build_at_once(folder: Path, notices: list[Notice]) -> dict[str, object]:
    with WhooshEngine(folder).rebuilding(notices, 1):
        pass
    return contents(only(folder))


def test_runs_are_merged_to_what_one_run_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word of two runs must not be lost or doubled, however the merge is cut into stretches."""
    whole = build_at_once(tmp_path / "whole", NOTICES)
    monkeypatch.setattr(build, "RUN", 17)
    monkeypatch.setattr(merge, "BLOCK", 500)
    assert build_at_once(tmp_path / "runs", NOTICES) == whole


def test_an_update_merges_to_what_a_rebuild_gives(tmp_path: Path, segmented: Counter[str]) -> None:
    """The words of deleted and replaced notices go with them; those that stay are not segmented again."""
    edited = [replace(notice, body=notice.body + "\n新增一段。") for notice in NOTICES[30:40]]
    engine = WhooshEngine(tmp_path / "updated")
    with engine.rebuilding(NOTICES[:100], 1):
        pass
    segmented.clear()
    engine.update([*edited, *NOTICES[100:]], [notice.id for notice in NOTICES[:20]], 2)
    assert sum(segmented.values()) == 2 * (10 + 20), "titles and bodies of what changed"
    expected = build_at_once(tmp_path / "rebuilt", [*NOTICES[20:30], *edited, *NOTICES[40:]])
    assert contents(only(tmp_path / "updated")) == expected


def test_a_rebuild_segments_only_texts_that_changed(tmp_path: Path, segmented: Counter[str]) -> None:
    """Days of work for a large archive: what is known beside the text may change without it."""
    engine = WhooshEngine(tmp_path / "index")
    with engine.rebuilding(NOTICES, 1):
        pass
    segmented.clear()
    changed = [replace(NOTICES[0], title="关于另一标题的通知"), replace(NOTICES[1], body=NOTICES[1].body + "。")]
    repealed = [replace(notice, validity=Validity.REPEALED, topics=("新主题",)) for notice in reversed(NOTICES[2:])]
    with engine.rebuilding([*changed, *repealed], 2):
        pass
    assert sum(segmented.values()) == 2 * len(changed)
    assert contents(only(tmp_path / "index")) == build_at_once(tmp_path / "anew", [*changed, *repealed])
    assert engine.search(Query(topic="新主题")).total == len(repealed)


def test_a_rebuild_gives_the_same_notice_twice_where_it_is_given_twice(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    for _ in range(2):
        with engine.rebuilding([NOTICES[0], NOTICES[0]], 1):
            pass
        assert engine.search(Query()).total == 2


def test_an_index_that_was_replaced_is_let_go_at_once(tmp_path: Path) -> None:
    """Else every update would leave the files of the index before it on the disk of a server that has them open."""
    engine = WhooshEngine(tmp_path)
    with engine.rebuilding(NOTICES[:40], 1):
        pass
    engine.search(Query("增值税"))
    segment = ref(engine.snapshot().leaves[0].segment)
    engine.update(NOTICES[40:], [], 2)
    engine.search(Query("增值税"))
    assert segment() is None


def test_many_updates_leave_few_segments(tmp_path: Path) -> None:
    """Every segment costs each search some time."""
    engine = WhooshEngine(tmp_path)
    with engine.rebuilding(NOTICES, 1):
        pass
    for revision, notice in enumerate(NOTICES[:12], 2):
        engine.update([replace(notice, title=f"第{revision}版")], [], revision)
    assert len(engine.snapshot().leaves) == 1
    engine.update([], [notice.id for notice in NOTICES], 99)
    assert engine.search(Query()).total == 0


@given(st.lists(st.integers(0, 70_000), max_size=40))
def test_after_a_merge_every_segment_is_larger_than_those_smaller_together(sizes: list[int]) -> None:
    chosen = to_merge(sizes)
    assert sum(sizes[at] for at in chosen) <= 1 << 16
    assert len(chosen) != 1
    left = sorted(size for at, size in enumerate(sizes) if at not in chosen)
    total = sum(sizes[at] for at in chosen) if chosen else left.pop(0) if left else 0
    for size in left:
        assert size > max(SMALL, total) or total + size > 1 << 16
        total += size


@given(st.lists(st.text(min_size=1, max_size=80).filter(lambda word: "\n" not in word), max_size=90, unique=True))
@settings(max_examples=60, deadline=None)
def test_words_are_found_where_they_stand(words: list[str]) -> None:
    terms = sorted(word.encode("utf-8", "surrogatepass") for word in words)
    packed = Words(dict(pack_words("x", b"".join(term + b"\n" for term in terms))), "x")
    assert [packed[at] for at in range(len(packed))] == terms
    assert packed.between(0, len(packed)) == terms
    assert packed.between(len(terms) // 3, len(terms) // 2) == terms[len(terms) // 3 : len(terms) // 2]
    assert [packed.find(term) for term in terms] == list(range(len(terms)))
    assert packed.find(b"\xff") is None
    assert packed.place(b"\xff") == len(terms)


@given(
    st.sets(st.integers(0, 5 << 16).map(lambda key: key * 977 % (1 << 32)), max_size=80), st.integers(0, 1 << 32 - 1)
)
@settings(max_examples=60, deadline=None)
def test_pairs_are_found_where_they_stand(keys: set[int], other: int) -> None:
    pairs = np.array(sorted(keys), np.uint32)
    packed = Grams(dict(pack_grams("x", [pairs[: len(pairs) // 2], pairs[len(pairs) // 2 :]])), "x")
    assert packed.between(0, len(packed)).tolist() == pairs.tolist()
    assert [packed.find(int(key)) for key in pairs] == list(range(len(pairs)))
    assert packed.find(other) == (sorted(keys).index(other) if other in keys else None)
    assert packed.place(other) == int(np.searchsorted(pairs, np.uint32(other)))


def units(text: str) -> Units:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


@given(st.lists(st.text(max_size=50), max_size=5), st.text(max_size=50), st.integers(0, 1 << 16))
def test_any_text_comes_back_from_any_alphabet(sample: list[str], text: str, stray: int) -> None:
    """Also one whose characters the alphabet was not made for, and lone halves of pairs."""
    alphabet = Alphabet.of([*map(units, sample), np.array([BOUNDARY], np.uint16)])
    given_units = np.append(units(text), np.uint16(stray & 0xFFFF))
    assert alphabet.decode(alphabet.encode(given_units)).tolist() == given_units.tolist()


@given(st.text(alphabet="税费甲乙𠮷a1。", max_size=30), st.text(alphabet="税费甲乙𠮷a1。", min_size=1, max_size=3))
def test_what_is_found_in_the_bytes_is_what_is_in_the_text(text: str, part: str) -> None:
    alphabet = Alphabet.of([units("税甲"), units("税")])
    assert (alphabet.encode(units(part)) in alphabet.encode(units(text))) == (part in text)
