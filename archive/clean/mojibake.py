"""UTF-8 taken for Windows-1252 or Latin-1, a whole page or one paragraph: `财税〔2009〕155å·` ends in 号.

What 1252 makes of the bytes is taken back. The bytes it does not define vanished on the way, and so did the soft hyphen
AD, and A0 became an ordinary space; UTF-8 says how many are missing in each character, and the language which.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from itertools import accumulate, islice

from archive.clean.beside import from_number, noted
from archive.clean.changes import LIKELIEST, Edit, Repaired, splice
from archive.clean.evident import GAP, settle
from archive.clean.language import EDGE, INDENTED, MARKS, Language, Read, fold, pairs, triples, words
from archive.clean.pinyin import LETTERS
from archive.clean.signs import has_sign
from archive.clean.simplify import foreign_to, simplified
from archive.clean.solve import BEAM, Cell, Reading, hopeful
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
# Characters all bytes of which are there; or the lead byte of a character of three bytes, and what is left of the other
# two.
UPPER = "\xa0-\xbf"
WHOLE = rf"à[{UPPER}][{CONTINUATION}]|í(?![{UPPER}])[{CONTINUATION}]{{2}}|[á-ìîï][{CONTINUATION}]{{2}}|{TWICE}"
# A letter of a pinyin note is none of them: (guì), (é).
IN_NOTE = "(?<![A-Za-z])(?![à-ï][A-Za-z])(?!(?<=[(（])[éè][)）])"
CELL = re.compile(rf"(?P<whole>(?:{WHOLE})+)|{IN_NOTE}(?P<lead>[à-ï])(?P<rest>[{CONTINUATION} ]{{0,2}})")
TO_BYTES = str.maketrans({char: chr(byte) for char, byte in HIGH.items()})
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
# Readings this far behind the best are given up: first where the words leave no doubt, which tells what surrounds the
# others and what is common on the page; then with less of a margin, which is told.
SURE, DOUBTFUL = (11.0, 7.5), (4.0, 2.0)
REASON = "UTF-8 read as Windows-1252"
# What must be added where two words of the dictionary stand against each other (道路 and 铁路).
DOUBT = 4.0
# What a word of one character costs, as it may just fill a gap, and how far to trust what the two characters behind
# tell: fitted to 3,214 uncertain places of laws. SELDOM stands for what was never seen.
ALONE = 4.0
BEHIND = 1.1
SELDOM = 3e-5
# Logarithm of the weight of a blank behind a Chinese character against that of the byte A0.
BLANK = -6.0
# No words: the brackets of small form, seen around years, and the digit of full width that loses a byte.
RARE = frozenset("﹙﹚﹝﹞０")
# A pinyin note.
NOTE = re.compile(rf"(?<=[^\x00-\x7f])[(（][{LETTERS}]{{1,8}}[0-5]?[)）]", re.IGNORECASE)
OPENED_BY = {"」": ("「", "ã€Œ"), "』": ("『", "ã€Ž")}
CONTEXT = 8
# Bounds of the work on one page: uncertain characters and runs of certain ones (a page of 20 KB has 2,800), steps in
# solving them (the same page takes 25,000), uncertain places solved together.
MOST_CELLS = 15_000
MOST_WORK = 75_000
MOST_TOGETHER = 6
# Several characters that are not certain, with at most one certain character between.
STRETCH = re.compile(f"{GAP}(?:[^{GAP}]?{GAP}){{0,{MOST_TOGETHER - 1}}}")


@dataclass(frozen=True, slots=True)
class Place:
    """text[start:end] with the characters it can have been, one where that is certain, or likely and `doubtful`."""

    start: int
    end: int
    options: Cell
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Cells that are solved together, some of one option only, and the folded text before and after them."""

    cells: tuple[tuple[tuple[str, float], ...], ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a stretch may have been, how likely, and where words of one character stand in it."""

    score: float
    raw: str
    alone: frozenset[int]


def undo_mojibake(text: str) -> Repaired:
    """Read as UTF-8 again what was read as Windows-1252 or Latin-1, once or twice, where the result is Chinese.

    Letters with accents are text of their own (café, guó): a line changes only where they form characters of UTF-8.
    """
    if not has_sign(text, LEAD):
        return Repaired(text)
    changes: list[Change] = []
    layers = 2 if DOUBLE.search(text) else 1
    for _ in range(layers):
        if SIGN.search(text):
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
        cells -= len(found)
        places.append(found if _is_chinese(found) else [])
    foreign = foreign_to("".join(_page(lines, places)))
    places = [[_native(place, foreign) if len(place.options) > 1 else place for place in found] for found in places]
    places = [
        _evident(known, found) if GAP in known else found
        for known, found in zip(_page(lines, places), places, strict=True)
    ]
    for margin in SURE:
        places = _narrowed(_page(lines, places), places, margin)
    places = [[replace(place, doubtful=len(place.options) > 1) for place in found] for found in places]
    for margin in DOUBTFUL:
        places = _narrowed(_page(lines, places), places, margin)
    start = 0
    for line, found in zip(lines, places, strict=True):
        for run in _runs(found):
            reason = REASON + LIKELIEST * run[0].doubtful
            yield Edit(start + run[0].start, start + run[-1].end, _certain(run), reason)
        start += len(line) + 1


def _is_chinese(places: list[Place]) -> bool:
    """Is what is certain of a line Chinese, or damaged once more?"""
    certain = _certain(places)
    return not certain or any(char > "\u2000" for char in certain) or SIGN.search(certain) is not None


def _certain(places: list[Place]) -> str:
    return "".join(next(iter(place.options)) for place in places if len(place.options) == 1)


def _native(place: Place, foreign: Callable[[str], bool]) -> Place:
    native = {text: weight for text, weight in place.options.items() if not foreign(text[0])}
    return replace(place, options=native or place.options)


def _page(lines: list[str], places: list[list[Place]]) -> list[str]:
    """The lines as far as they are certain and without pinyin notes, U+FFFD for each character that is not."""
    return [_known(line, found) for line, found in zip(lines, places, strict=True)]


def _known(line: str, places: list[Place]) -> str:
    parts: list[str] = []
    at = 0
    for place in places:
        certain = next(iter(place.options)) if len(place.options) == 1 else ""
        parts += [_without_gap(line[at : place.start]), _without_gap(certain) or GAP]
        at = place.end
    known = "".join([*parts, _without_gap(line[at:])])
    return NOTE.sub("", known) if "(" in known or "（" in known else known


def _without_gap(text: str) -> str:
    """The text as it is certain: U+FFFD that the page itself has, as such or misread (ï¿½), marks no place of ours."""
    return text.replace(GAP, "?")


def _places(line: str) -> Iterator[Place]:
    closed = max(map(line.rfind, ("】", "ã€‘")))
    opened = {char: max(map(line.find, marks)) for char, marks in OPENED_BY.items()}
    for match in CELL.finditer(line):
        if match["whole"]:
            whole = match["whole"].translate(TO_BYTES).encode("latin-1").decode("utf-8")
            yield Place(match.start(), match.end(), {whole: 0.0})
            continue
        options = noted(line, match.end(), _characters(BYTES[match["lead"]], match["rest"]))
        sure = from_number(line, match.start(), match.end()).intersection(options)
        if len(sure) == 1:
            options = dict.fromkeys(sure, 0.0)
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
                char in MARKS
                or char in BYTES
                or char in RARE
                or simplified(char) in words()
                or (kept == 2 and char > "\uff00")
            ):
                found[char + rest[kept:]] = BLANK if rest[kept:] else 0.0
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


def _evident(known: str, places: list[Place]) -> list[Place]:
    """The places of a line, those settled which the characters beside them leave no doubt of."""
    cells = [tuple(place.options) for place in places if len(place.options) > 1]
    settled = iter(settle(fold(simplified(f"{EDGE}{known}{EDGE}")), cells))
    return [
        replace(place, options={choice: 0.0}) if len(place.options) > 1 and (choice := next(settled)) else place
        for place in places
    ]


def _narrowed(page: list[str], places: list[list[Place]], margin: float) -> list[list[Place]]:
    """The places of a page, each with what it can still be when readings `margin` behind the best are given up."""
    language = Language(simplified("\n".join(page)))
    likely = cache(partial(_likely, language=language, margin=margin))
    stretches = [
        stretch
        for known, found in zip(page, places, strict=True)
        if GAP in known
        for stretch in _stretches(known, found)
    ]
    spent = accumulate(_work(stretch) for stretch in stretches)
    left = iter(
        [
            options
            for stretch, work in zip(stretches, spent, strict=True)
            for options in _left(stretch, likely(stretch) if work <= MOST_WORK else ())
        ]
    )
    return [
        [replace(place, options=next(left)) if len(place.options) > 1 else place for place in found] for found in places
    ]


def _stretches(known: str, places: list[Place]) -> Iterator[Stretch]:
    """The stretches of a line that are to be solved together, and what is known around them."""
    uncertain = iter([tuple(place.options.items()) for place in places if len(place.options) > 1])
    known = f"{EDGE}{known}{EDGE}"
    for match in STRETCH.finditer(known):
        cells = tuple(next(uncertain) if char == GAP else ((char, 0.0),) for char in match[0])
        before = INDENTED.sub(EDGE, fold(known[max(0, match.start() - CONTEXT) : match.start()]))
        yield Stretch(cells, before, fold(known[match.end() : match.end() + CONTEXT].partition(GAP)[0]))


def _work(stretch: Stretch) -> int:
    """How many steps it takes to solve a stretch."""
    paths = work = 1
    for cell in stretch.cells:
        work += paths * len(cell)
        paths = min(BEAM, paths * len(cell))
    return work


def _left(stretch: Stretch, readings: Sequence[str]) -> Iterator[Cell]:
    """What each uncertain place of a stretch can still be; anything where there are no readings."""
    cells = [dict(cell) for cell in stretch.cells]
    kept = zip(*(_split(reading, cells) for reading in readings), strict=True) if readings else cells
    for cell, texts in zip(cells, kept, strict=True):
        if len(cell) > 1:
            yield {text: cell[text] for text in texts}


def _likely(stretch: Stretch, language: Language, margin: float) -> list[str]:
    """The readings that come within `margin` of the best, or of more where one word stands against another."""
    before, after = stretch.before, stretch.after
    possible = hopeful([dict(cell) for cell in stretch.cells], before, after, language)
    if len(possible) <= 1:
        return [each.raw for each in possible]
    read = language.read([each.text for each in possible])
    weighed = [_weighed(*both, len(before), len(after)) for both in zip(possible, read, strict=True)]
    best = max(weighed, key=lambda each: each.score)
    return [
        each.raw
        for each in weighed
        if each.score + margin + (DOUBT if _is_word_for_word(best, each) else 0.0) > best.score
    ]


def _weighed(reading: Reading, as_words: Read, before: int, after: int) -> Weighed:
    """The reading with what the words that stand alone and the characters behind add to its score."""
    single, _ = pairs()
    text = reading.text
    inside = range(before, len(text) - after)
    alone = frozenset(at - before for at in as_words.alone() if at in inside)
    score = reading.weight + as_words.score - ALONE * len(alone)
    for at in inside:
        score += BEHIND * math.log(triples().get(text[at : at + 3], 0) / (single.get(text[at], 0) + 1) + SELDOM)
    return Weighed(score, reading.raw, alone)


def _is_word_for_word(best: Weighed, other: Weighed) -> bool:
    """Do the readings differ inside words only, such as 道路 and 铁路?"""
    alone = best.alone | other.alone
    return all(one == two or at not in alone for at, (one, two) in enumerate(zip(best.raw, other.raw, strict=False)))


def _split(reading: str, cells: Sequence[Cell]) -> list[str]:
    """What a reading has for each cell: a character, or one with the blank behind it."""
    parts: list[str] = []
    at = 0
    for cell in cells:
        parts.append(reading[at : at + 2] if reading[at : at + 2] in cell else reading[at])
        at += len(parts[-1])
    return parts


def _runs(places: list[Place]) -> Iterator[list[Place]]:
    """The places that are read, those that touch each other together, the doubtful ones apart."""
    run: list[Place] = []
    for place in places:
        if run and (len(place.options) > 1 or place.start > run[-1].end or place.doubtful != run[-1].doubtful):
            yield run
            run = []
        if len(place.options) == 1:
            run.append(place)
    if run:
        yield run
