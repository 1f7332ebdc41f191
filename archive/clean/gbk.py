"""GBK text cut inside a character: a lost lead byte or a note pushed between two bytes puts what follows out of step.

The bytes after the cut are still there, only paired wrongly: encoding the run as GBK again, with the right byte put
back, and decoding it gives the original. Which byte that was GBK, the reading in the note and the language decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from archive.clean.changes import Edit, Repaired, splice
from archive.clean.language import EDGE, MARKS, Language
from archive.clean.pinyin import HAN, LETTERS, NOTE, is_reading
from archive.clean.simplify import simplified

# `?` (or U+FFFD) stands for a byte that found no partner. Where a note stood behind it, the note's bracket was mostly
# taken for the partner and lost as well.
LOST = re.compile(
    rf"[?\ufffd](?:[(（]?(?P<note>[{LETTERS}]{{1,6}})[)）])?|(?<=[{HAN}])(?P<bare>[{LETTERS}]{{1,6}})[)）]"
)
SITE = re.compile(
    rf"""[?\ufffd](?=[(（]?[{LETTERS}]{{1,6}}[)）] | [^\x00-\x7f?\ufffd])  # a note, or a character out of step
    | (?<=[^\x00-\x7f])[?\ufffd](?=[@-Z\\_a-z\[\]^`{{|}}~])  # the lead byte of a character whose trail byte is ASCII
    | (?<=[{HAN}])(?=[{LETTERS}]{{1,6}}[)）])  # a note without its opening bracket""",
    re.VERBOSE,
)
LONGEST_RUN = 120
MOST_SITES = 200
BEAM = 40
CONTEXT = 10
# How much likelier (in natural logarithms) the winner must be than its rival, and than the text as it stands.
MARGIN = 2.5
GAIN = 4.0
PRIOR = 5.0


@dataclass(frozen=True, slots=True)
class Run:
    """A damaged stretch as the bytes it came from: None for each lost byte, with the reading known of it, if any.

    `ends` maps each place in the bytes where the damaged text has a character boundary to the offset of that
    boundary in the text; once the true characters have a boundary there too, the two are in step again.
    """

    stream: tuple[int | None, ...]
    notes: dict[int, str]
    ends: dict[int, int]


def undo_gbk_shift(text: str) -> Repaired:
    """Put back the bytes that were lost from GBK text, where one reading is the clear winner.

    A question mark between Chinese characters can be genuine: the text is changed only where a reading is much
    likelier than all others, and likelier than the damaged text itself.
    """
    sites = [site.start() for site in SITE.finditer(text)][:MOST_SITES]
    if not sites:
        return Repaired(text)
    return splice(text, _edits(text, sites), "gbk")


def _edits(text: str, sites: list[int]) -> Iterator[Edit]:
    language = Language(simplified(NOTE.sub(r"\g<char>", text)))
    done = 0
    for start in sites:
        if start < done:
            continue
        edit = _solve(text, start, language)
        if edit is not None:
            yield edit
            done = edit.end


def _solve(text: str, start: int, language: Language) -> Edit | None:
    before = _before(text, start)
    found = _cells(_read_run(text, start), before[-1:])
    if found is None:
        return None
    cells, end = found
    after = _after(text, end)
    ranked = _rank(cells, before, after, language)
    if not ranked:
        return None
    best, winner = ranked[0]
    as_is = language.score(simplified(before + NOTE.sub(r"\g<char>", LOST.sub("？", text[start:end])) + after))
    if best < as_is + GAIN or (len(ranked) > 1 and best < ranked[1][0] + MARGIN):
        return None
    return Edit(start, end, winner, "bytes put back in step")


def _before(text: str, start: int) -> str:
    line = text[max(0, start - 8 * CONTEXT) : start].rpartition("\n")[2]
    return (EDGE + NOTE.sub(r"\g<char>", line))[-CONTEXT:]


def _after(text: str, end: int) -> str:
    line = text[end : end + 8 * CONTEXT].partition("\n")[0]
    return (NOTE.sub(r"\g<char>", line) + EDGE)[:CONTEXT]


def _read_run(text: str, start: int) -> Run:
    stream: list[int | None] = []
    notes: dict[int, str] = {}
    ends: dict[int, int] = {}
    at = start
    while at < len(text) and at - start < LONGEST_RUN and text[at] != "\n":
        ends[len(stream)] = at
        if lost := LOST.match(text, at):
            note = lost["note"] or lost["bare"]
            if note:
                notes[len(stream)] = note
            stream.append(None)
            at = lost.end()
        elif note := NOTE.match(text, at):
            stream += note["char"].encode("gb18030")
            at = note.end()
        else:
            stream += text[at].encode("gb18030", "replace")
            at += 1
    ends[len(stream)] = at
    return Run(tuple(stream), notes, ends)


def _cells(run: Run, previous: str) -> tuple[list[list[str]], int] | None:
    """The characters that each place of the run can have held, up to where it is in step again, and that offset."""
    cells: list[list[str]] = []
    before: int | None = previous.encode("gb18030", "replace")[-1]
    at = 0
    while at < len(run.stream):
        lead = run.stream[at]
        if lead is not None and lead < 0x80:
            options = [chr(lead)]
            at += 1
        elif at + 1 < len(run.stream):
            trail = run.stream[at + 1]
            if lead is None and trail is None and not run.notes.keys() & {at, at + 1}:
                return None  # two bytes gone and nothing known of them: any character would do
            options = [
                char
                for first in _bytes_at(run, at, before)
                for second in _bytes_at(run, at + 1, first)
                if (char := _char(first, second))
            ]
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


def _rank(cells: list[list[str]], before: str, after: str, language: Language) -> list[tuple[float, str]]:
    """The likeliest readings of the cells, best first; of those that differ only in traditional or simplified one."""
    beam = {simplified(before[-1:]): (0.0, "")}
    for number, cell in enumerate(cells):
        grown: dict[str, tuple[float, str]] = {}
        for path, (score, raw) in beam.items():
            for char in cell:
                plain = _plain(char)
                value = score + language.follows(path[-1], plain) + (PRIOR if number == 0 and plain in MARKS else 0)
                if path + plain not in grown or value > grown[path + plain][0]:
                    grown[path + plain] = value, raw + char
        beam = dict(sorted(grown.items(), key=lambda item: -item[1][0])[:BEAM])
    found: dict[str, tuple[float, str]] = {}
    for _, raw in beam.values():
        plain = simplified(before + raw + after)
        found.setdefault(plain, (language.score(plain) + (PRIOR if raw[0] in MARKS else 0), raw))
    return sorted(found.values(), reverse=True)


@cache
def _plain(char: str) -> str:
    return simplified(char)
