"""What a byte of GBK or Big5 can be where others vanished: a character, what is left of one, or a sign of ASCII."""

from collections.abc import Iterator
from functools import cache

from archive.clean.language import pairs
from archive.clean.remains import VANISHED
from archive.clean.simplify import simplified_char

# Weights of a byte that is missing, and of a Latin letter, which is mostly what is left of a character.
MISSING = -2.0
LATIN = -8.0
# A character both of whose bytes vanished is not taken for one as rare as this.
RARE = 50
# A character, how many bytes it takes, and its weight.
Option = tuple[str, int, float]


def choices(stream: list[int], at: int, encoding: str) -> Iterator[Option]:
    """What can begin at a byte."""
    if at == len(stream):
        return
    byte = stream[at]
    if byte < 0x80:
        yield chr(byte), 1, LATIN if chr(byte).isalpha() else 0.0
    if at + 1 < len(stream):
        pair = (0xA0 if byte == 0x20 else byte, 0xA0 if stream[at + 1] == 0x20 else stream[at + 1])
        char = _decode(*pair, encoding)
        if char and (0x20 not in (byte, stream[at + 1]) or is_common(char)):
            yield char, 2, MISSING * pair.count(0xA0)
    if byte >= 0x40:
        yield from _halves(byte, encoding)


@cache
def _halves(byte: int, encoding: str) -> tuple[Option, ...]:
    """The characters of which a byte can be what is left, as options.

    The dots of an ellipsis are not among them: A1 A1, a space of full width, would be two such halves.
    """
    pairs_of_bytes = (pair for missing in VANISHED for pair in ((byte, missing), (missing, byte)))
    chars = dict.fromkeys(_decode(*pair, encoding) for pair in pairs_of_bytes)
    return tuple((char, 1, MISSING) for char in chars if char and char != "…" and is_common(char))


@cache
def lost_whole(encoding: str) -> tuple[Option, ...]:
    """The characters neither of whose bytes is left, as options: 限 in Big5, 岗 in traditional GBK."""
    chars = (_decode(lead, trail, encoding) for lead in VANISHED for trail in VANISHED)
    return tuple((char, 0, 0.0) for char in chars if char and pairs()[0].get(simplified_char(char), 0) > RARE)


def is_common(char: str) -> bool:
    return simplified_char(char) in pairs()[0]


@cache
def _decode(lead: int, trail: int, encoding: str) -> str:
    try:
        char = bytes((lead, trail)).decode(encoding)
    except UnicodeDecodeError:
        return ""
    return char if len(char) == 1 else ""
