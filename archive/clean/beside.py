"""What stands beside a damaged character and tells it: a document number, a number in brackets, a pinyin note."""

import re
from functools import cache

from archive.clean.pinyin import LETTERS, is_reading
from archive.clean.simplify import simplified
from archive.clean.solve import Cell
from archive.lexicon import offices
from archive.numbers.offices import known_suffix

# Brackets come in pairs: a number in them tells that they open, and a closing one needs an opening one before it.
NUMBER_CLOSED = re.compile("[0-9]{4}(?:】|ã€‘|﹞|ï¹\x9e|ï¹ž)")
# A number behind a year in brackets or behind 令第 or 年第 is a document number, and 号 follows.
NUMBER_BEHIND_YEAR = re.compile("(?:[〕）)】﹞］\\]•‘‰½ž] ?(?:第|ç¬¬)?|(?:令|ä»¤|年|å¹´)(?:第|ç¬¬))[0-9]{1,5}$")
LONGEST_NUMBER = 12
# Before a year in brackets stands the code of an office: 国税发〔2001〕.
YEAR_AHEAD = re.compile("(?:[〔﹝【［（(\\[]|ã€”?|ï¼[»ˆ]|ï¹\x9d?)(?:19|20)[0-9]{2}(?!年|å¹´)")
# What is counted behind 第十九, with or without something in brackets between.
ORDINAL = re.compile(r"第[一二三四五六七八九十百零〇]{1,7}(?:[(（][^()（）\n]{1,8}[)）])?\Z")
LONGEST_ORDINAL = 20
COUNTED = frozenset("条章款项节编批届次期季年")
# The rest of an office's code whose first character is damaged, before a year in brackets.
CODE_BEHIND = re.compile("(?P<code>[\u4e00-\u9fff]{2,7}) {0,2}[〔﹝【［（(\\[] ?(?:19|20)[0-9]{2}(?!年)")
DIGIT = re.compile("[0-9０-９]|ï¼[‘’“”•–—˜™]")
# A character alone in brackets that begins a paragraph is its number.
NUMERALS = frozenset("一二三四五六七八九十")
BRACKET_BEFORE = re.compile("(?:[ \u3000\xa0]|ã€€|Â\xa0?){0,8}(?:[(（]|ï¼ˆ)")
BRACKET_BEHIND = re.compile("[)）]|ï¼‰")
# A pinyin note behind a character, whose brackets may be damaged as it is.
NOTE_BEHIND = re.compile(
    rf"[ \u3000]{{0,2}}(?:[(（\[【]|ï¼[ˆ\x88])([{LETTERS}]{{1,8}}[0-5]?[{LETTERS}]{{0,5}})(?:[)）\]】]|ï¼[‰\x89])",
    re.IGNORECASE,
)


@cache
def _code_ends() -> frozenset[str]:
    """What stands before the bracket and the year of a number: the last characters of the offices' codes."""
    return frozenset(code[-1] for code in offices().codes)


def from_number(line: str, start: int, end: int) -> frozenset[str]:
    """What line[start:end] is if it can be, as a number beside it tells."""
    sure: set[str] = set()
    if NUMBER_BEHIND_YEAR.search(line, max(0, start - LONGEST_NUMBER), start):
        sure |= {"号", "号 "}
    if NUMBER_CLOSED.match(line, end):
        sure |= {"【", "﹝"}
    if YEAR_AHEAD.match(line, end):
        sure |= _code_ends()
    if DIGIT.match(line, end):
        sure |= {"０"}
    if BRACKET_BEFORE.fullmatch(line, 0, start) and BRACKET_BEHIND.match(line, end):
        sure |= NUMERALS
    return frozenset(sure)


def in_place(known: str, start: int, end: int, options: Cell) -> Cell:
    """Those of the options for known[start:end] that a number around it allows; all where none does.

    The first character of an office's code, as the rest and a year behind it tell; what is counted behind 第十九.
    """
    if ORDINAL.search(known, max(0, start - LONGEST_ORDINAL), start):
        return tuple(option for option in options if option[0][0] in COUNTED) or options
    behind = CODE_BEHIND.match(known, end)
    if behind is None:
        return options
    return tuple(option for option in options if is_in_code("", option[0], behind["code"])) or options


def is_in_code(before: str, char: str, after: str) -> bool:
    """Whether a character belongs to the code of an office that ends with what stands behind it."""
    return len(known_suffix(before + char + after)) > len(after)


def noted(line: str, end: int, options: Cell) -> Cell:
    """Those of the options that have the reading of the pinyin note behind them; all where there is none."""
    note = NOTE_BEHIND.match(line, end)
    if note is None:
        return options
    reading = note[1].lower()
    fitting = tuple(
        (text, weight)
        for text, weight in options
        if is_reading(reading, text[0]) or is_reading(reading, simplified(text[0]))
    )
    return fitting or options
