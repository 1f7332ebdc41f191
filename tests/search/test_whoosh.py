"""Our arrays give what Whoosh itself gives: the same notices, the same scores, over several segments and deletions."""

from pathlib import Path

import numpy as np
import pytest
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Or, Term
from whoosh.scoring import BM25F

from archive.search.fold import fold
from archive.search.invert import is_term
from archive.search.plan import Plan
from archive.search.scoring import relevance
from archive.search.snapshot import Snapshot
from archive.search.whoosh_engine import WhooshEngine
from archive.words import tokenizer
from tests.search.corpus import make_notices

NOTICES = make_notices(300, seed=6)
WORDS = ("增值税", "发票", "规定", "12366", "热线", "生僻字", "国家")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    engine = WhooshEngine(tmp_path_factory.mktemp("index"))
    with engine.rebuilding(NOTICES[:200], 1):
        pass
    engine.update(NOTICES[200:], [n.id for n in NOTICES[:5]], 2)
    return engine.snapshot()


def ours(snapshot: Snapshot, words: tuple[str, ...]) -> dict[str, float]:
    """Scores by id, of the notices that have any of the words."""
    plan = Plan(condition=None, words=words)
    scores = {}
    for leaf in snapshot.leaves:
        own = relevance(leaf.segment, snapshot.searcher, leaf.fields, plan, leaf.alive)
        scores |= {leaf.segment.id(int(leaf.alive.docs[at])): float(own[at]) for at in np.flatnonzero(own > 0).tolist()}
    return scores


@pytest.mark.parametrize("count", range(1, len(WORDS) + 1))
def test_scores_are_those_of_whoosh_on_the_same_index(snapshot: Snapshot, count: int) -> None:
    words = WORDS[:count]
    results = snapshot.searcher.search(Or([Term("words", word) for word in words]), limit=None)
    theirs = {results[at]["id"]: results.score(at) for at in range(len(results))}
    assert ours(snapshot, words) == pytest.approx(theirs, rel=1e-12)
    assert len(theirs) > 0


def test_scores_are_those_of_an_index_that_whoosh_wrote_itself(tmp_path: Path) -> None:
    """But for the lengths of fields, which Whoosh's own codec keeps in one byte and so only roughly."""
    engine = WhooshEngine(tmp_path)
    with engine.rebuilding(NOTICES, 1):
        pass
    schema = Schema(words=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False, stored=True))
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for notice in NOTICES:
        words = [w for text in (notice.title, notice.body) for w in tokenizer().search_words(fold(text)) if is_term(w)]
        writer.add_document(words=" ".join(words), _stored_words=notice.id)
    writer.commit()
    with index.searcher(weighting=BM25F()) as searcher:
        results = searcher.search(Or([Term("words", word) for word in WORDS]), limit=None)
        theirs = {hit["words"]: hit.score for hit in results}
    mine = ours(engine.snapshot(), WORDS)
    assert mine.keys() == theirs.keys()
    assert mine == pytest.approx(theirs, rel=0.05)
