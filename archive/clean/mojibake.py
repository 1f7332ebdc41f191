"""UTF-8 taken for Windows-1252 or Latin-1, a whole page or one paragraph: `财税〔2009〕155å·` ends in 号.

What 1252 makes of the bytes is taken back. The bytes it does not define vanished on the way or became U+FFFD; the soft
hyphen AD vanished, and A0 became an ordinary space. UTF-8 says how many are missing in each character, and the language
which.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate, chain, islice, zip_longest
from typing import NamedTuple

from archive.clean.beside import from_number, in_place, noted
from archive.clean.changes import LIKELIEST, Edit, Repaired, splice
from archive.clean.evident import GAP, settle
from archive.clean.language import EDGE, INDENTED, NONE, Language, Read, fold, pairs, triples
from archive.clean.pinyin import LETTERS
from archive.clean.remains import (
    BYTES,
    CELL,
    CONTINUATION,
    HYPHEN,
    LETTER,
    LOST,
    TO_BYTES,
    TWICE,
    VANISHED,
    are_utf8,
    characters,
)
from archive.clean.signs import has_sign
from archive.clean.simplify import foreign_to, simplified
from archive.clean.solve import BEAM, Cell, Reading, hopeful
from archive.models import Change

STEP = "mojibake"
LEAD = re.compile("[Â-ï]")
DOUBLE = re.compile(f"(?:{TWICE}){{3}}")
# Two such characters in a row, one that is not part of a Latin word, or three of two bytes (encoded twice).
SIGN = re.compile(
    rf"[à-ï][{CONTINUATION} {LOST}]{{0,2}}[à-ï][{CONTINUATION}]"
    rf"|(?<![A-Za-zÀ-ÿ])[à-ï][{CONTINUATION}]"
    rf"|(?:{TWICE}){{3}}"
)
# Readings this far behind the best are given up: first where the words leave no doubt, which tells what surrounds the
# others and what is common on the page; then with less of a margin, which is told. At last the likeliest is taken and
# told, but for what would turn the meaning round: whether 不 or 中 stood there, and which number, is not guessed.
SURE, DOUBTFUL = (11.0, 7.5), (4.0, 2.0)
GRAVE = frozenset("不未无非免没勿一二三四五六七八九十百千万两")
REASON = "UTF-8 read as Windows-1252"
# What must be added where two words of the dictionary stand against each other (道路 and 铁路).
DOUBT = 4.0
# What a word of one character costs, as it may just fill a gap, and how far to trust what the two characters behind
# tell: fitted to 3,214 uncertain places of laws. SELDOM stands for what was never seen.
ALONE = 4.0
BEHIND = 1.1
SELDOM = 3e-5
# A pinyin note.
NOTE = re.compile(rf"(?<=[^\x00-\x7f])[(（][{LETTERS}]{{1,8}}[0-5]?[)）]", re.IGNORECASE)
OPENED_BY = {"」": ("「", "ã€Œ"), "』": ("『", "ã€Ž")}
CONTEXT = 8
# Bounds of the work on one page: uncertain characters and runs of certain ones (a page of 20 KB has 2,800), steps in
# solving them (the same page takes 25,000), uncertain places solved together.
MOST_CELLS = 22_000
MOST_WORK = 75_000
MOST_TOGETHER = 6
# Several characters that are not certain, with at most one certain character between.
STRETCH = re.compile(f"{GAP}(?:[^{GAP}]?{GAP}){{0,{MOST_TOGETHER - 1}}}")


class Place(NamedTuple):
    """text[start:end] with what it can have been: one character or several in a row where that is certain."""

    start: int
    end: int
    options: Cell
    doubtful: bool = False


class Stretch(NamedTuple):
    """Cells that are solved together, some of one option only, and the folded text before and after them."""

    cells: tuple[Cell, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a stretch may have been, how likely, and where words of one character stand in it."""

    score: float
    raw: str
    alone: frozenset[int]


