"""Who issued a notice: names of authorities in titles, signatures and fields, joint ones told apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from archive.lexicon import FOLDER, mistake, offices, read_toml

LONGEST = 30  # 国务院扶贫开发领导小组办公室 has 13 characters, names of local joint bodies more
LONGEST_PART = 8  # characters of the bureau inside a bureau: 第一稽查局
SEPARATORS = re.compile(r"[\s、，,;；/|]+")
NAME = re.compile(rf"[\u4e00-\u9fff（）()〇]{{2,{LONGEST}}}")
# A department that writes in its own name: 示例省国家税务局货物和劳务税处.
DEPARTMENT = re.compile(r".{2,}(?:局|厅|委员会|总署|财政部)[^局厅委署]{2,14}(?:处|科)")
# Words that no name has: a line with them is a heading or a sentence that happens to end like a name.
NOT_NAMES = re.compile(
    r"关于|转发|印发|批转|根据|按照|以及|如何|什么|附件|联系|来源|所属|有关|各[省市区县级地]|你[局厅]|我[局厅]|其他|上述|全部|内部|外部|一部|主管|负责|统一|的|是|由|向"
)
DISTRICT = re.compile(r"[\u4e00-\u9fff]{2,9}?(?:省|自治区|市|自治州|地区|盟)(?!场|政)")
MARK = re.compile(r"关于|公告|令|印发|转发|批转|发布|对")
RULE_MAKER = re.compile(r"局|厅|委员会|政府|总署|财政部")
NUMBERED = re.compile("(?:令|公告|通告)$")
TAX_ADMINISTRATION_SINCE = 1988  # 国家税务局, later 国家税务总局: a bureau of the ministry before
AFTER_HEAD = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:省|市|区|县|自治区)税务局")


@dataclass(frozen=True, slots=True)
class Authorities:
    """data/lexicon/authorities.toml: canonical name by every name, how names end, and the last characters of all."""

    canonical: dict[str, str]
    endings: tuple[str, ...]
    last: frozenset[str]


@cache
def authority_words() -> Authorities:
    """The names that the project ships; raises LexiconError for a name that stands for two authorities."""
    path = FOLDER / "authorities.toml"
    table = read_toml(path)
    canonical: dict[str, str] = {}
    for name, others in table["names"].items():
        for other in (name, *others):
            if canonical.setdefault(other, name) != name:
                raise mistake(path, name, f"{other} already stands for {canonical[other]}.")
    endings = tuple(table["endings"]["words"])
    brackets = "）)、，,;；/|"  # 国家税务总局（盖章）, and separators behind the last name
    return Authorities(canonical, endings, frozenset(brackets + "处科") | {name[-1] for name in (*canonical, *endings)})


@lru_cache(maxsize=1024)  # a line is asked for them as title, owner, names and signature
def read_authorities(text: str) -> tuple[str, ...]:
    """The authorities a text lists, in order, if it is nothing but such a list; else ().

    Names may be parted by spaces and commas or written without any gap: 财政部国家税务总局 are two, and
    国家税务总局北京市税务局 is one.
    """
    words = authority_words()
    names: list[str] = []
    text = text.strip()
    if text[-1:] not in words.last:
        return ()
    tokens = SEPARATORS.split(text)
    if all(len(token) == 1 for token in tokens):  # 财 政 部
        tokens = ["".join(tokens)]
    for token in tokens:
        for name in _split(token):
            if not _is_name(name):
                return ()
            names.append(words.canonical.get(name, name))
    return tuple(dict.fromkeys(names))


def leading_authorities(title: str) -> tuple[str, ...]:
    """The authorities a title begins with: 财政部、国家税务总局关于…的通知, 示例县地方税务局发票管理办法."""
    for mark in MARK.finditer(title):
        if names := read_authorities(title[: mark.start()]):
            return names
    if "关于" in title:
        return ()
    ends = [m.end() for m in RULE_MAKER.finditer(title) if not AFTER_HEAD.match(title, m.end())]
    # The longest, for a bureau of a bureau: 示例市税务局稽查局.
    near = (end for end in reversed(ends) if end <= ends[0] + LONGEST_PART)
    return next((names for end in near if (names := read_authorities(title[:end]))), ())


def of_their_time(names: tuple[str, ...], year: int) -> tuple[str, ...]:
    """The authorities of a notice of `year` (0: unknown): 财政部税务总局 was one body until 1988."""
    joined = "\n".join(names)
    if 0 < year < TAX_ADMINISTRATION_SINCE:
        joined = joined.replace("财政部\n国家税务总局", "财政部税务总局")
    return tuple(joined.split("\n")) if names else names


def office_authorities(office: str) -> tuple[str, ...]:
    """Who numbers under an office code, as the table of codes or the code itself says: 国税函, 财政部令."""
    known = offices().codes.get(office)
    return known.authorities if known else read_authorities(NUMBERED.sub("", office))


def _is_name(name: str) -> bool:
    words = authority_words()
    if name in words.canonical:
        return True
    ends = name.endswith(words.endings) or DEPARTMENT.fullmatch(name)
    return bool(ends and NAME.fullmatch(name) and not NOT_NAMES.search(name))


def _split(token: str) -> Iterator[str]:
    """Cut names written without a gap, wherever a whole name ends and a well-known name or a region begins."""
    words = authority_words()
    start = 0
    for at in range(2, len(token) - 2):
        before = token[start:at]
        if not (before in words.canonical or before.endswith(words.endings)) or len(before) < 3:
            continue
        longer = (start + length for length in _lengths(before[:2]) if start + length > at)
        if any(token[start:end] in words.canonical for end in longer):  # 国务院关税税则委员会 is one
            continue
        rest = token[at:]
        if before == "国家税务总局" and AFTER_HEAD.match(rest):
            continue
        if any(rest[:length] in words.canonical for length in _lengths(rest[:2])) or (
            DISTRICT.match(rest) and rest.endswith(words.endings) and _is_name(before)
        ):
            yield before
            start = at
    yield token[start:]


@cache
def _by_beginning() -> dict[str, tuple[int, ...]]:
    table: dict[str, set[int]] = {}
    for name in authority_words().canonical:
        if len(name) > 2:
            table.setdefault(name[:2], set()).add(len(name))
    return {beginning: tuple(sorted(lengths)) for beginning, lengths in table.items()}


def _lengths(beginning: str) -> tuple[int, ...]:
    """How long the known names are that begin with these two characters."""
    return _by_beginning().get(beginning, ())
