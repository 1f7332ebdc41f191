"""What each line of a page is: a title, a number, a recipient, a sentence, a menu; judged by its form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from archive.clean.boilerplate import closes_notice, comparable, frame_part, is_sentence
from archive.clean.spam import OFFICIAL, is_inserted, is_lone_advert, is_spam
from archive.metadata.authorities import read_authorities
from archive.metadata.dates import date_line, find_dates, only_date
from archive.metadata.fields import is_field_line, label_of, read_fields, read_pairs, undated
from archive.metadata.titles import BARE, TitleLine, is_masked, number_line, owner_of, read_title_line
from archive.models import Block
from archive.numbers import DocumentNumber, find_numbers

LINKED = 0.6  # a line with more of its characters in links is a menu entry
HALF_LINKED = 0.5  # a name in a link with the size of the file behind it
LONG = 40  # characters from which a line without an end mark still counts as text
MOST_NUMBERS = 6  # a line with more 号 belongs to no head; each costs a look for a number

OWNERS = ("令", "公告", "通告", "文件", "布告")  # the second line of an owner: 财政部 / 令 / 第65号
HEADINGS = ("h1", "h2", "h3", "h4")
# Before a heading of several on a page.
LISTED = re.compile(r"(?:[(（]?\d{1,2}[)）、.．]|[一二三四五六七八九十]{1,3}、)\s*")
FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|zip|rar|wps|et|txt|ofd|pptx?|tif|jpg)\b", re.IGNORECASE)
ATTACHMENT = re.compile(
    r"[（(【\[]?附(?:件|表|录|则)?\s*[一二三四五六七八九十\d]{0,3}\s*(?:[:：.．、】\]）)]|$|\s)|附(?:件|表)[一二三四五六七八九十\d]"
)
ITEM = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]{1,6}[条章节编款]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．](?!\d)|[①-⑳⑴-⒇])"
)
RECIPIENTS = re.compile(
    r"[^。；！？]{2,400}(?:局|厅|委|部|院|府|单位|处|司|公司|银行|行|中心|办|海关|纳税人|所|社|企业|会|校|组|队|署|室|区|市|省|集团|扣缴义务人|机关|机构|部门|人员|同志)(?:[（(][^（）()]{1,60}[）)])?[:：]"
)
NOT_RECIPIENTS = re.compile(
    r"如下|以下|下列|包括|规定|应当|明确|公告|通知|要求|[一二三四五六七八九十]、|第[一二三四五六七八九十]+条|问[:：]|答[:：]|主题词|抄送|联系|来源|主办|承办|位置"
)
PERSON = re.compile(
    r"(?:[\u4e00-\u9fff]{2,10})?(?:[局部署省市区县州]\s*长|主\s*任|行\s*长|总\s*理|主\s*席|关\s*长|书\s*记|会\s*长)\s*[:：]?\s*[\u4e00-\u9fff·\s]{2,12}"
)
HOLDER = re.compile("[长任理席记]")  # what PERSON cannot do without
SEAL = re.compile(r"[（(](?:盖章|印章|公章|章|印|代章)[）)]")
COLOPHON = re.compile(
    r"(?:主题词|主题分类|抄送|抄报|分送|主送|校对|打字|共印|印发份数|印数)[:：\s]|[（(]?此件(?:公开发布|主动公开|依申请公开|不予公开|发至).{0,12}[）)]?$|信息公开选项|[（(]本页无正文[）)]"
)

ISSUING = re.compile("(?:发布|印发|颁布|公布)(?=[）)]?$)")
PRINTED = re.compile(r".{4,30}(?:办公厅|办公室|秘书处).{0,20}印发")


class Role(Enum):
    """What a line is. The first nine may stand in the head or at the foot of a notice, the next five in its text."""

    TITLE = auto()
    NUMBER = auto()
    OWNER = auto()
    NAMES = auto()
    DATE = auto()
    SIGNATURE = auto()
    PERSON = auto()
    FIELD = auto()
    COLOPHON = auto()
    RECIPIENTS = auto()
    ITEM = auto()
    PROSE = auto()
    ATTACHMENT = auto()
    ROW = auto()
    CLOSING = auto()
    FURNITURE = auto()
    LINKS = auto()
    SPAM = auto()
    RULE = auto()
    BLANK = auto()
    OTHER = auto()

    __hash__ = object.__hash__  # lines are asked for their role a thousand times a page, and Enum hashes its name


TEXT = frozenset((Role.RECIPIENTS, Role.ITEM, Role.PROSE))
FOOT = frozenset((Role.NAMES, Role.DATE, Role.SIGNATURE, Role.PERSON, Role.ATTACHMENT))
FRAME = frozenset((Role.CLOSING, Role.FURNITURE, Role.LINKS, Role.SPAM, Role.RULE, Role.BLANK))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cleaned page: its text as it stands, its words without the blanks around, and what they are."""

    text: str
    block: Block
    words: str
    role: Role
    title: TitleLine | None = None
    number: DocumentNumber | None = None
    authorities: tuple[str, ...] = ()
    day: date | None = None
    masked: bool = False
    pairs: tuple[tuple[str, str], ...] = ()


