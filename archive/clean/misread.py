"""GBK or Big5 taken for Windows-1252 or Latin-1, a whole page or one paragraph of it: `¹ú¼ÒË°Îñ×Ü¾Ö` is 国家税务总局.

The bytes are taken back and paired again. Those that vanished on the way (1252 does not define them, or a browser
hides them) are put back where the language asks for them.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from archive.clean.beside import is_in_code
from archive.clean.changes import LIKELIEST, Edit, Repaired, splice
from archive.clean.evident import GAP
from archive.clean.halves import Option, choices, is_common, lost_whole
from archive.clean.language import EDGE, MARKS, Language, fold, pairs, words
from archive.clean.pinyin import HAN
from archive.clean.remains import BYTES, LETTER, is_utf8
from archive.clean.signs import has_sign
from archive.clean.simplify import foreign_to, simplified, simplified_char

STEP = "mojibake"
WRONG = re.escape("".join(BYTES))
# A stretch of such letters with the ASCII between them. Chinese has about two of them a character. Several spaces that
# do not break (&nbsp;) are the page's own: there is no byte A0 beside another, nor at the start of a character.
STRETCH = re.compile(rf"(?: |(?<![\x21-\x7e])[A-Za-z])?(?!\xa0)[{WRONG}](?:(?!\xa0\xa0)[\x20-\x7e{WRONG}])*")
SIGN = re.compile(rf"(?:[{WRONG}][\x40-\x7e]?){{4}}")
# What is left of a character (並 is 81 4B in GBK) looks like this more often than a letter that is meant.
LONE_LETTER = re.compile(f"(?<=[{WRONG}])[A-Za-z~](?=[{WRONG}])")
# Numbers are ASCII in every encoding and tell nothing.
FIGURES = re.compile(r"[0-9()\[\]., -]")
LEAST = 4
SHARE = 0.4
# Mean log-probability of a character behind the one before it: on 1,500 paragraphs of law between -11.0 and -3.4, on
# the same in a wrong encoding between -16.2 and -13.9.
PLAUSIBLE = -10.5
POSSIBLE = -12.5
# The same of the worst few in a row, where all bytes are there and paired rightly.
IMPLAUSIBLE = -9.0
WINDOW = 6
ENCODINGS = ("gbk", "big5hkscs")
# What 1252 does not define and is still there tells that nothing vanished.
UNDEFINED = re.compile("[\x81\x8d\x8f\x90\x9d\xad]")
# What a page's encoding is judged by: so many stretches, so much of each.
SAMPLES = 5
SAMPLE = 300
# A year in brackets of GBK, Big5 or ASCII, as document numbers have it: £Û2006£Ý is ［2006］, ¡e 2009 ¡f is 〔 2009 〕.
YEAR = r"(?:¡[]e²]|£[Û¨]|\[) ?(?:19|20)[0-9]{2} ?(?:¡[\^f³]|£[Ý©]|\])"
# The code of an office with a character missing, before such a year.
CODE = re.compile(rf"(?P<before>[{HAN}]{{0,6}}){GAP}(?P<after>[{HAN}]{{0,7}})(?= ?[（〔［(\[] ?(?:19|20)[0-9]{{2}})")
BRACKETS = frozenset("（）〔〕［］[]")
BRACKETED = re.compile(r"[（〔［\[] ?[0-9]{4} ?[）〕］\]]")
# What cannot be the second byte of a character parts the bytes for certain, and so does such a year.
PIECE = re.compile(rf"(?P<year>{YEAR})|[\x21-\x3f]+|(?:(?!{YEAR})[^\x21-\x3f])+")
LONGEST = 20_000
LONGEST_WINDOW = 8
MOST_WINDOWS = 300
# How much likelier (in natural logarithms) a reading must be than others for what it alone says.
MARGIN = 4.0
CONTEXT = 6
# A character that vanished whole is not asked for where it gains less: of 399 in laws 308 gained more, and so did 62 of
# 37,614 that were never there, but only 2 of them as much as MARGIN.
NO_GAIN = -5.0


class Path(NamedTuple):
    """The last character of a way to read the bytes up to `end`, and the way `back`.

    `weight` is the part of its `score` that the bytes have; `last` are the characters that the next one is judged by.
    """

    back: "Path | None"
    char: str
    end: int
    score: float
    weight: float
    last: str


def undo_misreading(text: str) -> Repaired:
    """Read as GBK or Big5 again what was read as Windows-1252 or Latin-1, where the result is plausible Chinese.

    Words with accents (Ångström, déjà vu) make no plausible Chinese and stay.
    """
    if not has_sign(text, LETTER) or not has_sign(text, SIGN) or not SIGN.search(text):
        return Repaired(text)
    return splice(text, _edits(text), STEP)


def _edits(text: str) -> Iterator[Edit]:
    language = Language("")
    found = [(match.start(), match[0].rstrip(" ")) for match in STRETCH.finditer(text)]
    stretches = [(start, stretch) for start, stretch in found if _is_suspect(stretch)]
    if not stretches:
        return
    complete = any(UNDEFINED.search(stretch) for _, stretch in stretches)
    read = cache(_read_all if complete else _read)
    encodings = _by_sense([stretch for _, stretch in stretches], read, language)
    room = LONGEST
    for start, stretch in stretches:
        if len(stretch) > room or _is_whole_utf8(stretch):
            continue
        room -= len(stretch)
        for encoding in encodings:
            cells = read(stretch, encoding, language)
            if cells:
                kept = ((cell, False) for cell in cells) if complete else _with_lost(cells, encoding, language)
                yield from _as_edits(start, stretch, kept, f"{encoding} read as Windows-1252")
                break


def _is_suspect(stretch: str) -> bool:
    high = sum(char in BYTES for char in stretch)
    return high >= LEAST and high >= SHARE * len(FIGURES.sub("", stretch))


def _is_whole_utf8(stretch: str) -> bool:
    try:
        return max(_bytes(stretch).decode("utf-8")) > "\u2000"
    except UnicodeDecodeError:
        return False


def _bytes(stretch: str) -> bytes:
    return bytes(BYTES.get(char) or ord(char) for char in stretch)


Cell = tuple[int, int, str]
Cells = list[Cell]
Reader = Callable[[str, str, Language], Cells | None]


def _by_sense(stretches: list[str], read: Reader, language: Language) -> list[str]:
    """The encodings, the one that makes most of the longest stretches first: a page is in one only."""
    sample = [stretch[:SAMPLE] for stretch in sorted(stretches, key=len)[-SAMPLES:]]
    made = {name: sum(len(read(stretch, name, language) or ()) for stretch in sample) for name in ENCODINGS}
    plausible = {
        name: sum(_plausibility(_bytes(stretch).decode(name, "ignore"), language) for stretch in sample)
        for name in ENCODINGS
    }
    return sorted(ENCODINGS, key=lambda name: (made[name] > 0, plausible[name]), reverse=True)


def _plausibility(text: str, language: Language) -> float:
    """Mean log-probability of a character behind the one before it."""
    return fmean([language.behind(first)[second] for first, second in pairwise(EDGE + fold(simplified(text)) + EDGE)])


def _read_all(stretch: str, encoding: str, language: Language) -> Cells | None:
    """A stretch of a page on which no byte vanished; None if `encoding` makes no plausible Chinese of it."""
    try:
        text = _bytes(stretch).decode(encoding)
    except UnicodeDecodeError:
        return None
    return _whole(text) if _plausibility(text, language) > POSSIBLE or _is_known(text) else None


def _is_known(text: str) -> bool:
    """Are all characters common ones? So it is with a document number, in which nothing stands where it mostly does."""
    known, _ = pairs()
    return all(char < "\x80" or char in known or char in MARKS for char in simplified(text))


def _read(stretch: str, encoding: str, language: Language) -> Cells | None:
    """A stretch from which bytes may have vanished; None if `encoding` makes no plausible Chinese of it."""
    cells = _read_whole(stretch, encoding, language)
    if cells:
        return cells
    if is_utf8(stretch):
        return None
    stream = [BYTES.get(char) or ord(char) for char in stretch]
    cells = []
    total = 0.0
    for piece in PIECE.finditer(stretch):
        year = _bytes(piece[0]).decode(encoding, "ignore") if piece["year"] else ""
        if BRACKETED.fullmatch(year):
            cells += [(piece.start() + first, piece.start() + last, char) for first, last, char in _whole(year)]
            continue
        context = EDGE + "".join(cell[2] for cell in cells[-CONTEXT:])
        paths = _paths(stream[piece.start() : piece.end()], context, encoding, language, ONCE)
        if not paths:
            return None
        total += paths[0].score
        cells += _cells(paths[0], piece.start())
    if total <= PLAUSIBLE * len(cells):
        return None
    return _with_codes(_reconsider(cells, stream, encoding, language), stream, encoding)


def _read_whole(stretch: str, encoding: str, language: Language) -> Cells | None:
    """A stretch none of whose bytes is missing: in GBK one would leave a byte over, two leave nonsense between them."""
    complete = encoding == "gbk" and not LONE_LETTER.search(stretch)
    cells = _read_all(stretch, encoding, language) if complete else None
    if cells:
        plain = EDGE + fold(simplified("".join(char for _, _, char in cells)))
        scores = [language.behind(first)[second] for first, second in pairwise(plain)]
        windows = (scores[at : at + WINDOW] for at in range(max(1, len(scores) - WINDOW + 1)))
        if any(sum(window) < IMPLAUSIBLE * len(window) for window in windows):
            return None
    return cells


def _whole(text: str) -> Cells:
    cells: Cells = []
    at = 0
    for char in text:
        width = 1 if char < "\x80" else 2
        cells.append((at, at + width, char))
        at += width
    return cells


@dataclass(frozen=True, slots=True)
class Search:
    """How many ways go on from each byte, and by how many of their last characters they differ."""

    beam: int
    memory: int


ONCE, AGAIN = Search(6, 2), Search(16, 8)
Beam = dict[str, Path]


def _paths(stream: list[int], context: str, encoding: str, language: Language, search: Search) -> list[Path]:
    """The likeliest ways to read bytes some of which vanished, best first."""
    beams: list[Beam] = [{} for _ in range(len(stream) + 2)]
    start = Path(None, "", 0, 0.0, 0.0, fold(simplified(context))[-2:])
    beams[0] = {start.last: start}
    for at in range(len(stream) + 1):
        best = sorted(beams[at].values(), key=lambda path: -path.score)
        if best:
            crowded = at < len(stream) and len(best) >= search.beam
            least = best[search.beam - 1].score if crowded else -math.inf  # those behind it go no further
            _go_on(best[0], lost_whole(encoding), beams[at : at + 3], language, search.memory, least)
            best = sorted(beams[at].values(), key=lambda path: -path.score)[: search.beam]
        options = list(choices(stream, at, encoding))
        for path in best:
            _go_on(path, options, beams[at : at + 3], language, search.memory, -math.inf)
    return sorted(beams[len(stream)].values(), key=lambda path: -path.score)


@lru_cache(maxsize=20_000)
def _kind(char: str) -> str:
    """What the language knows a character as."""
    return fold(simplified_char(char))


def _go_on(
    path: Path, options: Iterable[Option], beams: Sequence[Beam], language: Language, memory: int, least: float
) -> None:
    """Add what a path becomes with each option to the ways up to where it ends, if it is the best of its kind there."""
    behind = language.behind(path.last)
    for char, taken, weight in options:
        kind = _kind(char)
        score, last = path.score + weight, path.last
        if kind != last[-1] or kind not in "0a":  # or it goes on with the same number or word
            score, last = score + behind[kind], (last + kind)[-memory:]
        rival = beams[taken].get(last)
        if score > least and (rival is None or score > rival.score):
            beams[taken][last] = Path(path, char, path.end + taken, score, path.weight + weight, last)


def _reconsider(cells: Cells, stream: list[int], encoding: str, language: Language) -> Cells:
    """The cells with those around a missing byte weighed again by the words they make; unclear ones are left out."""
    kept: Cells = []
    done = 0
    for number, (first, last) in enumerate(_windows(cells)):
        kept += cells[done:first]
        done = last
        if number < MOST_WINDOWS:
            before = EDGE + "".join(cell[2] for cell in cells[max(0, first - CONTEXT) : first])
            after = ("".join(cell[2] for cell in cells[last : last + CONTEXT]) + EDGE)[:CONTEXT]
            start, end = cells[first][0], cells[last - 1][1]
            paths = _paths(stream[start:end], before, encoding, language, AGAIN)
            kept += _agreed([(_weigh(path, before, after, language), _cells(path, start)) for path in paths])
    return [*kept, *cells[done:]]


def _with_codes(cells: Cells, stream: list[int], encoding: str) -> Cells:
    """The cells with what is left of a character where only one makes the code of an office with those beside it."""
    covered = {at for start, end, _ in cells for at in range(start, end)}
    alone = [(at, at + 1, GAP) for at in range(len(stream)) if stream[at] >= 0x80 and at not in covered]
    parts = sorted([*cells, *alone])
    text = "".join(simplified_char(char) for _, _, char in parts)
    found: Cells = []
    for match in CODE.finditer(text) if GAP in text else ():
        at, _, _ = parts[match.end("before")]
        options = {char for char, _, _ in choices([stream[at]], 0, encoding)}
        fitting = [char for char in options if is_in_code(match["before"], simplified_char(char), match["after"])]
        if len(fitting) == 1:
            found.append((at, at + 1, fitting[0]))
    return sorted([*cells, *found])


def _windows(cells: Cells) -> Iterator[tuple[int, int]]:
    """Where bytes are missing, with a cell beside that is no bracket; overlapping ones are one, up to some length."""
    first = last = 0
    for number, (start, end, char) in enumerate(cells):
        if (end - start == 2 and (is_common(char) or char in BRACKETS)) or (char < "\x80" and not char.isalpha()):
            continue
        begin = number if number == 0 or cells[number - 1][2] in BRACKETS else number - 1
        if last and (begin > last or number + 2 - first > LONGEST_WINDOW):
            yield first, last
            first = max(last, begin)
        elif not last:
            first = begin
        last = number + 1 if number + 1 == len(cells) or cells[number + 1][2] in BRACKETS else number + 2
    if last:
        yield first, last


def _weigh(path: Path, before: str, after: str, language: Language) -> float:
    text = "".join(cell[2] for cell in _cells(path, 0))
    return path.weight + language.score(simplified(before + text + after))


def _agreed(ranked: list[tuple[float, Cells]]) -> Cells:
    """The cells that all readings have which are nearly as likely as the best."""
    best = max(score for score, _ in ranked)
    close = [set(cells) for score, cells in ranked if score > best - MARGIN]
    return sorted(set.intersection(*close))


def _with_lost(cells: Cells, encoding: str, language: Language) -> Iterator[tuple[Cell, bool]]:
    """The cells with the characters that vanished whole between them, and whether each is in doubt.

    So is a character that is a little likelier than none, and what stands beside a place where one may be gone.
    """
    cells = [cell for cell in cells if cell[0] < cell[1]]
    plain = simplified(EDGE + "".join(char for _, _, char in cells) + EDGE)
    foreign = foreign_to("".join(char for _, _, char in cells))
    lost = [char for char, *_ in lost_whole(encoding) if not foreign(char)]
    found: list[tuple[Cell, bool]] = []
    in_doubt: set[int] = set()
    for at in range(len(cells) + 1):
        gains = {char: _gain(simplified_char(char), plain, at + 1, language) for char in lost}
        char = max(gains, key=lambda char: gains[char], default="")
        if char and gains[char] > NO_GAIN:
            place = cells[at][0] if at < len(cells) else cells[-1][1]
            if gains[char] >= 0.0:
                found.append(((place, place, char), gains[char] < MARGIN))
            else:
                in_doubt |= {at - 1, at}
    return iter(sorted([*found, *((cell, at in in_doubt) for at, cell in enumerate(cells))]))


def _gain(char: str, text: str, at: int, language: Language) -> float:
    """How much likelier a character makes text[:at] and text[at:]; nothing for one that makes no word with them."""
    before, after = text[max(0, at - CONTEXT) : at], text[at : at + CONTEXT]
    rows = (before[-1:] + char, before[-2:] + char, char + after[:1], char + after[:2])
    if not any(row in words() for row in rows):
        return NO_GAIN
    with_char = language.behind(before)[char] + sum(
        language.behind(before + char + after[:number])[after[number]] for number in range(min(2, len(after)))
    )
    without = sum(language.behind(before + after[:number])[after[number]] for number in range(min(2, len(after))))
    if with_char - without < NO_GAIN:
        return NO_GAIN
    with_it, as_it_is = language.read([before + char + after, before + after])
    return with_it.score - as_it_is.score


def _cells(path: Path, offset: int) -> Cells:
    """What the bytes from `offset` on are taken for along a path."""
    cells: Cells = []
    while path.back is not None:
        cells.append((offset + path.back.end, offset + path.end, path.char))
        path = path.back
    return cells[::-1]


def _as_edits(start: int, stretch: str, cells: Iterable[tuple[Cell, bool]], reason: str) -> Iterator[Edit]:
    for (first, last, char), in_doubt in cells:
        if stretch[first:last] != char:
            yield Edit(start + first, start + last, char, reason + LIKELIEST * in_doubt)
