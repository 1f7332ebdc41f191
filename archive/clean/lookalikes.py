"""Characters that stand in for others because they look alike: 变囮 for 变化, a Kangxi radical, a Cyrillic letter."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from archive.clean.changes import MOST, Edit, Repaired, replace_each, splice
from archive.clean.language import EDGE, Language, words
from archive.clean.pinyin import HAN
from archive.clean.signs import has_sign
from archive.clean.simplify import simplified
from archive.lexicon import FOLDER

STEP = "lookalike"
# Kangxi radicals, CJK radicals and compatibility ideographs: other code points for characters that have their own.
OTHER_CODE = re.compile("[\u2e80-\u2fd5\uf900-\ufad9\U0002f800-\U0002fa1d]")
# Radicals that Unicode does not itself equate with a character.
RADICALS = str.maketrans(
    "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻤⻥⻦⻨⻩⻬⻮⻰⻳", "母民西见角贝车长门青页风飞食马鬼鱼鸟麦黄齐齿龙龟"
)
# Cyrillic and Greek capitals and small letters that look Latin, within a Latin word.
CYRILLIC = re.compile("[АВЕКМНОРСТХаеорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]+")
LATIN_LETTER = re.compile("[A-Za-z]")
LATIN = str.maketrans("АВЕКМНОРСТХаеорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXaeopcyxABEZHIKMNOPTYXo")
# Letters typed for digits in a document number: 〔2O17〕546号, 〔2011〕l73号.
DIGITS = re.compile(
    r"(?<=[〔［\[【（(﹝])(?=[OoIl]*[0-9])[0-9OoIl]{4}(?=年?[〕］\]】）)﹞][ 第]?[0-9OoIl]{1,5} ?号)"
    r"|(?<=[〕］\]】）)﹞第])(?=[OoIl]*[0-9])[0-9OoIl]{1,5}(?= ?号)"
)
LETTERS = re.compile("[OoIl]")
LETTER_BESIDE_DIGIT = re.compile("[OoIl](?:[0-9]|(?<=[0-9].))")
DIGIT = str.maketrans("OoIl", "0011")
LONGEST_WORD = 4
# Log-probability of a character and what is behind it that often begin a line: 上一篇, but not 有川.
BEGINNING = -11.5
DISGUISED = 3  # so many stand-ins in words make a page all of whose rare characters are
CHINESE = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class StandIns:
    """data/lexicon/lookalikes.txt: what a character may stand for, which always do, and the pattern of them all.

    `plain` translates those that can stand for one only; `doubtful` ones do so only on a page that has many others.
    """

    meant: Mapping[str, str]
    plain: Mapping[int, str]
    always: frozenset[str]
    doubtful: frozenset[str]
    pattern: re.Pattern[str]


@cache
def _stand_ins() -> StandIns:
    lines = (FOLDER / "lookalikes.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    meant = {row[0]: row[-1] for row in rows}
    plain = {ord(char): other for char, other in meant.items() if len(other) == 1}
    always, doubtful = (frozenset(row[0] for row in rows if row[1] == mark) for mark in "=?")
    return StandIns(meant, plain, always, doubtful, re.compile(f"[{''.join(meant)}]"))


def replace_lookalikes(text: str) -> Repaired:
    """Replace characters that stand in for others, where the others make a word with the characters beside them.

    A rare character in a name stays: 张仩 is not a word with 上, 仩期 is. On a page where it stood for another in a
    word it does so everywhere, and on one with several such characters all do.
    """
    stand_ins = _stand_ins()
    found = list(islice(stand_ins.pattern.finditer(text), MOST))
    meant = [None if match[0] in stand_ins.doubtful else _meant(match) for match in found]
    proven = {match[0] for match, char in zip(found, meant, strict=True) if char}
    if len(proven) >= DISGUISED:
        proven = {char for char, others in stand_ins.meant.items() if len(others) == 1}
    edits = (
        Edit(match.start(), match.end(), char or stand_ins.meant[match[0]], "look-alike character")
        for match, char in zip(found, meant, strict=True)
        if char or match[0] in proven
    )
    return splice(text, edits, STEP)


def _meant(match: re.Match[str]) -> str | None:
    stand_ins = _stand_ins()
    others = stand_ins.meant[match[0]]
    if match[0] in stand_ins.always:
        return others
    before = match.string[max(0, match.start() - LONGEST_WORD + 1) : match.start()].translate(stand_ins.plain)
    after = match.string[match.end() : match.end() + LONGEST_WORD - 1].translate(stand_ins.plain)
    if len(others) > 1 and CHINESE.match(before[-1:]):  # among them particles, which stand beside anything
        fitting = list(others)
    else:
        fitting = [char for char in others if _makes_word(before, char, after)]
    beside = before[-1:].strip() or EDGE, after[:1].strip() or EDGE
    if not CHINESE.match(before[-1:]):  # no name begins with one
        fitting = fitting or [char for char in others if _likely(*beside, char) > BEGINNING]
    return max(fitting, key=lambda char: _likely(*beside, char), default=None)


@lru_cache(maxsize=10_000)
def _likely(before: str, after: str, char: str) -> float:
    language = Language("")
    return language.behind(before)[char] + language.behind(before + char)[after]


@lru_cache(maxsize=10_000)
def _makes_word(before: str, char: str, after: str) -> bool:
    around = simplified(before + char + after)
    at = len(before)
    return any(
        around[start:end] in words()
        for start in range(at + 1)
        for end in range(max(at + 1, start + 2), min(len(around), start + LONGEST_WORD) + 1)
    )


def unify_codes(text: str) -> Repaired:
    """Write each character with its usual code point: text out of PDF files has radicals in place of characters."""
    if not has_sign(text, OTHER_CODE):
        return Repaired(text)
    return replace_each(OTHER_CODE, text, _usual_code, STEP, "usual code point")


def _usual_code(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0]).translate(RADICALS)


def restore_digits(text: str) -> Repaired:
    """Write the year and the serial of a document number with digits only."""
    if not has_sign(text, LETTERS) or not LETTER_BESIDE_DIGIT.search(text):
        return Repaired(text)
    return replace_each(DIGITS, text, lambda match: match[0].translate(DIGIT), STEP, "digit")


def latin_letters(text: str) -> Repaired:
    """Write Latin words with Latin letters only: the А of VАT can be Cyrillic."""
    if not has_sign(text, CYRILLIC):
        return Repaired(text)
    return replace_each(CYRILLIC, text, _latin, STEP, "Latin letter")


def _latin(match: re.Match[str]) -> str | None:
    beside = match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]
    return match[0].translate(LATIN) if LATIN_LETTER.search(beside) else None
