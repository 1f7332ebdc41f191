"""The letters of pinyin notes whose UTF-8 was read as Windows-1252: `(guÄ«)` is (guī)."""

import re
from collections.abc import Iterator

from archive.clean.changes import Repaired, replace_each
from archive.clean.mojibake import STEP
from archive.clean.pinyin import TONED
from archive.clean.remains import HIGH, LOST, UNDEFINED, VANISHED
from archive.clean.signs import has_sign

LETTERS = f"{TONED}ü"


def _spellings(letter: str) -> Iterator[str]:
    """How the two bytes of a letter are shown: as 1252 or Latin-1 does, the second gone, or a space for A0."""
    lead, second = letter.encode()
    shown = {chr(second), *(char for char, byte in HIGH.items() if byte == second)}
    shown |= {""} if second in VANISHED else {" "} if second == 0xA0 else set()
    shown |= {LOST} if second in UNDEFINED else set()
    return (chr(lead) + char for char in shown)


# Each spelling is that of one letter: í lost AD, ā 81, ō 8D and ǐ 90.
MEANT = {spelling: letter for letter in LETTERS for spelling in _spellings(letter)}
LEADS = re.compile(f"[{''.join(sorted({spelling[0] for spelling in MEANT}))}]")
LETTER = re.compile("|".join(map(re.escape, sorted(MEANT, key=len, reverse=True))))
SYLLABLE = rf"[a-z]{{1,5}}(?:{LETTER.pattern})[a-z]{{0,4}}(?:{LETTER.pattern})?"
VOWELS = rf"(?:{LETTER.pattern})[a-z]{{1,4}}|Ã[©¨]"
# Behind a character, the last byte of which may be a space by now.
OPEN = r"(?:(?<=[^\x00-\x7f][(（\[【])|(?<=[^\x00-\x7f] [(（\[【])|(?<=ï¼[ˆ\x88]))"
NOTE = re.compile(rf"{OPEN}(?:{SYLLABLE}|{VOWELS})(?=[)）\]】]|ï¼[‰\x89])")


def restore_tones(text: str) -> Repaired:
    """Restore the letters with tones in brackets behind a character, which is damaged itself more often than not."""
    if not has_sign(text, LEADS):
        return Repaired(text)
    return replace_each(
        NOTE,
        text,
        lambda note: LETTER.sub(lambda letter: MEANT[letter[0]], note[0]),
        STEP,
        "UTF-8 read as Windows-1252",
    )
