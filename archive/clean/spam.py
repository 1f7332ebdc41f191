"""Spam: gambling, porn, invoices, loans; told from notices that tax and regulate the very same things."""

import re
from collections.abc import Iterable
from functools import cache

from archive.clean.changes import Repaired, replace_each
from archive.lexicon import FOLDER, read_words

# How notices speak, and keyword lists never do: on all 205 notices of the development pages that use a spam word.
OFFICIAL = re.compile(
    r"应当|应予|不得|按照|依照|根据|规定|本[办条公通法规决细]|第[一二三四五六七八九十百\d]+[条款项]|纳税|缴纳|征收|征税|税务机关|主管|"
    r"收入|所得|办理.{0,8}手续|审批|备案|通知|公告|批复|执行|适用|属于|专款|监督|处罚|依法"
)
CONTACT = re.compile(
    r"(?:QQ|扣扣|微信|V信|薇信|VX|vx|电话|热线|手机|www\.|http|\.com|\.net|\.cc|\.vip)[:：]?[\w.]*", re.IGNORECASE
)
SENTENCE_END = re.compile(r"[。；！？]")
SHORTEST_PHRASE = 4


@cache
def _words() -> re.Pattern[str]:
    words = sorted(read_words(FOLDER / "spam.txt"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE)


def spam_words(text: str) -> list[str]:
    """The words of the spam list in a text, in order."""
    return _words().findall(text)


def spam_share(text: str) -> float:
    """How much of a text the words of the spam list cover, 0 to 1."""
    return sum(map(len, spam_words(text))) / max(1, len("".join(text.split())))


def is_spam(text: str) -> bool:
    """Whether a line is an advert of that trade.

    A sentence that speaks as notices do never is, however many of the words it has: 彩票发行费应当专款专用. Else the
    words must cover a quarter of the line, or stand with a way to get in touch.
    """
    found = spam_words(text)
    if not found:
        return False
    covered = sum(map(len, found)) / max(1, len("".join(text.split())))
    if OFFICIAL.search(text):
        return covered >= 0.5 and len(found) >= 3
    return covered >= 0.25 or (len(found) >= 2 and bool(CONTACT.search(text)))


def spam_phrases(texts: Iterable[str]) -> frozenset[str]:
    """The phrases a page advertises: pieces of its keyword lines and hidden texts that hold a word of the spam list."""
    phrases: set[str] = set()
    for text in texts:
        for piece in re.split(r"[,，、;；|｜\s]+", text[:5_000]):
            if SHORTEST_PHRASE <= len(piece) <= 20 and not OFFICIAL.search(piece) and spam_words(piece):
                phrases.add(piece)
    return frozenset(phrases)


def remove_phrases(text: str, phrases: frozenset[str]) -> Repaired:
    """Remove the phrases a page advertises elsewhere from inside its sentences."""
    if not phrases:
        return Repaired(text)
    pattern = re.compile("|".join(map(re.escape, sorted(phrases, key=len, reverse=True))))
    return replace_each(pattern, text, lambda _: "", step="spam", reason="句中广告词")
