"""Which characters before a number are the office, and which are the sentence around it."""

import re
from functools import cache, lru_cache

from opencc import OpenCC

from archive.lexicon import offices
from archive.numbers.kinds import ANNOUNCEMENTS, ORDERS

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
LONGEST_CODE = 10
LONGEST_UNKNOWN = 8
LONGEST_NAME = 30
# 法（研）发: a code with the branch of the office in brackets.
SPLIT_CODE = re.compile(
    f"(?<![{HAN}])(?P<head>[{HAN}]{{1,3}})[（(〔\\[](?P<branch>[{HAN}])[）)〕\\]](?P<tail>[{HAN}]{{0,2}})\\Z"
)
REPUBLIC = "中华人民共和国"
RUN = re.compile(rf"[{HAN}]*\Z")
BETWEEN_NAMES = re.compile(r"[ \t\u3000\xa0、]*\Z")
SHORT_LETTERS = ("国税", "税总")  # who writes those of its departments
# Joint announcements say 税务总局 since 2017, except where it comes first.
SHORT_SINCE = 2017
# What a local authority is called, so that one that no table knows is seen whole: 北京市地方税务局, 上海海关.
_NAME = f"(?:(?![局部厅委署令])[{HAN}])"
LOCAL_AUTHORITY = re.compile(
    f"(?:国家税务总局)?{_NAME}{{1,12}}[省市区县州盟旗]"
    f"(?:国家税务局|地方税务局|税务局(?:第?[一二三四五六七八九十]{{0,2}}稽查局)?|人民政府|{_NAME}{{2,10}}[局厅]"
    f"|{_NAME}{{2,10}}委员会)$"
    f"|{_NAME}{{2,4}}海关$"
)
# Before a name of the table: the beginning of a longer one that no table knows, 国家安监 + 总局, 广东省 + 国资委.
NATIONAL = re.compile(f"(?:国家|中国|全国|中央)[{HAN}]{{0,8}}\\Z")
REGIONAL = re.compile(f"{_NAME}{{1,8}}(?:省|市|自治[区州县旗]|区|县|州)[{HAN}]{{0,4}}\\Z")
# What follows a region in a local code that no table knows whole: 沪地税财行, 渝办发.
_LOCAL_HEAD = "地税|国税|财税|财|税|政|府|办|委|人社|劳社|发改|工商|科|民|建|房|价"


def code_before(text: str, end: int) -> tuple[str, int] | None:
    """The office code that ends at text[end] and where it starts, or None if the characters there are none.

    A code of the table is found whatever stands before it, and a local one from its region on. Any other run of 2 to 8
    characters counts once the words that may precede a number (根据, 转发, 的 …) are cut off.
    """
    window, start = _window(text, end, LONGEST_CODE + LONGEST_UNKNOWN)
    if window.endswith(ANNOUNCEMENTS + ORDERS):
        return None
    code = known_suffix(window)
    split = None if code else SPLIT_CODE.search(text, max(0, end - LONGEST_CODE), end)
    if split:
        return simplified(f"{split['head']}（{split['branch']}）{split['tail']}"), split.start()
    code = _lengthened(text, start, window, code) if code else _unknown(window)
    at = start + len(window) - len(code)
    if len(code) < 2 and code not in offices().codes or _after_latin(text, at):
        return None
    return code, at


def known_suffix(window: str) -> str:
    """The longest code that `window` ends with, from the table or made of a region and a local part; "" if none."""
    table = offices()
    local = _local_code().search(window)
    for start in range(max(0, len(window) - LONGEST_CODE), len(window) - 1):
        word = window[start:]
        if local and local.start() <= start:
            return local[0]
        region = _region_before(window, start)
        if region and (word in table.stems or word in table.codes):
            return region + word
        if word in table.codes:
            return word
    return ""


def authority_before(text: str, end: int) -> tuple[tuple[str, ...], int] | None:
    """The authorities, as written, whose names end at text[end], and where the first of them starts; None if none."""
    names: list[str] = []
    start = end
    while found := _name_before(text, start if not names else _skip_between(text, start)):
        name, start = found
        names.insert(0, name)
    return (tuple(names), start) if names else None