def read_line(text: str, block: Block, recurring: frozenset[str]) -> Line:
    """A line with its role, as far as the line alone tells it; `recurring` are those on most pages of the site."""
    words = text.strip(" \t\u3000\xa0\r\v\f")
    if not words:
        return Line(text, block, words, Role.RULE if block.tag == "hr" else Role.BLANK)
    masked = "号" in words and len(words) <= 200 and is_masked(words)
    if (apart := _without_advert(words, block)) != words:
        return replace(read_line(apart, block._replace(foreign=(), link_share=0.0), recurring), text=text, block=block)
    listed = LISTED.match(words) if block.tag in HEADINGS else None
    if listed and (title := read_title_line(words[listed.end() :])):
        return Line(text, block, words, Role.TITLE, title, title.number, masked=masked)
    # Neither a sentence nor a numbered part stands in the head or at the foot.
    is_text = not block.cells and (is_sentence(words) or _is_item(words))
    is_short = len(words) <= LONG * 10 and words.count("号") <= MOST_NUMBERS
    if is_short and not is_text and (said := _read_head(words, block.tag, block.cells, block.link_share > LINKED)):
        return Line(
            text, block, words, said.role, said.title, said.number, said.authorities, said.day, masked, said.pairs
        )
    return Line(text, block, words, _role(words, block, recurring), masked=masked)


def _without_advert(words: str, block: Block) -> str:
    """A line without the advert at its end that links to another site: 示例省税务局：皇冠体育."""
    for link in block.foreign:
        before = words.removesuffix(link).rstrip()
        if link and before and before != words and (is_spam(link) or is_inserted(link, words)):
            return before
    return words


def _is_item(words: str) -> bool:
    """Whether a line is a numbered part; (88)国税地字第15号 is none."""
    if ITEM.match(words) is None:
        return False
    return words[0] not in "（(" or not any(found.start == 0 for found in find_numbers(words[:LONG]))


class _Said(NamedTuple):
    """What a line in the head or at the foot of a notice is, and what it says."""

    role: Role
    title: TitleLine | None = None
    number: DocumentNumber | None = None
    authorities: tuple[str, ...] = ()
    day: date | None = None
    pairs: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=4_096)  # the short lines around a text stand on every page of a site
def _read_head(words: str, tag: str, cells: tuple[str, ...], is_linked: bool) -> _Said | None:
    """What a line says, if it belongs in the head or the foot of a notice."""
    if not cells and (day := date_line(words)):
        return _Said(Role.DATE, day=day)
    if "号" in words and (number := number_line(words)):
        return _Said(Role.NUMBER, number=number)
    if "号" in words and (numbered := _number_and_date(words)):
        return _Said(Role.NUMBER, number=numbered[0], day=numbered[1], authorities=numbered[2])
    if len(words) <= 20 and BARE.fullmatch(words):
        return _Said(Role.NUMBER)
    if "".join(words.split()) in OWNERS:
        return _Said(Role.OWNER)
    if not cells and words[-1] in "令告件" and owner_of(words):
        return _Said(Role.OWNER, authorities=read_authorities(re.sub(r"(?:公告|令|通告|文件|布告)$", "", words)))
    if len(words) <= 120 and (names := read_authorities(SEAL.sub("", words))) and not _advertises(words):
        return _Said(Role.LINKS if is_linked else Role.NAMES, authorities=names)
    if signature := _signature(words):
        return _Said(Role.SIGNATURE, authorities=signature[0], day=signature[1])
    if HOLDER.search(words) and PERSON.fullmatch(words):
        return _Said(Role.PERSON)
    stated = is_field_line(words, cells) or (tag == "dt" and label_of(words) != "")
    title = None if stated else read_title_line(words)
    if title and not closes_notice(words):
        linked = is_linked and tag not in HEADINGS
        return _Said(Role.LINKS if linked else Role.TITLE, title=title, number=title.number)
    pairs, day = read_pairs(words, cells), undated(words)
    if stated or day or (pairs and _states(words, pairs)):
        return _Said(Role.FIELD, pairs=tuple(pairs), day=day, number=_stated_number(words, cells))
    return None


