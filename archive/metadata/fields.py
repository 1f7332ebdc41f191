"""What a page states about its notice: field tables, label lines above the text, and <meta> tags."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import zip_longest

from archive.lexicon import FOLDER, mistake, read_toml
from archive.metadata.authorities import read_authorities
from archive.metadata.dates import date_line, only_date, read_date
from archive.metadata.titles import read_title_line
from archive.models import DATES, Validity
from archive.numbers import DocumentNumber, find_numbers

LONGEST_LINE = 400
OPENINGS = "【[（(〔"
# These stand without a colon: 发表于 2015-7-3 10:22, and 点击 1024 次.
OPEN_LABELS = ("发表于", "发布于", "更新于", "上传于", "Posted on", "Published")
# What every label has behind it, or a label without it.
MAY_STATE = re.compile("|".join((":", "：", "】", "]", *OPEN_LABELS)))


@dataclass(frozen=True, slots=True)
class Fields:
    """The statements of a page about its notice but for the dates; None and "" where it makes none."""

    title: str = ""
    number: DocumentNumber | None = None
    authorities: tuple[str, ...] = ()
    validity: Validity = Validity.UNKNOWN


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date and the words that state it."""

    value: date
    text: str


@dataclass(frozen=True, slots=True)
class FieldWords:
    """data/lexicon/fields.toml: the field of every label, the <meta> names of fields, and the words of 时效性."""

    field_of: Mapping[str, str]
    meta: Mapping[str, tuple[str, ...]]
    validity: Mapping[str, Validity]
    pattern: re.Pattern[str]


@cache
def field_words() -> FieldWords:
    """The labels that the project ships; raises LexiconError for a label of two fields or an unknown validity."""
    path = FOLDER / "fields.toml"
    table = read_toml(path)
    field_of: dict[str, str] = {}
    for name, labels in table["labels"].items():
        for label in labels:
            if field_of.setdefault(label, name) != name:
                raise mistake(path, name, f"{label} is already a label of {field_of[label]}.")
    validity: dict[str, Validity] = {}
    for value, words in table["validity"].items():
        if value not in set(Validity):
            raise mistake(path, value, f"{value} is no validity; known are {', '.join(Validity)}.")
        validity |= dict.fromkeys(words, Validity(value))
    meta = {name: tuple(names) for name, names in table["meta"].items()}
    return FieldWords(field_of, meta, validity, _label_pattern(field_of))


def _label_pattern(labels: Iterable[str]) -> re.Pattern[str]:
    spaced = (r"[\s\u3000]*".join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))
    opened = "|".join(map(re.escape, OPEN_LABELS))
    first = re.escape(
        "".join(sorted({label[0] for label in (*labels, *OPEN_LABELS)}))
    )  # a quick look before all others
    return re.compile(
        rf"(?=[{first}])(?:(?<![\u4e00-\u9fff])|(?<=号))(?:(?P<label>{'|'.join(spaced)})\s*(?:[】\]]\s*[:：]?|[:：])\s*|(?P<open>{opened})\s*[:：]?\s*)"
    )


def label_of(text: str) -> str:
    """The field that a cell or a line of nothing but a label names; "" if it is no label."""
    bare = re.sub(r"[\s\u3000:：【】\[\]]", "", text) if len(text) <= 20 else ""
    return field_words().field_of.get(bare, "")