# The readings of a stretch that are not given up.
Choice = Callable[[Sequence[Weighed]], list[str]]


def undo_mojibake(text: str) -> Repaired:
    """Read as UTF-8 again what was read as Windows-1252 or Latin-1, once or twice, where the result is Chinese.

    Letters with accents are text of their own (café, guó): a line changes only where they form characters of UTF-8.
    """
    if not has_sign(text, LEAD):
        return Repaired(text)
    changes: list[Change] = []
    for _ in range(2 if DOUBLE.search(text) else 1):
        if SIGN.search(text):
            repaired = splice(text, _edits(text), STEP)
            text = repaired.text
            changes += repaired.changes
            if not any(LETTER.search(change.after) for change in repaired.changes):
                break  # read wrongly once
    return Repaired(text, tuple(changes))


def _edits(text: str) -> Iterator[Edit]:
    places = list(_places(text))
    parted = _parted(text, places)
    gaps = [place.options for place in places if len(place.options) > 1]
    if gaps:
        native = cache(partial(_native, foreign=foreign_to(_known(parted, gaps))))
        gaps = _evident(_known(parted, gaps), [native(cell) for cell in gaps])
    gaps = _placed(_known(parted, gaps), gaps)
    gaps = sure = _narrowed(parted, gaps, [partial(_surest, margin=margin) for margin in SURE])
    gaps = _narrowed(parted, gaps, [*(partial(_likely, margin=margin) for margin in DOUBTFUL), _likeliest])
    solved = iter(zip(gaps, [len(cell) > 1 for cell in sure], strict=True))
    for run in _runs([Place(*place[:2], *next(solved)) if len(place.options) > 1 else place for place in places]):
        reason = REASON + LIKELIEST * run[0].doubtful
        yield Edit(run[0].start, run[-1].end, "".join([place.options[0][0] for place in run]), reason)


def _places(text: str) -> Iterator[Place]:
    """The places of the lines that are in UTF-8 and Chinese, as many as the work on a page is to be."""
    start, room = 0, MOST_CELLS
    for line in text.split("\n"):
        if room and SIGN.search(line):
            cells = list(CELL.finditer(line))
            found = list(islice(_of_line(line, cells), room)) if are_utf8(line, cells) else []
            room -= len(found)
            if _is_chinese(found):
                for at, end, options in found:
                    yield Place(start + at, start + end, options)
        start += len(line) + 1


def _is_chinese(found: Sequence[tuple[int, int, Cell]]) -> bool:
    """Is what is certain of a line Chinese, or damaged once more?"""
    certain = "".join(options[0][0] for _, _, options in found if len(options) == 1)
    return not certain or any(char > "\u2000" for char in certain) or SIGN.search(certain) is not None


def _native(cell: Cell, foreign: Callable[[str], bool]) -> Cell:
    return tuple(option for option in cell if not foreign(option[0][0])) or cell


def _parted(text: str, places: Sequence[Place]) -> list[str]:
    """The text as it is certain, parted where it is not; without U+FFFD of its own, as such or misread (ï¿½)."""
    parts: list[str] = []
    piece: list[str] = []
    done = 0
    for start, end, options, _ in places:
        piece.append(text[done:start])
        done = end
        if len(options) == 1:
            piece.append(options[0][0])
        else:
            parts.append("".join(piece))
            piece.clear()
    return [part.replace(GAP, "?") for part in (*parts, "".join(piece) + text[done:])]


def _known(parted: Sequence[str], gaps: Sequence[Cell]) -> str:
    """The text as far as it is certain and without pinyin notes, U+FFFD for each character that is not."""
    filled = [cell[0][0].replace(GAP, "?") if len(cell) == 1 else GAP for cell in gaps]
    return NOTE.sub("", "".join(chain.from_iterable(zip_longest(parted, filled, fillvalue=""))))