def _advertises(words: str) -> bool:
    """Whether words that end like a name are an advert's: 老哥俱乐部."""
    return is_spam(words) or is_lone_advert(words)


def _number_and_date(words: str) -> tuple[DocumentNumber, date, tuple[str, ...]] | None:
    """Number, date and names in one line below a title: (1995年5月5日 国家税务总局 国税发〔1995〕5号)."""
    numbers = find_numbers(words) if len(words) <= 80 else []
    dates = find_dates(words) if len(numbers) == 1 else []
    if len(dates) != 1:
        return None
    (first, last) = sorted(((numbers[0].start, numbers[0].end), (dates[0].start, dates[0].end)))
    rest = " ".join((words[: first[0]], words[first[1] : last[0]], words[last[1] :]))
    rest = ISSUING.sub("", rest).strip("（()） \u3000,，;；、")
    names = read_authorities(rest)
    return (numbers[0].number, dates[0].value, names) if names or not rest else None


def _signature(words: str) -> tuple[tuple[str, ...], date] | None:
    """Names and date of a signature in one line: 国家税务总局 二○○八年六月十九日."""
    found = only_date(words) if len(words) <= 100 else None
    if found is None or words[found.end :].strip("）)。 \u3000") or not found.start:
        return None
    names = read_authorities(SEAL.sub("", words[: found.start]).strip(" \u3000（(,，"))
    return (names, found.value) if names else None


def _stated_number(words: str, cells: tuple[str, ...]) -> DocumentNumber | None:
    """The number of a line of fields: under its label, or before the first label."""
    stated = read_fields(read_pairs(words, cells)).number
    leading = find_numbers(words[:80]) if not stated and not cells else []
    return stated or (leading[0].number if leading and leading[0].start == 0 else None)


def _states(words: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether a line that opens with a number or a name goes on with labels: 国税函〔2008〕608号 发布日期：2014-12-01.

    A sentence with a colon in it does not.
    """
    return (
        not is_sentence(words)
        and len(words) <= 200
        and any(field in ("published_on", "issued_on", "number", "other") for field, _ in pairs)
    )


def _role(words: str, block: Block, recurring: frozenset[str]) -> Role:
    named = ATTACHMENT.match(words) is not None
    attached = named or ("." in words and FILE.search(words) is not None)
    if is_spam(words):
        return Role.SPAM
    if frame := frame_part(words):
        return Role.CLOSING if frame == "closing" else Role.FURNITURE
    if block.link_share > LINKED and not attached and not (is_sentence(words) and block.link_share < 0.95):
        return Role.LINKS
    if COLOPHON.match(words) or (words.endswith("印发") and PRINTED.fullmatch(words)):
        return Role.COLOPHON
    if words[-1] in ":：" and RECIPIENTS.fullmatch(words) and not NOT_RECIPIENTS.search(words):
        return Role.RECIPIENTS
    if recurring and comparable(block.text) in recurring and not is_sentence(words) and not OFFICIAL.search(words):
        return Role.FURNITURE
    if named or (attached and block.link_share > LINKED):
        return Role.ATTACHMENT
    if ITEM.match(words):
        return Role.ITEM
    if block.cells:
        return Role.ROW
    if is_sentence(words) or len(words) >= LONG or words[-1] in "。；：:":
        return Role.PROSE
    return Role.OTHER


def is_download(line: Line) -> bool:
    """Whether a line is but a link to an attached file: 附件：统计表.xls (25KB)."""
    return line.role is Role.ATTACHMENT and line.block.link_share >= HALF_LINKED and FILE.search(line.words) is not None
