"""The words that index and queries share."""

import jieba
import pytest

from archive.search.invert import is_term
from archive.words import Tokenizer, frequency, tokenizer
from tests.search.corpus import make_notices


def test_the_words_are_those_of_jieba() -> None:
    """Another segmentation than jieba's own would part us from every index and lexicon made with it."""
    reference = jieba.Tokenizer()
    reference.FREQ, reference.total = reference.gen_pfdict(reference.get_dict_file())
    reference.initialized = True  # without the cache file that jieba writes to the shared temporary folder
    ours = Tokenizer()
    for notice in make_notices(60):
        theirs = filter(is_term, reference.lcut_for_search(notice.body))
        assert list(filter(is_term, ours.search_words(notice.body))) == list(theirs)


@pytest.mark.parametrize("word", ["一般纳税人", "营改增", "营业税改征增值税", "留抵退税"])
def test_tax_terms_are_words(word: str) -> None:
    assert tokenizer().words(f"关于{word}的通知") == ["关于", word, "的", "通知"]


def test_frequencies_tell_common_words_from_others() -> None:
    assert frequency("通知") > frequency("纳税人") > frequency("囮仩") == 0


def test_half_a_surrogate_pair_is_no_error() -> None:
    assert tokenizer().words("税\ud800务") == ["税", " ", "务"]
