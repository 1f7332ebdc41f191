"""UTF-8 taken for Windows-1252 or Latin-1, a whole page or one paragraph: `财税〔2009〕155å·` ends in 号.

What 1252 makes of the bytes is taken back. The bytes it does not define vanished on the way, and so did the soft hyphen
AD, and A0 became an ordinary space; UTF-8 says how many are missing in each character, and the language which.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from archive.clean.changes import Edit, Repaired, splice
from archive.clean.language import EDGE, MARKS, Language, pairs, words
from archive.clean.simplify import foreign_to, simplified, simplified_char
from archive.clean.solve import Cell, rank
from archive.models import Change

STEP = "mojibake"
VANISHED = (0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xAD)
# What 1252 makes of the bytes 80 to 9F; where it defines none, Latin-1 has a control character.
HIGH = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0xA0)}
BYTES = {chr(byte): byte for byte in range(0x80, 0x100)} | HIGH
CONTINUATION = re.escape("".join(char for char, byte in BYTES.items() if byte < 0xC0))
# The only characters of two bytes here are those that 1252 makes of bytes: the text was read wrongly twice.
TWO_BYTES = {char.encode() for char in BYTES if len(char.encode()) == 2}
TWICE = "|".join(
    f"{chr(lead)}[{re.escape(''.join(char for char, byte in BYTES.items() if bytes((lead, byte)) in TWO_BYTES))}]"
    for lead in sorted({lead for lead, _ in TWO_BYTES})
)
# The lead byte of a character of three bytes, and what is left of the other two; or a character of two bytes.
CELL = re.compile(rf"(?P<lead>[à-ï])(?P<rest>[{CONTINUATION} ]{{0,2}})|{TWICE}")
# The letters of Latin-1, without the marks that Chinese text has as well (· × ° ±).
LETTER = re.compile("[¡-¯²-¶¸-ÖØ-öø-ÿ]")
# In UTF-8 taken for Windows-1252 nearly all letters belong to such characters, in GBK and Big5 few do.
UTF8_SHARE = 0.7
LEAD = re.compile("[Â-ï]")
DOUBLE = re.compile(f"(?:{TWICE}){{3}}")
# Two such characters in a row, one that is not part of a Latin word, or three of two bytes (encoded twice).
SIGN = re.compile(
    rf"[à-ï][{CONTINUATION} ]{{0,2}}[à-ï][{CONTINUATION}]"
    rf"|(?<![A-Za-zÀ-ÿ])[à-ï][{CONTINUATION}]"
    rf"|(?:{TWICE}){{3}}"
)
# Readings that lead by 2 to 3 only are often wrong, above all between words as common as each other.
MARGIN = 6.0
# Between two characters that stand nearly anywhere (不 and 中, 面 and 额) a neighbour or two tells little.
MARGIN_COMMON = 7.0
COMMON = 1000
# Brackets come in pairs: a number in them tells that they open, and a closing one needs an opening one before it.
NUMBER_CLOSED = re.compile("[0-9]{4}(?:】|ã€‘)")
# A number behind a year in brackets is a document number, and 号 follows.
NUMBER_BEHIND_YEAR = re.compile("[〕）)】\\]•‘‰][0-9]{1,5}$")
LONGEST_NUMBER = 6
OPENED_BY = {"」": ("「", "ã€Œ"), "』": ("『", "ã€Ž")}
CONTEXT = 8
# Bounds of the work on one page: uncertain places, characters, uncertain places solved together.
MOST_PLACES = 1000
MOST_CELLS = 30_000
MOST_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Place:
    """text[start:end] with the characters it can have been; one option only where no byte is missing."""

    start: int
    end: int
    options: Cell


def undo_mojibake(text: str) -> Repaired:
    """Read as UTF-8 again what was read as Windows-1252 or Latin-1, once or twice, where the result is Chinese.

    Letters with accents are text of their own (café, guó): a line changes only where they form characters of UTF-8.
    """
    changes: list[Change] = []
    layers = 2 if DOUBLE.search(text) else 1
    for _ in range(layers):
        if LEAD.search(text) and SIGN.search(text):
            repaired = splice(text, _edits(text), STEP)
            text = repaired.text
            changes += repaired.changes
    return Repaired(text, tuple(changes))


def is_utf8(text: str) -> bool:
    """Are the Latin letters of `text` what is left of UTF-8?"""
    letters = len(LETTER.findall(text))
    return len(LETTER.findall("".join(match[0] for match in CELL.finditer(text)))) >= UTF8_SHARE * letters


def _edits(text: str) -> Iterator[Edit]:
    lines = text.split("\n")
    places: list[list[Place]] = []
    cells = MOST_CELLS
    for line in lines:
        found = list(islice(_places(line), cells)) if cells and SIGN.search(line) and is_utf8(line) else []
        places.append(found)
        cells -= len(found)
    certain = "\n".join(_with_gaps(line, found) for line, found in zip(lines, places, strict=True))
    language = Language(simplified(certain))
    foreign = foreign_to(certain)
    room = MOST_PLACES
    start = 0
    for line, found in zip(lines, places, strict=True):
        result = _certain(found)
        if found and room > 0 and (any(char > "\u2000" for char in result) or not result or SIGN.search(result)):
            native = [_without_foreign(place, foreign) for place in _first_uncertain(found, room)]
            for edit in _line_edits(line, native, language):
                yield replace(edit, start=start + edit.start, end=start + edit.end)
            room -= sum(len(place.options) > 1 for place in found)
        start += len(line) + 1


def _first_uncertain(places: list[Place], most: int) -> Iterator[Place]:
    """The places without the uncertain ones beyond the first `most`: each costs a search."""
    for place in places:
        if len(place.options) > 1:
            most -= 1
        if len(place.options) == 1 or most >= 0:
            yield place


def _certain(places: list[Place]) -> str:
    return "".join(next(iter(place.options)) for place in places if len(place.options) == 1)


def _with_gaps(line: str, places: list[Place]) -> str:
    """The line as far as it is certain, U+FFFD for what is not."""
    parts: list[str] = []
    at = 0
    for place in places:
        parts += line[at : place.start], next(iter(place.options)) if len(place.options) == 1 else "\ufffd"
        at = place.end
    return "".join([*parts, line[at:]])


def _without_foreign(place: Place, foreign: Callable[[str], bool]) -> Place:
    native = {text: weight for text, weight in place.options.items() if not foreign(text[0])}
    return replace(place, options=native or place.options)


def _places(line: str) -> Iterator[Place]:
    closed = max(map(line.rfind, ("】", "ã€‘")))
    opened = {char: max(map(line.find, marks)) for char, marks in OPENED_BY.items()}
    for match in CELL.finditer(line):
        if not match["lead"]:
            char = bytes(map(BYTES.__getitem__, match[0])).decode("utf-8")
            yield Place(match.start(), match.end(), {char: 0.0})
            continue
        options = _characters(BYTES[match["lead"]], match["rest"])
        if "号" in options and NUMBER_BEHIND_YEAR.search(line, max(0, match.start() - LONGEST_NUMBER), match.start()):
            options = {"号": 0.0}
        elif "【" in options and NUMBER_CLOSED.match(line, match.end()):
            options = {"【": 0.0}
        elif "【" in options:
            options = {
                char: weight
                for char, weight in options.items()
                if not (char == "【" and closed < match.end()) and 0 <= opened.get(char, 0) <= match.start()
            }
        if options:
            yield Place(match.start(), match.end(), options)


@lru_cache(maxsize=10_000)
def _characters(lead: int, rest: str) -> Cell:
    """The characters that a lead byte and the rest can have been, with the space behind them where it was one."""
    found: dict[str, float] = {}
    for kept in range(len(rest) + 1):
        given = [0xA0 if char == " " else BYTES[char] for char in rest[:kept]]
        if rest[kept:].strip(" "):
            continue
        for filled in _filled(given):
            char = bytes([lead, *filled]).decode("utf-8", "ignore")
            if len(char) == 1 and (
                char in MARKS or char in BYTES or simplified(char) in words() or (kept == 2 and char > "\uff00")
            ):
                found[char + rest[kept:]] = 0.0
    return found


def _filled(given: list[int]) -> Iterator[tuple[int, int]]:
    """All ways to make two bytes of what is given and of bytes that vanish."""
    if len(given) == 2:
        yield given[0], given[1]
    elif len(given) == 1:
        for byte in VANISHED:
            yield given[0], byte
            yield byte, given[0]
    else:
        for first in VANISHED:
            for second in VANISHED:
                yield first, second


def _line_edits(line: str, places: list[Place], language: Language) -> Iterator[Edit]:
    done = EDGE
    at = 0
    number = 0
    for group in _groups(places):
        start, end = group[0].start, group[-1].end
        number += len(group)
        done = (done + line[at:start])[-CONTEXT:]
        at = end
        certain = _certain(group)
        if certain:
            yield Edit(start, end, certain, "UTF-8 read as Windows-1252")
            done += certain
            continue
        options = [place.options for place in group]
        ranked = rank(options, done, _after(line, places[number : number + CONTEXT], end), language)
        if _is_open(ranked):
            done += line[start:end]
        elif ranked:
            yield Edit(start, end, ranked[0][1], "UTF-8 read as Windows-1252")
            done += ranked[0][1]


def _is_open(ranked: list[tuple[float, str]]) -> bool:
    """Can another reading than the first be meant?"""
    return any(
        ranked[0][0] < score + (MARGIN_COMMON if _differ_in_common(ranked[0][1], reading) else MARGIN)
        for score, reading in ranked[1:]
    )


def _differ_in_common(reading: str, other: str) -> bool:
    single, _ = pairs()
    return all(
        single.get(simplified_char(char), 0) > COMMON
        for two in zip(reading, other, strict=False)
        if two[0] != two[1]
        for char in two
    )


def _groups(places: list[Place]) -> Iterator[list[Place]]:
    """Places that touch each other: certain ones, and uncertain ones to be solved together."""
    group: list[Place] = []
    for place in places:
        certain = len(place.options) == 1
        if group and (
            place.start > group[-1].end
            or certain != (len(group[-1].options) == 1)
            or (len(group) == MOST_TOGETHER and not certain)
        ):
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _after(line: str, places: list[Place], at: int) -> str:
    """The text behind a place as far as it is certain."""
    parts: list[str] = []
    for place in places:
        parts.append(line[at : place.start])
        if len(place.options) > 1:
            return "".join(parts)[:CONTEXT]
        parts.append(next(iter(place.options)))
        at = place.end
    parts.append(line[at : at + CONTEXT])
    return ("".join(parts) + EDGE)[:CONTEXT]
