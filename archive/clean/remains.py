"""What Windows-1252 leaves of UTF-8: its bytes as letters, and the characters that these can have been."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import permutations, product

from archive.clean.language import MARKS, words
from archive.clean.simplify import simplified
from archive.clean.solve import Cell

UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
HYPHEN = 0xAD
VANISHED = (*UNDEFINED, HYPHEN)
LOST = "\ufffd"
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
CELL = re.compile(rf"(?P<whole>(?:{WHOLE})+)|{IN_NOTE}(?P<lead>[à-ï])(?P<rest>[{CONTINUATION} {LOST}]{{0,2}})")
TO_BYTES = str.maketrans({char: chr(byte) for char, byte in HIGH.items()})
# The letters of Latin-1, without the marks that Chinese text has as well (· × ° ±).
LETTER = re.compile("[¡-¯²-¶¸-ÖØ-öø-ÿ]")
NO_LETTERS = bytes(byte for byte in range(0x100) if not LETTER.match(chr(byte)))
# In UTF-8 taken for Windows-1252 nearly all letters belong to such characters, in GBK and Big5 few do.
UTF8_SHARE = 0.7
# Logarithm of the weight of a blank behind a Chinese character against that of the byte A0.
BLANK = -6.0
# No words: the brackets of small form, seen around years, and the digit of full width that loses a byte.
RARE = frozenset("﹙﹚﹝﹞０")


def is_utf8(text: str) -> bool:
    """Are the Latin letters of `text` what is left of UTF-8?"""
    return are_utf8(text, CELL.finditer(text))


def are_utf8(text: str, cells: Iterable[re.Match[str]]) -> bool:
    """The same of a text whose CELLs are found already."""
    return _letters("".join([cell[0] for cell in cells])) >= UTF8_SHARE * _letters(text)


def _letters(text: str) -> int:
    return len(text.encode("latin-1", "ignore").translate(None, NO_LETTERS))


@lru_cache(maxsize=10_000)
def characters(lead: int, rest: str, vanished: tuple[int, ...]) -> Cell:
    """The characters that a lead byte and the rest can have been, with the space behind them where it was one."""
    found: dict[str, float] = {}
    for kept in range(len(rest) + 1):
        given = [UNDEFINED if char == LOST else (0xA0 if char == " " else BYTES[char],) for char in rest[:kept]]
        if rest[kept:].strip(" "):
            continue
        for filled in _filled(given, vanished):
            char = bytes([lead, *filled]).decode("utf-8", "ignore")
            if len(char) == 1 and (
                char in MARKS
                or char in BYTES
                or char in RARE
                or simplified(char) in words()
                or (kept == 2 and char > "\uff00")
            ):
                found[char + rest[kept:]] = BLANK if rest[kept:] else 0.0
    return tuple(found.items())


def _filled(given: Sequence[tuple[int, ...]], vanished: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """All ways to make two bytes of what is given and of bytes that vanish."""
    missing = [vanished] * (2 - len(given))
    for places in dict.fromkeys(permutations((*given, *missing))) if len(given) == 1 else [(*given, *missing)]:
        yield from product(*places)
