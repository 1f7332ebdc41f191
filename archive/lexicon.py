"""The word lists in data/lexicon: read once, checked at start, every mistake named by file and line."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive.errors import LexiconError
from archive.settings import CHECKOUT

FOLDER = CHECKOUT / "data" / "lexicon"
REMEDY = "Correct that line; the comments at the top of the file say what it may hold."
YEARS = re.compile(r"(\d{4})?-(\d{4})?")


@dataclass(frozen=True, slots=True)
class Office:
    """An office code (机关代字): who numbers under it, and its first and last year of use (None: unknown, or in use).

    `pinyin` is given only where the usual reading of the characters is not that of the code.
    """

    code: str
    authorities: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    pinyin: str = ""

    def in_use(self, year: int) -> bool:
        """Whether the code may carry a number of that year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


@dataclass(frozen=True, slots=True)
class Offices:
    """data/lexicon/offices.toml: what is known about who numbers notices and under which codes.

    `codes` are whole codes, `stems` the second half of local ones (地税个 of 京地税个), `regions` their first half with
    the region's name. `authorities` are the names that number announcements and orders under themselves, with the name
    that is canonical; `joint` gives the forms these have in joint announcements, `local_authorities` the names that
    every region has ({} is its own). `continuous` orders never restart, so that a year beside them tells nothing.
    `before` are the words that may stand directly before a number without belonging to it.
    """

    codes: Mapping[str, Office]
    stems: frozenset[str]
    regions: Mapping[str, str]
    authorities: Mapping[str, str]
    joint: Mapping[str, str]
    local_authorities: tuple[str, ...]
    continuous: frozenset[str]
    before: tuple[str, ...]


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; raises LexiconError with the line if it cannot be read as such."""
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        where = f", line {at[1]}" if at else ", at its end"
        raise LexiconError(f"{path}{where}: {error}.", REMEDY) from error


def read_words(path: Path) -> tuple[str, ...]:
    """The words of a text file, one a line; `#` begins a comment. Raises LexiconError for a word given twice."""
    seen: dict[str, int] = {}
    for number, line in enumerate(_read(path).splitlines(), 1):
        word = line.partition("#")[0].strip()
        if word in seen:
            raise LexiconError(f"{path}, line {number}: {word!r} stands already on line {seen[word]}.", REMEDY)
        if word:
            seen[word] = number
    return tuple(seen)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        remedy = "Restore the file from the repository."
        raise LexiconError(f"{path}: cannot be read: {error.strerror}.", remedy) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise LexiconError(f"{path}, line {line}: not UTF-8.", REMEDY) from error


def mistake(path: Path, found: str, message: str) -> LexiconError:
    """The error for a file that is well-formed but wrong, at the first line that begins with `found`, quoted or not."""
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = (found, f'"{found}"', f"[{found}", f"[[{found}", f'["{found}"')
    line = next((n for n, text in enumerate(lines, 1) if text.strip().startswith(starts)), None)
    if line is None:
        line = next((n for n, text in enumerate(lines, 1) if found in text), 1)
    return LexiconError(f"{path}, line {line}: {message}", REMEDY)


@cache
def offices() -> Offices:
    """The table of office codes that the project ships."""
    return read_offices(FOLDER / "offices.toml")


def read_offices(path: Path) -> Offices:
    """The table of office codes in a file; raises LexiconError for an unknown key, bad years or a wrong type."""
    table = read_toml(path)
    sections: dict[str, Callable[[str, Any], Any]] = {
        "codes": lambda code, row: _office(path, code, row),
        "stems": lambda _, words: words,
        "regions": lambda _, name: name,
        "authorities": lambda _, name: name,
        "joint": lambda _, name: name,
        "words": lambda _, words: words,
    }
    for name in table:
        if name not in sections:
            raise mistake(path, name, f"unknown section [{name}]; known are {', '.join(sections)}.")
    read = {
        name: {key: convert(key, value) for key, value in table.get(name, {}).items()}
        for name, convert in sections.items()
    }
    for name in ("stems", "words"):
        for key, words in read[name].items():
            if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
                raise mistake(path, key, f"{key} must be a list of words.")
    for name in ("regions", "authorities", "joint"):
        for key, value in read[name].items():
            if not isinstance(value, str):
                raise mistake(path, key, f"{key} must be a text in quotes.")
    words = read["words"]
    return Offices(
        codes=read["codes"],
        stems=frozenset(stem for stems in read["stems"].values() for stem in stems),
        regions=read["regions"],
        authorities={alias: name or alias for alias, name in read["authorities"].items()},
        joint=read["joint"],
        local_authorities=tuple(words.get("local", ())),
        continuous=frozenset(words.get("continuous", ())),
        before=tuple(words.get("before", ())),
    )


def _office(path: Path, code: str, row: Any) -> Office:
    known = {"by", "years", "pinyin"}
    if not isinstance(row, dict) or not known >= row.keys():
        raise mistake(path, code, f'{code} must be {{ by = ["authority", …], years = "1993-2013", pinyin = "…" }}.')
    by, years = row.get("by", []), row.get("years", "")
    if not isinstance(by, list) or not by or not all(isinstance(name, str) and name for name in by):
        raise mistake(path, code, f"{code} needs by = [authorities].")
    span = YEARS.fullmatch(years) if isinstance(years, str) else None
    if years and (span is None or (span[1] and span[2] and span[1] > span[2])):
        raise mistake(
            path, code, f'years of {code} must be such as "1993-2013", or "2018-" while in use, not {years!r}.'
        )
    first, last = (int(year) if year else None for year in span.groups()) if span else (None, None)
    return Office(code, tuple(by), first, last, pinyin=row.get("pinyin", ""))
