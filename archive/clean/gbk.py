"""GBK text cut inside a character: a lost lead byte or a note pushed between two bytes puts what follows out of step.

The bytes after the cut are still there, only paired wrongly: encoding the run as GBK again, with the right byte put
back, and decoding it gives the original. Which byte that was GBK, the reading in the note and the language decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import opencc

from archive.clean import language
from archive.clean.changes import Edit, Repaired, splice
from archive.clean.pinyin import LETTERS, NOTE, is_reading

# `?` (or U+FFFD) stands for the byte a decoder could not pair; it may have swallowed the bracket of a note.
LOST = re.compile(rf"[?\ufffd](?:[(（]?(?P<note>[{LETTERS}]{{1,6}})[)）])?")
SITE = re.compile(rf"(?:(?<=[^\x00-\x7f])|(?<=[^\x00-\x7f][)]))[?\ufffd](?=[(（]?[{LETTERS}]{{1,6}}[)）]|[^\x00-\x7f])")
LONGEST_RUN = 200
MOST_READINGS = 4000
CONTEXT = 10
MARGIN = 2.0


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
    return splice(text, _edits(text), "gbk")


def _edits(text: str) -> Iterator[Edit]:
    done = 0
    for site in SITE.finditer(text):
        if site.start() < done:
            continue
        edit = _solve(text, site.start())
        if edit is not None:
            yield edit
            done = edit.end


def _solve(text: str, start: int) -> Edit | None:
    run = _read_run(text, start)
    before = NOTE.sub(lambda m: m["char"], text[max(0, start - 4 * CONTEXT) : start])[-CONTEXT:]
    found = list(_readings(run, before[-1:]))
    if not found or len(found) > MOST_READINGS:
        return None
    ranked = sorted(((_score(before, *reading, text), *reading) for reading in found), reverse=True)
    (best, after, end) = ranked[0]
    if len(ranked) > 1 and best - ranked[1][0] < MARGIN:
        return None
    return Edit(start, end, after, "bytes put back in step")


def _read_run(text: str, start: int) -> Run:
    stream: list[int | None] = []
    notes: dict[int, str] = {}
    ends: dict[int, int] = {}
    at = start
    while at < len(text) and at - start < LONGEST_RUN and text[at] != "\n":
        ends[len(stream)] = at
        if lost := LOST.match(text, at):
            if lost["note"]:
                notes[len(stream)] = lost["note"]
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


def _readings(run: Run, previous: str) -> Iterator[tuple[str, int]]:
    """All ways to read the run from its start to where it is in step again: the text, and the offset of its end."""
    paths = [(0, "", previous.encode("gb18030", "replace")[-1:])]
    while paths:
        at, text, trail = paths.pop()
        if at and at in run.ends:
            yield text, run.ends[at]
            continue
        if at >= len(run.stream):
            continue
        for lead in _bytes_at(run, at, trail):
            if lead < 0x80:
                paths.append((at + 1, text + chr(lead), bytes([lead])))
            elif at + 1 < len(run.stream):
                for second in _bytes_at(run, at + 1, bytes([lead])):
                    char = _char(lead, second)
                    if char:
                        paths.append((at + 2, text + char, bytes([second])))


def _bytes_at(run: Run, at: int, before: bytes) -> Iterator[int]:
    byte = run.stream[at]
    if byte is not None:
        yield byte
        return
    note = run.notes.get(at)
    for byte in range(0x40, 0xFF):
        if note is None or (before and is_reading(note, _char(before[0], byte) or " ")):
            yield byte


@cache
def _char(lead: int, trail: int) -> str:
    try:
        char = bytes([lead, trail]).decode("gbk")
    except UnicodeDecodeError:
        return ""
    return char if len(char) == 1 else ""


@cache
def _simplify() -> opencc.OpenCC:
    return opencc.OpenCC("tw2s")


def _score(before: str, text: str, end: int, whole: str) -> float:
    after = NOTE.sub(lambda m: m["char"], whole[end : end + 4 * CONTEXT])[:CONTEXT]
    return language.score(_simplify().convert(before + text + after))
