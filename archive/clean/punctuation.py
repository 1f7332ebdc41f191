"""Marks in the forms that official Chinese text has: full-width between Chinese characters, half-width in numbers."""

import re
import string
from collections.abc import Iterator
from functools import partial

from archive.clean.changes import Edit, Repaired, replace_each, splice
from archive.clean.pinyin import HAN
from archive.clean.signs import has_sign

STEP = "punctuation"
OPENING = "《〈“‘（〔【「『"
CLOSING = "》〉”’）〕】」』"
# Behind these a comma, colon or semicolon is Chinese if a Chinese character follows.
BETWEEN = frozenset(string.ascii_letters + string.digits + ")]%％")
FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。"}
MARK = re.compile("[,;:!?.]")
NEARBY = 100
CHINESE = re.compile(rf"[{HAN}{OPENING}{CLOSING}]")
# What stands before a full stop that ends a line, or a sentence inside it.
BEFORE_END = re.compile(rf"[{HAN}{OPENING}{CLOSING}0-9][{HAN}{OPENING}{CLOSING})\]%％]\Z")
BEFORE_INNER = re.compile(rf"[{HAN}{OPENING}{CLOSING})\]][{HAN}{OPENING}{CLOSING}]{{2}}\Z")
FOLDED_END = re.compile(rf"[{HAN}]\.(?:\n|\Z)")
FOLDED = re.compile(rf"[{HAN}][,;][{HAN}]")
BEHIND_QUESTION = frozenset("吗呢么否")
# Letters, digits and signs of full width, Chinese marks of half width and of small form, corner quotation marks,
# mathematical digits, blanks of other widths.
WIDE = "０-９Ａ-Ｚａ-ｚ％＋＝＆＠＃＊｡､･﹐﹑﹔﹕﹖﹗﹙﹚\u2000-\u200a\u202f\u205f\U0001d7ce-\U0001d7ff"
OTHER_WIDTH = re.compile(f"[{WIDE}]+|[「」『』｢｣]|(?<=[0-9０-９])[－．](?=[0-9０-９])")
WIDTH_SIGNS = re.compile(f"[{WIDE}「」『』｢｣－．]")
QUOTED = re.compile(r'"(?![，。；、：])([^"\n]{1,200})"')  # a mark stands behind what was quoted
BOOK = re.compile(rf"<<(?=[^<>\n]{{0,80}}[{HAN}])([^<>\n\[\] ]{{2,80}})>>")
NORMAL: dict[int, int | str] = {
    **str.maketrans("「」『』｢｣｡､･﹐﹑﹔﹕﹖﹗﹙﹚", "“”‘’“”。、·，、；：？！（）"),
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{0x1D7CE + n: str(n % 10) for n in range(50)},
    **dict.fromkeys([*range(0x2000, 0x200B), 0x202F, 0x205F], " "),
    0x2003: "\u3000",
}


def normalise_width(text: str) -> Repaired:
    """Write Latin letters, digits and signs in half width, Chinese marks in full width, 「」 as “”."""
    if not has_sign(text, WIDTH_SIGNS):
        return Repaired(text)
    return replace_each(OTHER_WIDTH, text, lambda match: match[0].translate(NORMAL), STEP, "usual width")


def restore_punctuation(text: str) -> Repaired:
    """Restore Chinese marks that were folded to ASCII where they stand between Chinese characters.

    Brackets stay as they are, and so do marks within numbers (1,000 and 10:30), Latin text and addresses (http://).
    A question mark stays too, but for those behind 吗, 呢, 么 and 否: it may stand for a character that was lost.
    """
    folded = "。" not in text and FOLDED_END.search(text) is not None
    return replace_each(MARK, text, partial(_chinese_mark, folded=folded), STEP, "Chinese mark")


def _chinese_mark(match: re.Match[str], folded: bool) -> str | None:
    """The Chinese mark for one folded to ASCII; `folded` says that all full stops of the text are."""
    text, at, mark = match.string, match.start(), match[0]
    before, after = text[max(0, at - 3) : at], text[at + 1 : at + 3]
    behind_chinese = CHINESE.match(before[-1:]) is not None
    if mark == "?":
        fits = before[-1:] in BEHIND_QUESTION
    elif mark == "!":
        fits = behind_chinese
    elif mark == ".":
        if after[:1] in ("", "\n"):
            fits = BEFORE_END.search(before) is not None
        else:
            fits = BEFORE_INNER.search(before) is not None and _ends_sentence(text, at, folded)
    elif behind_chinese:
        fits = after != "//"
    else:
        fits = bool(before) and before[-1] in BETWEEN and CHINESE.match(after) is not None
    return FULL[mark] if fits else None


def _ends_sentence(text: str, at: int, folded: bool) -> bool:
    """Does the full stop at a place part two sentences? Only if the other marks beside it are folded to ASCII as well.

    Where they are not, it may be the point in a name: 卡尔.马克思.
    """
    before = text[max(0, at - NEARBY) : at].rpartition("\n")[2]
    after = text[at + 1 : at + NEARBY].partition("\n")[0]
    beside = before + after
    return (
        CHINESE.match(after) is not None
        and not any(mark in beside for mark in "，。；")
        and (folded or FOLDED.search(beside) is not None or after.endswith("."))
    )


def restore_quotes(text: str) -> Repaired:
    """Restore “” around Chinese text between straight quotation marks, and 《》 for << and >>."""
    quoted = splice(text, _quotes(text), STEP)
    titled = replace_each(BOOK, quoted.text, lambda match: f"《{match[1]}》", STEP, "Chinese quotation marks")
    return Repaired(titled.text, (*quoted.changes, *titled.changes))


def _quotes(text: str) -> Iterator[Edit]:
    """Edits of the marks that pair in order in a line, around or beside Chinese; nothing where one is missing."""
    at = 0
    for line in text.split("\n") if '"' in text else ():
        for match in QUOTED.finditer(line) if line.count('"') % 2 == 0 else ():
            if CHINESE.search(line, max(0, match.start() - 1), match.end() + 1):
                yield Edit(at + match.start(), at + match.end(), f"“{match[1]}”", "Chinese quotation marks")
        at += len(line) + 1
