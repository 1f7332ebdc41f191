"""GBK text cut inside a character: a lost lead byte or a note pushed between two bytes puts what follows out of step.

The bytes after the cut are still there, only paired wrongly: encoding the run as GBK again, with the right byte put
back, and decoding it gives the original. Which byte that was GBK, the reading in the note and the language decide.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from archive.clean.changes import LIKELIEST, Edit, Repaired, splice
from archive.clean.language import EDGE, INDENT, LONGEST_PAGE, MARKS, Language, pairs
from archive.clean.pinyin import HAN, LETTERS, NOTE, is_reading
from archive.clean.signs import has_sign
from archive.clean.simplify import simplified
from archive.clean.solve import Cell, rank

CONSONANTS = "bcdfghj-np-tw-z"
# `?` (or U+FFFD) stands for a byte that found no partner. Where a note stood behind it, the note's bracket was mostly
# taken for the partner and lost as well.
SYLLABLE = rf"(?![{CONSONANTS}]+[)）])[{LETTERS}]{{1,6}}"
LOST = re.compile(rf"[?\ufffd](?:[(（]?(?P<note>{SYLLABLE})[)）])?|(?<=[{HAN}])(?P<bare>{SYLLABLE})[)）]")
SITE = re.compile(
    rf"""[?\ufffd](?=[(（]?{SYLLABLE}[)）] | [!,;:]?[^\x00-\x7f?\ufffd])  # a note, or a character out of step
    | (?<=[^\x00-\x7f,;:)])[?\ufffd](?=[@-Z\\_a-z\[\]^`{{|}}~])  # the lead byte, the trail byte being ASCII
    | (?<![?\ufffd\x20A-Za-z])[?\ufffd]{{2}}(?=[0-9()（）《“{HAN}])  # a character that is lost whole
    | (?<=[{HAN}])(?={SYLLABLE}[)）])  # a note without its opening bracket""",
    re.VERBOSE,
)
WHOLE = re.compile("[?\ufffd]{2}")
# What every such place has; most pages have none of it.
HINT = re.compile(f"[?\ufffd]|[{LETTERS}][)）]")
NUMERALS = frozenset("一二三四五六七八九十百千两")
LONGEST_RUN = 120
# Bounds of the work on one page: sites, and those among them where any character can have stood.
MOST_SITES = 100
MOST_WHOLE = 40
CONTEXT = 10
# How much likelier (in natural logarithms) the winner must be than its rival, and than the text as it stands. Of 568
# notices' paragraphs cut anywhere no character that led another by 4 was wrong, and of marks that led another by 2 one
# in 30; but a mark that led a character by 6 was wrong as often as right (`委托代征` read `委托，征`).
MARGIN_NOTE = 2.0
MARGIN_MARK = 2.5
MARGIN_WORD = 5.0
MARGIN_MARK_OR_WORD = 6.5
GAIN = 4.0
# With this share of a margin, and so much likelier than the text as it stands, a reading is taken and told as doubtful.
LIKELY, LIKELY_GAIN = 0.5, 12.0
# A mark that leads a character by less is told as doubtful: of 300 paragraphs of law with one cut 4 came out wrong with
# nothing to tell it, and now 1 (2026-11-24).
MARGIN_CERTAIN_MARK = 13.0
REASON = "bytes put back in step"
# Marks are what byte-wise replacements hit (all 13 cuts in the pages this was developed on were at one).
PRIOR = 5.0
# A character that is lost whole is not taken for one as rare as this.
RARE = 50
ASKED = tuple("吗呢么吧啊")
FOLDED = re.compile("[!,;:]")
UNFOLDED = str.maketrans("!,;:", "！，；：")


@dataclass(frozen=True, slots=True)
class Run:
    """A damaged stretch as the bytes it came from: None for each lost byte, with the reading known of it, if any.

    `ends` maps each place in the bytes where the damaged text has a character boundary to the offset of that
    boundary in the run; once the true characters have a boundary there too, the two are in step again.
    """

    stream: tuple[int | None, ...]
    notes: dict[int, str]
    ends: dict[int, int]


def undo_gbk_shift(text: str) -> Repaired:
    """Put back the bytes that were lost from GBK text, where one reading wins clearly or, as told, is the likeliest.

    A question mark between Chinese characters can be genuine: the text is changed only where a reading is much
    likelier than all others, and likelier than the damaged text itself.
    """
    if not has_sign(text, HINT) or not HINT.search(text):
        return Repaired(text)
    sites = [site.start() for site in islice(SITE.finditer(text), MOST_SITES)]
    if not sites:  # the language of a page takes a millisecond to learn
        return Repaired(text)
    return splice(text, _edits(text, sites), "gbk")


def _edits(text: str, sites: list[int]) -> Iterator[Edit]:
    language = Language(simplified(NOTE.sub(r"\g<char>", text[: 4 * LONGEST_PAGE])))
    done = 0
    whole = 0
    for start in sites:
        if start < done or (whole == MOST_WHOLE and WHOLE.match(text, start)):
            continue
        whole += WHOLE.match(text, start) is not None
        edit = _solve(text, start, language)
        if edit is not None:
            yield edit
            done = edit.end


def _solve(text: str, start: int, language: Language) -> Edit | None:
    """The edit that puts the run at `start` in step; its marks may have been folded to ASCII after the damage."""
    if WHOLE.match(text, start) and text.endswith(ASKED, 0, start):
        return None
    window = text[start : start + LONGEST_RUN]
    edit = _solve_run(text, start, window, language)
    if edit is None and FOLDED.search(window):
        edit = _solve_run(text, start, window.translate(UNFOLDED), language)
    return edit


def _solve_run(text: str, start: int, window: str, language: Language) -> Edit | None:
    before = _before(text, start)
    run = _read_run(window, before[-1])
    found = _cells(run, before)
    if found is None:
        return None
    cells, length = found
    end = start + length
    after = _after(text, end)
    ranked = rank(cells, before, after, language)
    if not ranked:
        return None
    best, winner = ranked[0]
    as_is = language.score(simplified(before + NOTE.sub(r"\g<char>", LOST.sub("？", text[start:end])) + after))
    if best < as_is + GAIN:
        return None
    rivals, likely = (
        [
            reading
            for score, reading in ranked
            if score > best - (share * MARGIN_NOTE if run.notes else _margin(winner[0], reading[0], share))
        ]
        for share in (1.0, LIKELY)
    )
    reason = REASON
    is_sure, is_likely = len(rivals) == 1, len(likely) == 1 and best >= as_is + LIKELY_GAIN
    if (is_sure and not run.notes and _is_doubtful_mark(ranked)) or (not is_sure and is_likely):
        reason += LIKELIEST
    elif not is_sure:
        # Where only a last mark is unclear, because nothing tells its second byte, it stays lost.
        if (
            len({reading[:-1] for reading in rivals}) > 1
            or len(winner) == 1
            or not MARKS.keys() >= {reading[-1] for reading in rivals}
        ):
            return None
        winner = winner[:-1] + text[end - 1]
    return Edit(start, end, winner, reason) if winner != text[start:end] else None


def _is_doubtful_mark(ranked: Sequence[tuple[float, str]]) -> bool:
    """Whether a mark won over a character that is not much less likely."""
    best, winner = ranked[0]
    return winner[0] in MARKS and any(
        reading[0] not in MARKS for score, reading in ranked if score > best - MARGIN_CERTAIN_MARK
    )


def _margin(char: str, rival: str, share: float) -> float:
    """How much likelier a character must be at the place of the cut: that, or a share of it if the reading is told as
    doubtful. No text tells one number from another, and little a mark from a character.
    """
    if {char, rival} <= NUMERALS:
        return math.inf
    if (char in MARKS) != (rival in MARKS):
        return share * MARGIN_MARK_OR_WORD
    return share * (MARGIN_MARK if char in MARKS else MARGIN_WORD)


def _before(text: str, start: int) -> str:
    line = text[max(0, start - 8 * CONTEXT) : start].rpartition("\n")[2]
    return (EDGE + NOTE.sub(r"\g<char>", line))[-CONTEXT:]


def _after(text: str, end: int) -> str:
    line = text[end : end + 8 * CONTEXT].partition("\n")[0]
    return (NOTE.sub(r"\g<char>", line) + EDGE)[:CONTEXT]


def _read_run(window: str, previous: str) -> Run:
    stream: list[int | None] = []
    notes: dict[int, str] = {}
    ends: dict[int, int] = {}
    window = previous + window.partition("\n")[0]
    at = 1
    while at < len(window):
        ends[len(stream)] = at - 1
        if lost := LOST.match(window, at):
            note = lost["note"] or lost["bare"]
            if note:
                notes[len(stream)] = note
            stream.append(None)
            at = lost.end()
        elif note := NOTE.match(window, at):
            stream += note["char"].encode("gb18030")
            at = note.end()
        else:
            stream += window[at].encode("gb18030", "replace")
            at += 1
    ends[len(stream)] = at - 1
    return Run(tuple(stream), notes, ends)


def _cells(run: Run, context: str) -> tuple[list[Cell], int] | None:
    """The characters that each place of the run can have held, up to where it is in step again, and that offset."""
    cells: list[Cell] = []
    before: int | None = context[-1].encode("gb18030", "replace")[-1]
    at = 0
    while at < len(run.stream):
        lead = run.stream[at]
        if lead is not None and lead < 0x80:
            options: Cell = ((chr(lead), 0.0),)
            at += 1
        elif at + 1 < len(run.stream):
            trail = run.stream[at + 1]
            if lead is None and trail is None and not run.notes.keys() & {at, at + 1}:
                following = run.stream[at + 2] if at + 2 < len(run.stream) else None
                if at or following is None:
                    return None  # two bytes gone and nothing known of them: any character would do
                # In front of ASCII any character can have stood, and marks stand there no more often than others.
                options = tuple((char, _prior(char, context) * (following >= 0x80)) for char in _whole(following))
            else:
                options = tuple(
                    (char, _prior(char, context) if at == 0 else 0.0)
                    for first in _bytes_at(run, at, before)
                    for second in _bytes_at(run, at + 1, first)
                    if (char := _char(first, second))
                )
            before = trail
            at += 2
        else:
            return None
        if not options:
            return None
        cells.append(options)
        if at in run.ends:
            return cells, run.ends[at]
    return None


def _prior(char: str, context: str) -> float:
    """The weight of a character at the place of the cut."""
    return PRIOR if char in MARKS and not (char == INDENT and context[-1] == EDGE) else 0.0


@cache
def _whole(following: int | None) -> tuple[str, ...]:
    """The characters of which nothing need be left in front of the byte `following`."""
    if following is None:
        return ()
    trails = [trail for trail in range(0x80, 0xFF) if not _char(trail, following)]
    chars = (_char(lead, trail) for lead in range(0x81, 0xFF) for trail in trails)
    return tuple(char for char in chars if char in MARKS or pairs()[0].get(simplified(char), 0) > RARE)


def _bytes_at(run: Run, at: int, before: int | None) -> Iterator[int]:
    byte = run.stream[at]
    if byte is not None:
        yield byte
        return
    note = run.notes.get(at)
    following = run.stream[at + 1] if at + 1 < len(run.stream) else None
    for byte in range(0x80, 0x100):
        if note is not None:
            if before is not None and is_reading(note, _char(before, byte) or " "):
                yield byte
        elif at == 0 or following is None or not _char(byte, following):
            yield byte


@cache
def _char(lead: int, trail: int) -> str:
    try:
        char = bytes([lead, trail]).decode("gbk")
    except UnicodeDecodeError:
        return ""
    return char if len(char) == 1 else ""
