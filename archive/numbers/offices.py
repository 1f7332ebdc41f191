"""Which characters before a bracket are the office code, and which are the sentence around it."""

import re
from functools import cache, lru_cache

from opencc import OpenCC

from archive.lexicon import offices

LONGEST_CODE = 10
LONGEST_NAME = 30
LONGEST_UNKNOWN = 8
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
RUN = re.compile(f"[{HAN}]*$")
GAP = re.compile(r"[ \t\u3000\xa0]*$")
JOINT = re.compile(r"[ \t\u3000\xa0、]+$")
REPUBLIC = "中华人民共和国"
# A local authority that numbers under its own name: 北京市地方税务局, 国家税务总局深圳市税务局, 苏州市人民政府.
LOCAL = re.compile(
    f"(?:国家税务总局)?[{HAN}]{{2,12}}?(?:省|市|区|县|州|盟|旗)"
    f"(?:国家税务局|地方税务局|税务局|财政局|财政厅|人民政府(?:办公厅|办公室)?|[{HAN}]{{2,8}}(?:局|厅|委员会))$"
)


def code_before(text: str, end: int) -> tuple[str, int] | None:
    """The office code that ends at text[end] and where it starts, or None if the characters there are none.

    A code of the table is found whatever stands before it; a local one is a region before a known code or stem; any
    other run of 2 to 8 characters counts once the words that may precede a number (根据, 转发, 的 …) are cut off.
    """
    window, start = _window(text, end, LONGEST_CODE + LONGEST_UNKNOWN)
    if not window or window.endswith(KINDS):
        return None
    known = known_suffix(window)
    if known:
        return known, start + len(window) - len(known)
    rest = window[_sentence(window) :]
    if not 2 <= len(rest) <= LONGEST_UNKNOWN or _after_latin(text, end - len(rest)):
        return None
    return rest, start + len(window) - len(rest)


KINDS = ("公告", "通告", "令")


def known_suffix(window: str) -> str:
    """The longest code of the table, or region and stem, that `window` ends with; "" if there is none."""
    table = offices()
    for start in range(max(0, len(window) - LONGEST_CODE), len(window) - 1):
        word = window[start:]
        if word in table.codes or word in table.stems:
            region = next(
                (
                    window[start - n : start]
                    for n in (2, 1)
                    if start >= n and window[start - n : start] in table.regions
                ),
                "",
            )
            if region or word in table.codes:
                return region + word
    return ""


def authority_before(text: str, end: int) -> tuple[str, int] | None:
    """The authority, or the joint authorities joined by spaces, whose name ends at text[end], and where it starts."""
    names: list[str] = []
    start = end
    while True:
        found = _name_before(text, start)
        if found is None:
            break
        name, start = found
        names.insert(0, name)
        joint = JOINT.search(text, max(0, start - 3), start)
        if joint is None or _name_before(text, joint.start()) is None:
            break
        start = joint.start()
    return (" ".join(names), start) if names else None


def _name_before(text: str, end: int) -> tuple[str, int] | None:
    window, start = _window(text, end, LONGEST_NAME)
    table = offices().authorities
    for at in range(len(window) - 1):
        if window[at:] in table:
            name = table[window[at:]]
            at -= len(REPUBLIC) if window[:at].endswith(REPUBLIC) else 0
            return name, start + at
    rest = window[_sentence(window) :]
    if LOCAL.match(rest):
        return rest, start + len(window) - len(rest)
    return None


def _window(text: str, end: int, length: int) -> tuple[str, int]:
    """The run of Chinese characters that ends at text[end], simplified, and where it starts."""
    run = RUN.search(text, max(0, end - length), end)
    return simplified(run[0]) if run else "", run.start() if run else end


def _sentence(window: str) -> int:
    """Where in `window` the words of the sentence end and something else begins."""
    return max((window.rfind(word) + len(word) for word in offices().before if word in window), default=0)


def _after_latin(text: str, start: int) -> bool:
    return start > 0 and text[start - 1].isascii() and text[start - 1].isalpha()


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """`text` in simplified characters, character for character."""
    converted = str(_converter().convert(text))
    return converted if len(converted) == len(text) else text