def _of_line(line: str, cells: Iterable[re.Match[str]]) -> Iterator[tuple[int, int, Cell]]:
    """What is left of characters in a line: from where to where, and what it can have been."""
    closed = max(map(line.rfind, ("】", "ã€‘")))
    opened = {char: max(map(line.find, marks)) for char, marks in OPENED_BY.items()}
    as_bytes = line.translate(TO_BYTES)
    vanished = (HYPHEN,) if LOST in line else VANISHED
    for match in cells:
        start, end = match.span()
        if match["whole"]:
            yield start, end, ((as_bytes[start:end].encode("latin-1").decode("utf-8"), 0.0),)
            continue
        options = noted(line, end, characters(BYTES[match["lead"]], match["rest"], vanished))
        sure = from_number(line, start, end).intersection([text for text, _ in options])
        if len(sure) == 1:
            options = ((next(iter(sure)), 0.0),)
        elif "【" in [text for text, _ in options]:
            options = tuple(
                (char, weight)
                for char, weight in options
                if not (char == "【" and closed < end) and 0 <= opened.get(char, 0) <= start
            )
        if options:
            yield start, end, options


def _evident(known: str, gaps: list[Cell]) -> list[Cell]:
    """The gaps of a text, those settled which the characters beside them leave no doubt of."""
    settled = settle(fold(simplified(_edged(known))), [[text for text, _ in cell] for cell in gaps])
    return [((choice, 0.0),) if choice else cell for choice, cell in zip(settled, gaps, strict=True)]


def _placed(known: str, gaps: list[Cell]) -> list[Cell]:
    """The gaps of a text with what the numbers around them allow."""
    spans = (match.span() for match in re.finditer(GAP, known))
    return [in_place(known, *next(spans), cell) if len(cell) > 1 else cell for cell in gaps]


def _edged(text: str) -> str:
    """The text with the edges of its lines marked."""
    return EDGE + text.replace("\n", f"{EDGE}\n{EDGE}") + EDGE


def _narrowed(parted: Sequence[str], gaps: list[Cell], choices: Iterable[Choice]) -> list[Cell]:
    """What each gap can still be when only the chosen readings of each stretch are left, one choice after the other."""
    known = ""
    for choose in choices:
        unsolved = [number for number, cell in enumerate(gaps) if len(cell) > 1]
        if not unsolved:
            break
        before, known = known, _known(parted, gaps)
        if known != before:
            weigh = cache(partial(_weighed, language=Language(simplified(known))))
        stretches = list(_stretches(_edged(known), [gaps[number] for number in unsolved]))
        spent = accumulate(map(_work, stretches))
        left = {
            stretch: _left(stretch, choose(weigh(stretch)))
            for stretch, work in zip(stretches, spent, strict=True)
            if work <= MOST_WORK
        }
        narrowed = chain.from_iterable(
            left[stretch] if stretch in left else _left(stretch, ()) for stretch in stretches
        )
        gaps = gaps.copy()
        for number, cell in zip(unsolved, narrowed, strict=True):
            gaps[number] = cell
    return gaps


def _stretches(known: str, unsolved: Iterable[Cell]) -> Iterator[Stretch]:
    """The stretches of a text that are to be solved together, and what is known around them in their line."""
    cells = iter(unsolved)
    for match in STRETCH.finditer(known):
        start, end = match.span()
        before = known[max(0, start - CONTEXT) : start].rpartition("\n")[2]
        after = known[end : end + CONTEXT].partition("\n")[0].partition(GAP)[0]
        together = tuple([next(cells) if char == GAP else ((char, 0.0),) for char in match[0]])
        yield Stretch(together, INDENTED.sub(EDGE, fold(before)), fold(after))


def _work(stretch: Stretch) -> int:
    """How many steps it takes to solve a stretch."""
    paths = work = 1
    for cell in stretch.cells:
        work += paths * len(cell)
        paths = min(BEAM, paths * len(cell))
    return work