def read_pairs(text: str, cells: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The (field, value) pairs of a line: label cells beside their values, or labels before colons."""
    if cells:
        pairs = []
        for left, right in zip(cells, cells[1:], strict=False):
            if label_of(left) and not label_of(right):
                pairs.append((label_of(left), right))
        if pairs:
            return pairs
    if len(text) > LONGEST_LINE or not MAY_STATE.search(text):
        return []
    words = field_words()
    found = list(words.pattern.finditer(text))
    pairs = []
    for label, following in zip_longest(found, found[1:]):
        name = words.field_of[re.sub(r"\s", "", label["label"]) if label["label"] else label["open"]]
        pairs.append(
            (name, text[label.end() : following.start() if following else len(text)].strip(" \t\u3000\xa0|｜【】[]"))
        )
    return pairs


def is_field_line(text: str, cells: Sequence[str] = ()) -> bool:
    """Whether a line is nothing but labels and values, such as 文号：… 发布日期：… 点击：… 次."""
    beside = zip_longest(cells[::2], cells[1::2], fillvalue="")
    if cells and any(label_of(label) and not label_of(value) for label, value in beside):
        return True
    if not MAY_STATE.search(text):
        return False
    start = text.lstrip(" \t\u3000\xa0" + OPENINGS)
    words = field_words()
    match = words.pattern.match(start)
    if match is None:
        return label_of(text) != "" and (text.rstrip()[-1:] in ":：")
    name = words.field_of[re.sub(r"\s", "", match["label"]) if match["label"] else match["open"]]
    # 来源：… states something; 时间：2008年6月19日上午，地点：… may be a sentence of the notice.
    return name != "other" or len(start) <= 60


def read_fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    """The fields that pairs of a field and its value state; of several values the first that can be read counts."""
    values: dict[str, object] = {}
    for name, text in pairs:
        value = None if name in DATES else _read(name, text)
        if value and name not in values:
            values[name] = value
    return Fields(**values)  # type: ignore[arg-type]


def _read(name: str, text: str) -> object:
    if name == "title":
        line = read_title_line(text)
        return line.title if line else ""
    if name == "number":
        found = find_numbers(text)
        return found[0].number if found else None
    if name == "authorities":
        return read_authorities(text)
    return read_validity(text) if name == "validity" else None


def read_validity(text: str) -> Validity | None:
    """What words such as 全文废止 or 部分条款失效 say of a notice's validity; None if nothing."""
    words = field_words().validity
    return next((words[word] for word in words if word in text), None)


def merge(*sources: Fields) -> Fields:
    """Every field from the first of the sources that states it."""
    empty = Fields()
    merged = {}
    for field in fields(Fields):
        unstated = getattr(empty, field.name)
        values = (getattr(source, field.name) for source in sources)
        merged[field.name] = next((value for value in values if value != unstated), unstated)
    return Fields(**merged)


def read_meta(meta: Mapping[str, str]) -> Fields:
    """What the page's <meta> tags and its <title> say; a title there counts only in the form of an official one."""
    return read_fields((name, text) for name, _, text in _tags(meta))


def _tags(meta: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Field, name and text of each <meta> tag that states something, the most reliable of a field first."""
    for field, names in field_words().meta.items():
        yield from ((field, name, meta[name]) for name in names if meta.get(name))


def stated_dates(lines: Iterable[tuple[str, Sequence[tuple[str, str]]]]) -> dict[str, StatedDate]:
    """The dates that lines state under labels; each line is its text and its pairs of a field and a value."""
    dates: dict[str, StatedDate] = {}
    for line, pairs in lines:
        for field, value in pairs:
            if field in DATES and field not in dates and (day := read_date(value)):
                dates[field] = StatedDate(day, line if value in line else f"{line}{value}")
    return dates


def tagged_dates(meta: Mapping[str, str]) -> dict[str, StatedDate]:
    """The dates that the page's <meta> tags state."""
    return stated_dates((f"{name}: {text}", ((field, text),)) for field, name, text in _tags(meta))


# What stands beside the date of a page in one line: 2012/2/29 来源：税务总局, 2009年1月23日 阅读(123).
BESIDE_PAGE_DATE = re.compile(r"来源|出处|阅读|浏览|点击|人气|作者|编辑|评论|参与|打印|字号|字体|访问|查看")
TODAY = re.compile(r"今天|今日|星期|周[一二三四五六日]|农历")
SQUARE_BRACKETS = re.compile(r"\s*[\[【].*[\]】]\s*")
ISSUED_BRACKETS = re.compile(r"\s*[（(].*[）)]\s*")


def page_date(text: str) -> date | None:
    """The date in a line beside the title of a page, where it is the page's own: 2018-12-06 某某财税 阅读 5.

    A date of digits is, unless it stands in round brackets; one with 年, 月 and 日 only in square ones, or beside 来源,
    阅读 and the like: (2008年6月19日) and 2008-6-19 (国税函〔2008〕608号) are the notice's.
    """
    found = only_date(text) if len(text) <= 80 else None
    if found is None or TODAY.search(text) or re.search("[。；]|关于", text) or find_numbers(text):
        return None
    if "年" in text[found.start : found.end]:
        return found.value if BESIDE_PAGE_DATE.search(text) or SQUARE_BRACKETS.fullmatch(text) else None
    return None if ISSUED_BRACKETS.fullmatch(text) else found.value


def undated(text: str) -> date | None:
    """The date of a line such as `2015-08-08 10:20:33 admin`, which has no label but a time of day or little else."""
    found = only_date(text) if len(text) <= 60 else None
    if found is None:
        return None
    rest = text[: found.start] + text[found.end :]
    return found.value if date_line(text) is None and re.search(r"\d{1,2}:\d\d", rest) else None
