"""GBK or Big5 taken for Windows-1252 or Latin-1, a whole page or one paragraph of it: `¹ú¼ÒË°Îñ×Ü¾Ö` is 国家税务总局.

The bytes are taken back and paired again. Those that vanished on the way (1252 does not define them, or a browser
hides them) are put back where the language asks for them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import fmean

from archive.clean.changes import Edit, Repaired, splice
from archive.clean.language import EDGE, MARKS, Language, pairs
from archive.clean.mojibake import BYTES, LETTER, VANISHED, is_utf8
from archive.clean.simplify import simplified
from archive.clean.solve import rank

STEP = "mojibake"
WRONG = re.escape("".join(BYTES))
# A stretch of such letters with the ASCII between them. Chinese has about two of them a character.
STRETCH = re.compile(rf" ?[{WRONG}][\x20-\x7e{WRONG}]*")
SIGN = re.compile(rf"(?:[{WRONG}][\x40-\x7e]?){{4}}")
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
# What cannot be the second byte of a character parts the bytes for certain.
PIECE = re.compile(r"[\x21-\x3f]+|[^\x21-\x3f]+")
MISSING = -2.0
LATIN = -4.0
BEAM = 6
LONGEST = 20_000
MARGIN = 1.5
CONTEXT = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One character of a way to read the bytes: it took them up to `end`."""

    back: "Step | None"
    char: str
    end: int


def undo_misreading(text: str) -> Repaired:
    """Read as GBK or Big5 again what was read as Windows-1252 or Latin-1, where the result is plausible Chinese.

    Words with accents (Ångström, déjà vu) make no plausible Chinese and stay.
    """
    if not LETTER.search(text) or not SIGN.search(text):
        return Repaired(text)
    return splice(text, _edits(text), STEP)


def _edits(text: str) -> Iterator[Edit]:
    language = Language("")
    found = [(match.start(), match[0].rstrip(" ")) for match in STRETCH.finditer(text)]
    stretches = [(start, stretch) for start, stretch in found if _is_suspect(stretch)]
    if not stretches:
        return
    read = _read_all if any(UNDEFINED.search(stretch) for _, stretch in stretches) else _read
    encodings = _by_sense([stretch for _, stretch in stretches], read, language)
    room = LONGEST
    for start, stretch in stretches:
        if len(stretch) > room or _is_whole_utf8(stretch):
            continue
        room -= len(stretch)
        for encoding in encodings:
            cells = read(stretch, encoding, language)
            if cells:
                yield from _as_edits(start, stretch, cells, f"{encoding} read as Windows-1252")
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


Cells = list[tuple[int, int, str]]
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
    return fmean(language.follows(*pair) for pair in pairwise(EDGE + simplified(text) + EDGE))


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
    if cells or is_utf8(stretch):
        return cells
    cells = []
    total = 0.0
    for piece in PIECE.finditer(stretch):
        found = _read_with_gaps(piece[0], encoding, language)
        if found is None:
            return None
        total += found[0]
        cells += ((piece.start() + first, piece.start() + last, char) for first, last, char in found[1])
    return cells if total > PLAUSIBLE * len(cells) else None


def _read_whole(stretch: str, encoding: str, language: Language) -> Cells | None:
    """A stretch none of whose bytes is missing: in GBK one would leave a byte over, two leave nonsense between them."""
    cells = _read_all(stretch, encoding, language) if encoding == "gbk" else None
    if cells:
        plain = EDGE + simplified("".join(char for _, _, char in cells))
        scores = [language.follows(*pair) for pair in pairwise(plain)]
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


def _read_with_gaps(piece: str, encoding: str, language: Language) -> tuple[float, Cells] | None:
    """A piece some of whose bytes vanished: the likeliest way to put them back."""
    stream = [BYTES.get(char) or ord(char) for char in piece]
    beams: list[dict[str, tuple[float, Step]]] = [{} for _ in range(len(stream) + 2)]
    beams[0][EDGE] = (0.0, Step(None, EDGE, 0))
    for at in range(len(stream)):
        best = sorted(beams[at].items(), key=lambda item: -item[1][0])[:BEAM]
        beams[at] = dict(best)
        if not best:
            continue
        for char, taken, weight in _options(stream, at, encoding):
            plain = simplified(char)
            end = beams[at + taken]
            for last, (score, step) in best:
                value = score + weight + language.follows(last, plain)
                if plain not in end or value > end[plain][0]:
                    end[plain] = value, Step(step, char, at + taken)
    if not beams[len(stream)]:
        return None
    score, step = max(beams[len(stream)].values(), key=lambda item: item[0])
    return score, _reconsider(_cells(step), stream, encoding, language)


def _reconsider(cells: Cells, stream: list[int], encoding: str, language: Language) -> Cells:
    """The cells whose bytes are not all there weighed again with the words around them; unclear ones are left out."""
    kept: Cells = []
    for number, (start, end, char) in enumerate(cells):
        options = {
            option: weight for option, taken, weight in _options(stream, start, encoding) if start + taken == end
        }
        if options.get(char):
            before = EDGE + "".join(cell[2] for cell in cells[max(0, number - CONTEXT) : number])
            after = "".join(cell[2] for cell in cells[number + 1 : number + 1 + CONTEXT])
            ranked = rank([options], before, after, language)
            if len(ranked) > 1 and ranked[0][0] < ranked[1][0] + MARGIN:
                continue
            kept.append((start, end, ranked[0][1]))
        else:
            kept.append((start, end, char))
    return kept


def _options(stream: list[int], at: int, encoding: str) -> Iterator[tuple[str, int, float]]:
    """What can begin at a byte: the characters, how many bytes they take, and their weight."""
    byte = stream[at]
    if byte < 0x80:
        yield chr(byte), 1, LATIN if chr(byte).isalpha() else 0.0
    if at + 1 < len(stream):
        pair = (0xA0 if byte == 0x20 else byte, 0xA0 if stream[at + 1] == 0x20 else stream[at + 1])
        char = _decode(*pair, encoding)
        if char:
            yield char, 2, MISSING * pair.count(0xA0)
    if byte >= 0x40:
        for missing in VANISHED:
            for pair in ((byte, missing), (missing, byte)):
                char = _decode(*pair, encoding)
                if char and simplified(char) in pairs()[0]:
                    yield char, 1, MISSING


@cache
def _decode(lead: int, trail: int, encoding: str) -> str:
    try:
        char = bytes((lead, trail)).decode(encoding)
    except UnicodeDecodeError:
        return ""
    return char if len(char) == 1 else ""


def _cells(step: Step | None) -> list[tuple[int, int, str]]:
    cells: list[tuple[int, int, str]] = []
    while step is not None and step.back is not None:
        cells.append((step.back.end, step.end, step.char))
        step = step.back
    return cells[::-1]


def _as_edits(start: int, stretch: str, cells: list[tuple[int, int, str]], reason: str) -> Iterator[Edit]:
    for first, last, char in cells:
        if stretch[first:last] != char:
            yield Edit(start + first, start + last, char, reason)