def _left(stretch: Stretch, readings: Sequence[str]) -> list[Cell]:
    """What each uncertain place of a stretch can still be; anything where there are no readings."""
    unsolved = list(stretch.cells)
    if readings:
        weights = [dict(cell) for cell in stretch.cells]
        kept = zip(*(_split(reading, weights) for reading in readings), strict=True)
        unsolved = [
            tuple((text, weight[text]) for text in dict.fromkeys(texts))
            for weight, texts in zip(weights, kept, strict=True)
        ]
    return [cell for cell, before in zip(unsolved, stretch.cells, strict=True) if len(before) > 1]


def _likely(weighed: Sequence[Weighed], margin: float) -> list[str]:
    """The readings that come within `margin` of the best, or of more where one word stands against another."""
    if not weighed:
        return []
    best = _best(weighed)
    return [
        each.raw
        for each in weighed
        if (behind := best.score - each.score) < margin or (behind < margin + DOUBT and _is_word_for_word(best, each))
    ]


def _best(weighed: Sequence[Weighed]) -> Weighed:
    return max(weighed, key=lambda each: each.score)


def _surest(weighed: Sequence[Weighed], margin: float) -> list[str]:
    """The readings that are `_likely`, and those a little behind that differ in what is not to be guessed."""
    close = _likely(weighed, margin)
    further = [other for other in _likely(weighed, margin + DOUBT) if other not in close]
    return [*close, *(other for other in further if _is_grave(_best(weighed).raw, other))]


def _likeliest(weighed: Sequence[Weighed]) -> list[str]:
    """The best reading, and those nearly as likely from which it differs in what is not to be guessed."""
    if not weighed:
        return []
    best = _best(weighed).raw
    return [best, *(other for other in _likely(weighed, DOUBTFUL[-1]) if _is_grave(best, other))]


def _is_grave(one: str, other: str) -> bool:
    return any(first != second and GRAVE & {first, second} for first, second in zip(one, other, strict=False))


def _weighed(stretch: Stretch, language: Language) -> list[Weighed]:
    """The readings of a stretch that the neighbouring characters do not rule out."""
    before, after = stretch.before, stretch.after
    possible = hopeful(stretch.cells, before, after, language)
    if len(possible) <= 1:
        return [Weighed(0.0, each.raw, frozenset()) for each in possible]
    read = language.read([each.text for each in possible])
    return [_weigh(*both, len(before), len(after)) for both in zip(possible, read, strict=True)]


def _weigh(reading: Reading, as_words: Read, before: int, after: int) -> Weighed:
    """The reading with what the words that stand alone and the characters behind add to its score."""
    single, _ = pairs()
    text = reading.text
    inside = range(before, len(text) - after)
    alone = frozenset(at - before for at in as_words.alone() if at in inside)
    score = reading.weight + as_words.score - ALONE * len(alone)
    for at in inside:
        seen = triples().get(text[at : at + 2], NONE).get(text[at + 2 : at + 3], 0)
        score += BEHIND * math.log(seen / (single.get(text[at], 0) + 1) + SELDOM)
    return Weighed(score, reading.raw, alone)


def _is_word_for_word(best: Weighed, other: Weighed) -> bool:
    """Do the readings differ inside words only, such as 道路 and 铁路?"""
    alone = best.alone | other.alone
    return all(one == two or at not in alone for at, (one, two) in enumerate(zip(best.raw, other.raw, strict=False)))


def _split(reading: str, cells: Sequence[Mapping[str, float]]) -> list[str]:
    """What a reading has for each cell: a character, or one with the blank behind it."""
    parts: list[str] = []
    at = 0
    for cell in cells:
        parts.append(reading[at : at + 2] if reading[at : at + 2] in cell else reading[at])
        at += len(parts[-1])
    return parts


def _runs(places: Iterable[Place]) -> Iterator[list[Place]]:
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