def named_office(names: tuple[str, ...], kind: str, year: int) -> str:
    """The canonical office of an announcement or order (`kind`): one authority in full, joint ones as these are styled.

    财政部 税务总局公告, but 国家税务总局 财政部公告 and, before 2017 and in orders, 财政部 国家税务总局.
    """
    table = offices()
    if len(names) == 1:
        return table.authorities.get(names[0], names[0]) + kind
    styled = [table.joint.get(name, name) for name in names]
    full = kind in ORDERS or year < SHORT_SINCE
    tax, tax_short = "国家税务总局", table.joint["国家税务总局"]
    styled = [tax if name == tax_short and (full or at == 0) else name for at, name in enumerate(styled)]
    return " ".join(styled) + kind


def _unknown(window: str) -> str:
    rest = window[_sentence(window) :]
    if len(rest) <= LONGEST_UNKNOWN:
        return rest
    # A long run is a sentence; what can be told from it is a local part with one character of its place before it.
    stem = next((window[at:] for at in range(len(window)) if window[at:] in offices().stems), "")
    return window[-len(stem) - 1 :] if stem else ""


def _lengthened(text: str, start: int, window: str, code: str) -> str:
    """A code of the table that `window` ends with, with what makes a longer one of it that the table lacks.

    The administration that a short letter is of (国税货便函), or a place's one character that begins a line (桐国税发).
    """
    before = window.removesuffix(code)
    if code.endswith("便函") and before.endswith(SHORT_LETTERS):
        return before[-2:] + code
    place = len(before) == 1 and code in offices().stems and _sentence(before) == 0
    return window if place and text[start - 1 : start] in ("", "\n") else code


def _name_before(text: str, end: int) -> tuple[str, int] | None:
    window, start = _window(text, end, LONGEST_NAME)
    known = next((window[at:] for at in range(len(window) - 1) if window[at:] in offices().authorities), "")
    cut = _sentence(window)
    at = len(window) - len(known)
    if cut < at and LOCAL_AUTHORITY.match(window, cut):
        at = cut
        known = window[cut:]
    elif known:
        known, at = _whole_name(known, window[cut:], at - cut)
        at += cut
    if not known:
        return None
    return known, start + at - (len(REPUBLIC) if window[:at].endswith(REPUBLIC) else 0)


def _whole_name(known: str, rest: str, at: int) -> tuple[str, int]:
    """The name that ends with `known`, a name of the table at rest[at:], and where in `rest` it starts.

    Only short forms end longer names: 总局, 国资委. A ministry's own name does not, and 国家教育部 is said of it too.
    """
    canonical = offices().authorities[known]
    if canonical == known:
        return known, at
    lead = NATIONAL.search(rest, 0, max(at, 0)) or REGIONAL.search(rest, 0, max(at, 0))
    if lead is None:
        return known, at
    if canonical.startswith(lead[0]):  # 中国 + 银保监会
        return known, lead.start()
    return rest[lead.start() :], lead.start()


def _skip_between(text: str, end: int) -> int:
    between = BETWEEN_NAMES.search(text, max(0, end - 3), end)
    return between.start() if between else end


def _region_before(window: str, end: int) -> str:
    regions = offices().regions
    return next((window[end - n : end] for n in (2, 1) if end >= n and window[end - n : end] in regions), "")


def _window(text: str, end: int, length: int) -> tuple[str, int]:
    """The run of Chinese characters that ends at text[end], simplified, and where it starts."""
    run = RUN.search(text, max(0, end - length), end)
    return (simplified(run[0]), run.start()) if run else ("", end)


def _sentence(window: str) -> int:
    """Where in `window` the words of the sentence end and something else begins."""
    end = 0
    for match in _before().finditer(window):
        end = match.end()
    return end


def _after_latin(text: str, start: int) -> bool:
    return start > 0 and text[start - 1].isascii() and text[start - 1].isalpha()


@cache
def _before() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, offices().before), key=len, reverse=True))
    return re.compile(f"(?!自治[区州县旗])(?:{words})")  # 自 is such a word, and none in 新疆维吾尔自治区


@cache
def _local_code() -> re.Pattern[str]:
    table = offices()
    regions = "|".join(sorted(table.regions, key=len, reverse=True))
    used = "".join(sorted({char for code in (*table.codes, *table.stems) for char in code}))
    return re.compile(f"(?:{regions})(?:{_LOCAL_HEAD})[{used}]{{0,4}}$")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """`text` in simplified characters, character for character."""
    converted = str(_converter().convert(text))
    return converted if len(converted) == len(text) else text
