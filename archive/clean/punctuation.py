"""Marks in the forms that official Chinese text has: full-width between Chinese characters, half-width in numbers."""

import re

from archive.clean.changes import Repaired, replace_each
from archive.clean.pinyin import HAN

STEP = "punctuation"
OPENING = "《〈“‘（〔【「『"
CLOSING = "》〉”’）〕】」』"
FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。"}
# A comma, colon or semicolon behind a Chinese character or mark, or before one; `//` behind a colon is an address.
BETWEEN = re.compile(
    rf"(?<=[{HAN}{CLOSING}])[,;:](?!//)"
    rf"|(?<=[{HAN}{CLOSING}][)\]%])[,;:](?=\s*(?:[{HAN}{OPENING}]|$))"
    rf"|(?<=[0-9A-Za-z)\]%％])[,;:](?=[{HAN}{OPENING}])"
    rf"|(?<=[{HAN}{CLOSING}])!"
    rf"|(?<=[吗呢么否])\?"
    rf"|(?<=[{HAN}][{HAN}][{HAN}{CLOSING}])\.$",
    re.MULTILINE,
)
# Forms of the other width: letters, digits and signs of full width, Chinese marks of half width, corner quotation marks.
OTHER_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ％＋＝＆＠＃＊｡､･]+|[「」『』｢｣]")
QUOTED = re.compile(rf'"(?=[^"\n]{{0,200}}[{HAN}])([^"\n]{{1,200}})"')
NORMAL = {code: chr(code - 0xFEE0) for code in map(ord, "０１２３４５６７８９％＋＝＆＠＃＊")}
NORMAL |= {code: chr(code - 0xFEE0) for first, last in ("ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)}
NORMAL |= str.maketrans("「」『』｢｣｡､･", "“”‘’“”。、·")


def normalise_width(text: str) -> Repaired:
    """Write Latin letters, digits and signs in half width, Chinese marks in full width, 「」 as “”."""
    return replace_each(OTHER_WIDTH, text, lambda match: match[0].translate(NORMAL), STEP, "usual width")


def restore_punctuation(text: str) -> Repaired:
    """Restore Chinese marks that were folded to ASCII where they stand between Chinese characters.

    Brackets stay as they are, and so do marks within numbers (1,000 and 10:30), Latin text and addresses (http://).
    A question mark stays too, but for those behind 吗, 呢, 么 and 否: it may stand for a character that was lost.
    """
    return replace_each(BETWEEN, text, lambda match: FULL[match[0]], STEP, "Chinese mark")


def restore_quotes(text: str) -> Repaired:
    """Restore “” around Chinese text between straight quotation marks."""
    return replace_each(QUOTED, text, lambda match: f"“{match[1]}”", STEP, "Chinese quotation marks")
