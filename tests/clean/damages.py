"""What re-posters' machines do to a text, written out so that the repairs can be measured against it."""

import random
from collections.abc import Sequence

import opencc
from pypinyin.constants import PINYIN_DICT

TRADITIONAL = opencc.OpenCC("s2t")
SIMPLIFIED = opencc.OpenCC("t2s")
MARKS = "，。、；：《》“”（）"
VANISHING = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xAD))


def to_traditional(text: str) -> str:
    return str(TRADITIONAL.convert(text))


def reading(char: str) -> str:
    return PINYIN_DICT.get(ord(char), "").split(",")[0]


def noted(char: str) -> bool:
    """Re-posters note the characters that differ in traditional text."""
    return str(SIMPLIFIED.convert(char)) != char and bool(reading(char))


def with_notes(text: str, chance: random.Random, share: float = 0.8) -> str:
    """Traditional text with a note behind most characters that are traditional only."""
    return "".join(
        f"{char}({reading(char)})" if noted(char) and chance.random() < share else char for char in to_traditional(text)
    )


def read_gbk(parts: Sequence[int | str]) -> str:
    """Bytes, and notes pushed between them, as a decoder of GBK reads them: what finds no partner becomes `?`."""
    out: list[str] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        following = parts[at + 1] if at + 1 < len(parts) else 0
        if isinstance(part, str):
            out.append(part)
        elif part < 0x80:
            out.append(chr(part))
        elif isinstance(following, str):
            out.append("?" + following[1:])  # the bracket of the note is taken for the partner
            at += 1
        else:
            try:
                out.append(bytes((part, following)).decode("gbk"))
                at += 1
            except UnicodeDecodeError:
                out.append("?")
        at += 1
    return "".join(out)


def lose_a_lead_byte(text: str, chance: random.Random) -> str | None:
    """Traditional text in GBK with the lead byte of one mark gone, as far as that damages more than the mark."""
    text = to_traditional(text)
    places = [at for at, char in enumerate(text[:-1]) if char in MARKS and at]
    chance.shuffle(places)
    for at in places:
        damaged = text[:at] + "?" + read_gbk(text[at:].encode("gbk")[1:])
        if "??" not in damaged and not damaged.endswith("?"):
            return damaged
    return None


def push_a_note_between(text: str, chance: random.Random) -> str | None:
    """Traditional text in GBK with notes, one of them behind two bytes that belong to two characters."""
    text = to_traditional(text)
    places = []
    for at in range(len(text) - 1):
        pair = text[at].encode("gbk")[1:] + text[at + 1].encode("gbk")[:1]
        try:
            straddling = pair.decode("gbk")
        except UnicodeDecodeError:
            continue
        if len(straddling) == 1 and noted(straddling):
            places.append((at, straddling))
    if not places:
        return None
    split, straddling = chance.choice(places)
    parts: list[int | str] = []
    for at, char in enumerate(text):
        encoded = char.encode("gbk")
        if at == split + 1:
            parts += [encoded[0], f"({reading(straddling)})", *encoded[1:]]
        else:
            parts += encoded
        if at != split and noted(char) and chance.random() < 0.8:
            parts.append(f"({reading(char)})")
    return read_gbk(parts)


def as_windows_1252(content: bytes) -> str:
    """Bytes read as Windows-1252: the undefined ones and the soft hyphen vanish, A0 becomes a space."""
    return "".join(
        "" if byte in VANISHING else " " if byte == 0xA0 else bytes([byte]).decode("cp1252") for byte in content
    )
