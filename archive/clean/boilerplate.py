"""Boilerplate: what a site wraps around every page, told by form, place and recurrence."""

import re
from dataclasses import dataclass
from functools import cache

from archive.clean.spam import OFFICIAL
from archive.errors import LexiconError
from archive.lexicon import FOLDER, read_toml
from archive.models import Page

SECTIONS = ("closing", "furniture", "always")
FARTHEST_IMPRINT = 80  # characters of a line in front of one
DIGITS = re.compile(r"\d+")
# A sentence of a notice: it ends like one, and is too long for a button or a menu.
SENTENCE = re.compile(r"[。；：:;？！”）)]$")
SHORTEST_SENTENCE = 14
SHORTEST_OFFICIAL = 8  # 版权所有人转让著作权免征增值税。
TAXING = re.compile("[免减开补]征|税[。；]")
LONG_SENTENCE = 24  # characters from which a sentence needs no mark inside
INNER_MARK = re.compile("[，,、。；]")
MENU_BAR = re.compile(r"\s*[|｜┊│·»›]\s*|\s>\s")
BAR = re.compile("[|｜┊│·»›>]")  # what MENU_BAR cannot do without
LONGEST_MENU = 200
LONGEST_PATTERNED = 300  # characters of a line that patterns look at


@dataclass(frozen=True, slots=True)
class BoilerplateWords:
    """data/lexicon/boilerplate.toml: one pattern a section; `imprint` is searched in lines of small letters."""

    imprint: re.Pattern[str]
    closing: re.Pattern[str]
    furniture: re.Pattern[str]
    always: re.Pattern[str]


@cache
def boilerplate_words() -> BoilerplateWords:
    """The patterns that the project ships; raises LexiconError for one that is no regular expression."""
    path = FOLDER / "boilerplate.toml"
    table = read_toml(path)
    try:
        matched = (re.compile("|".join(table[name]), re.IGNORECASE) for name in SECTIONS)
        return BoilerplateWords(re.compile("|".join(table["imprint"])), *matched)
    except (re.error, KeyError) as error:
        raise LexiconError(
            f"{path}: {error}.", "Correct the pattern; the comments at the top say what it may hold."
        ) from error


def is_sentence(text: str) -> bool:
    """Whether a line reads like a sentence of a notice, as 上一篇文件已经失效的，下一篇文件应当注明废止依据。 does."""
    if len(text) < SHORTEST_OFFICIAL or text[-1] not in "。；;":
        return False
    if len(text) >= LONG_SENTENCE or OFFICIAL.search(text) or TAXING.search(text):
        return True
    return len(text) >= SHORTEST_SENTENCE and INNER_MARK.search(text, 0, len(text) - 1) is not None


def closes_notice(text: str) -> bool:
    """Whether a line begins what follows a notice (上一篇：…, Copyright …): nothing after it belongs to it."""
    bare = "".join(text[:LONGEST_PATTERNED].split())
    return _is_the_sites(bare) or (not is_sentence(bare) and bool(boilerplate_words().closing.match(bare)))


def frame_part(text: str) -> str:
    """The part of the page's frame that a line is: "closing" (see `closes_notice`), "furniture" (a menu), or ""."""
    bare = "".join(text[:LONGEST_PATTERNED].split())
    if _is_the_sites(bare):
        return "closing"
    if is_sentence(bare):
        return ""
    words = boilerplate_words()
    if words.closing.match(bare):
        return "closing"
    return "furniture" if words.furniture.match(bare) or _is_menu(text) else ""


def _is_the_sites(bare: str) -> bool:
    """Whether a line is none of the notice's, even if it is a sentence."""
    words = boilerplate_words()
    imprint = words.imprint.search(bare.lower())
    return (imprint is not None and imprint.start() <= FARTHEST_IMPRINT) or words.always.match(bare) is not None


def _is_menu(text: str) -> bool:
    """Short words between bars: 打印本页 | 收藏本页 | 关闭."""
    if len(text) > LONGEST_MENU or not BAR.search(text):
        return False
    parts = [part.strip() for part in MENU_BAR.split(text) if part.strip()]
    return len(parts) >= 3 and all(len(part) <= 10 for part in parts)


def page_lines(page: Page) -> frozenset[str]:
    """The lines of a page in the form in which a site's pages are compared; digits do not count (点击：3764)."""
    return frozenset(line for block in page.blocks if (line := comparable(block.text)))


def comparable(text: str) -> str:
    """A line as pages of one site are compared by; "" for lines too long or too short to be a site's own."""
    line = DIGITS.sub("0", "".join(text.split()))
    return line if 2 <= len(line) <= 200 else ""
