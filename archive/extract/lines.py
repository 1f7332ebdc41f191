"""What each line of a page is: a title, a number, a recipient, a sentence, a menu; judged by form and place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from itertools import pairwise

from archive.clean.boilerplate import closes_notice, comparable, frame_part, is_sentence
from archive.clean.damage import find_damage
from archive.clean.spam import OFFICIAL, is_foreign, is_lone_advert, is_spam
from archive.metadata.authorities import read_authorities
from archive.metadata.dates import date_line, find_dates, only_date
from archive.metadata.fields import is_field_line, label_of, read_fields, read_pairs, undated
from archive.metadata.titles import BARE, EDGE, TitleLine, is_masked, number_line, owner_of, read_title_line
from archive.models import Block
from archive.numbers import DocumentNumber, find_numbers

LINKED = 0.6  # a line with more of its characters in links is a menu entry
HALF_LINKED = 0.5  # a name in a link with the size of the file behind it
LONG = 40  # characters from which a line without an end mark still counts as text
BROKEN_OFF = 8  # characters that the end of a sentence may have in a line of its own
MOST_NUMBERS = 6  # a line with more 号 belongs to no head; each costs a look for a number
TITLE_LINES = 3  # a title is set in at most so many lines

OWNERS = ("令", "公告", "通告", "文件", "布告")  # the second line of an owner: 财政部 / 令 / 第65号
HEADINGS = ("h1", "h2", "h3", "h4")
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
# How the first sentence of a notice begins: its line has no mark at its end where the sentence goes on below.
OPENING = re.compile(
    r"(?:为了?|现将?|根据|依据|按照|经|鉴于|近[来期日]|最近|据|你[局厅院部委会办]|接|收|关于)[^。]{9,}"
)
MOST_GOING_ON = 4  # lines
ADDRESSEES = re.compile(
    r"(?:各[省市区县直级地有部单州旗]|[\u4e00-\u9fff、]{2,20}(?:局|厅|委员会|政府)[、，：:?？])[^。；]*[局厅委部府位区县司行]"
)
PERSON = re.compile(
    r"(?:[\u4e00-\u9fff]{2,10})?(?:[局部署省市区县州]\s*长|主\s*任|行\s*长|总\s*理|主\s*席|关\s*长|书\s*记|会\s*长)\s*[:：]?\s*[\u4e00-\u9fff·\s]{2,12}"
)
SEAL = re.compile(r"[（(](?:盖章|印章|公章|章|印|代章)[）)]")
COLOPHON = re.compile(
    r"(?:主题词|主题分类|抄送|抄报|分送|主送|校对|打字|共印|印发份数|印数)[:：\s]|[（(]?此件(?:公开发布|主动公开|依申请公开|不予公开|发至).{0,12}[）)]?$|信息公开选项|[（(]本页无正文[）)]"
)

ISSUING = re.compile("(?:发布|印发|颁布|公布)(?=[）)]?$)")
SIGNED_DATE = re.compile(r"(?:日\s*期|时\s*间)\s*[:：]\s*")
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


def read_lines(texts: Sequence[str], blocks: Sequence[Block], recurring: frozenset[str]) -> list[Line]:
    """The lines of a page, each with its role; `recurring` are those on most pages of the site."""
    lines = [_read_line(text, block, recurring) for text, block in zip(texts, blocks, strict=True)]
    _join_titles(lines)
    _read_columns(lines)
    _fill_fields(lines)
    _read_signed_dates(lines)
    _raise_stated_title(lines)
    _keep_addressees(lines)
    _keep_broken_off(lines)
    _find_lone_adverts(lines)
    return lines


def _read_line(text: str, block: Block, recurring: frozenset[str]) -> Line:
    words = text.strip(" \t\u3000\xa0\r\v\f")
    if not words:
        return Line(text, block, words, Role.RULE if block.tag == "hr" else Role.BLANK)
    masked = "号" in words and len(words) <= 200 and is_masked(words)
    line = Line(text, block, words, Role.OTHER, masked=masked)
    # Neither a sentence nor a numbered part stands in the head or at the foot.
    is_text = not block.cells and (is_sentence(words) or _is_item(words))
    is_short = len(words) <= LONG * 10 and words.count("号") <= MOST_NUMBERS
    if is_short and not is_text and (read := _read_head(line)):
        return read
    return Line(text, block, words, _role(line, recurring), masked=masked)


def _is_item(words: str) -> bool:
    """Whether a line is a numbered part; (88)国税地字第15号 is none."""
    if ITEM.match(words) is None:
        return False
    return words[0] not in "（(" or not any(found.start == 0 for found in find_numbers(words[:LONG]))


def _read_head(line: Line) -> Line | None:
    """The line with what it says, if it belongs in the head or the foot of a notice."""
    words, block = line.words, line.block
    if not block.cells and (day := date_line(words)):
        return replace(line, role=Role.DATE, day=day)
    if "号" in words and (number := number_line(words)):
        return replace(line, role=Role.NUMBER, number=number)
    if "号" in words and (numbered := _number_and_date(words)):
        return replace(line, role=Role.NUMBER, number=numbered[0], day=numbered[1], authorities=numbered[2])
    if len(words) <= 20 and BARE.fullmatch(words):
        return replace(line, role=Role.NUMBER)
    if "".join(words.split()) in OWNERS:
        return replace(line, role=Role.OWNER)
    if not block.cells and words[-1] in "令告件" and owner_of(words):
        return replace(
            line, role=Role.OWNER, authorities=read_authorities(re.sub(r"(?:公告|令|通告|文件|布告)$", "", words))
        )
    if len(words) <= 120 and (names := read_authorities(SEAL.sub("", words))) and not _advertises(words):
        return replace(line, role=Role.LINKS if block.link_share > LINKED else Role.NAMES, authorities=names)
    if signature := _signature(words):
        return replace(line, role=Role.SIGNATURE, authorities=signature[0], day=signature[1])
    if PERSON.fullmatch(words):
        return replace(line, role=Role.PERSON)
    stated = is_field_line(words, block.cells) or (block.tag == "dt" and label_of(words) != "")
    title = None if stated else read_title_line(words)
    if title and not closes_notice(words):
        linked = block.link_share > LINKED and block.tag not in HEADINGS
        return replace(line, role=Role.LINKS if linked else Role.TITLE, title=title, number=title.number)
    pairs, day = read_pairs(words, block.cells), undated(words)
    if stated or day or (pairs and _states(words, pairs)):
        return replace(line, role=Role.FIELD, pairs=tuple(pairs), day=day, number=_stated_number(words, block))
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


def _stated_number(words: str, block: Block) -> DocumentNumber | None:
    """The number of a line of fields: under its label, or before the first label."""
    stated = read_fields(read_pairs(words, block.cells)).number
    leading = find_numbers(words[:80]) if not stated and not block.cells else []
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


def _role(line: Line, recurring: frozenset[str]) -> Role:
    words, block = line.words, line.block
    attached = ("." in words and bool(FILE.search(words))) or bool(ATTACHMENT.match(words))
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
    if ATTACHMENT.match(words) or (attached and block.link_share > LINKED):
        return Role.ATTACHMENT
    if ITEM.match(words):
        return Role.ITEM
    if block.cells:
        return Role.ROW
    if is_sentence(words) or len(words) >= LONG or re.search(r"[。；：:]$", words):
        return Role.PROSE
    return Role.OTHER


def is_download(line: Line) -> bool:
    """Whether a line is but a link to an attached file: 附件：统计表.xls (25KB)."""
    return line.role is Role.ATTACHMENT and line.block.link_share >= HALF_LINKED and FILE.search(line.words) is not None


def _join_titles(lines: list[Line]) -> None:
    """Titles set in several lines become one: the first line has all of it, the others are FIELD lines without one."""
    filled = [n for n, line in enumerate(lines) if line.role is not Role.BLANK]
    for at, n in enumerate(filled):
        line = lines[n]
        if line.role not in (Role.OTHER, Role.PROSE) or not _begins_title(line.words):
            continue
        following = [
            m for m in filled[at + 1 : at + TITLE_LINES] if lines[m].role in (Role.OTHER, Role.PROSE, Role.TITLE)
        ]
        words = line.words
        for count, m in enumerate(following, 1):
            words += lines[m].words
            title = read_title_line(words)
            if title:
                lines[n] = replace(line, role=Role.TITLE, title=title, number=title.number)
                for rest in following[:count]:
                    lines[rest] = replace(lines[rest], role=Role.FIELD, title=None)
                break


def _begins_title(words: str) -> bool:
    start, found, _ = words.partition("关于")
    if not found or len(words) > 80 or re.search(r"[。；：:，]$", words):
        return False
    numbers = find_numbers(start) if "号" in start else []
    if numbers and numbers[0].start == 0:  # 国税函〔2008〕608号 – 国家税务总局关于
        start = start[numbers[0].end :].strip(EDGE)
    return not start or bool(read_authorities(start))


def _read_columns(lines: list[Line]) -> None:
    """A table row of nothing but labels has its values in the row below; with more rows it is a table of the text."""
    for n, (line, below) in enumerate(zip(lines, lines[1:], strict=False)):
        labels, values = line.block.cells, below.block.cells
        more = n + 2 < len(lines) and len(lines[n + 2].block.cells) == len(labels)
        if len(labels) > 1 and len(labels) == len(values) and not more and all(map(label_of, labels)):
            pairs = tuple(zip(map(label_of, labels), values, strict=True))
            number = read_fields(pairs).number
            lines[n] = replace(line, role=Role.FIELD, pairs=pairs, number=number)
            lines[n + 1] = replace(below, role=Role.FIELD)


def _fill_fields(lines: list[Line]) -> None:
    """A label at the end of a line has its value in the next: 文号： / 国税函〔2008〕608号."""
    for n, line in enumerate(lines):
        if line.role is not Role.FIELD or line.block.cells or not line.pairs and not label_of(line.words):
            continue
        field = line.pairs[-1][0] if line.pairs else label_of(line.words)
        if line.pairs and line.pairs[-1][1]:
            continue
        value = next((m for m in range(n + 1, min(n + 3, len(lines))) if lines[m].role is not Role.BLANK), None)
        if value is not None and field != "other" and len(lines[value].words) <= 120 and lines[value].role not in TEXT:
            lines[n] = replace(line, pairs=(*line.pairs[:-1], (field, lines[value].words)))
            if lines[value].role is not Role.TITLE:
                lines[value] = replace(lines[value], role=Role.FIELD)


def _raise_stated_title(lines: list[Line]) -> None:
    """Above a text without a title the line that states one, 标题：…的通知, is its title."""
    first = next((n for n, line in enumerate(lines) if line.role in TEXT), 0)
    if any(line.role is Role.TITLE for line in lines[:first]):
        return
    for n in range(first - 1, -1, -1):
        stated = (value for field, value in lines[n].pairs if field == "title" and lines[n].role is Role.FIELD)
        if title := next(filter(None, map(read_title_line, stated)), None):
            lines[n] = replace(lines[n], role=Role.TITLE, title=title, number=lines[n].number or title.number)
            return


def _read_signed_dates(lines: list[Line]) -> None:
    """日期：2006年3月14日 directly below the name that signs is the date of the signature."""
    shown = [n for n, line in enumerate(lines) if line.role is not Role.BLANK]
    for above, name, n in zip(shown, shown[1:], shown[2:], strict=False):
        if lines[n].role is Role.FIELD and lines[name].role is Role.NAMES and lines[above].role in TEXT | FOOT:
            label = SIGNED_DATE.match(lines[n].words)
            if label and (day := date_line(lines[n].words[label.end() :])):
                lines[n] = replace(lines[n], role=Role.DATE, day=day, pairs=())


def _keep_addressees(lines: list[Line]) -> None:
    """Lines directly above the text may be its beginning: addressees or a sentence broken off, and damaged lines."""
    above_text = False
    goes_on: list[int] = []  # lines above the text that a sentence begun further above may have
    for n in range(len(lines) - 1, -1, -1):
        line = lines[n]
        if line.role in TEXT:
            above_text = True
            goes_on.clear()
        elif line.role is not Role.OTHER or len(goes_on) == MOST_GOING_ON:
            above_text = above_text and line.role is Role.BLANK
        elif above_text and ADDRESSEES.match(line.words):
            lines[n] = replace(line, role=Role.RECIPIENTS)
        elif above_text and (find_damage(line.words) or OPENING.match(line.words)):
            for part in (n, *goes_on):
                lines[part] = replace(lines[part], role=Role.PROSE)
            goes_on.clear()
        elif above_text:
            goes_on.append(n)


def _keep_broken_off(lines: list[Line]) -> None:
    """内容： and 打印。 below an unfinished sentence are its end, and no words of the page."""
    for n, (above, line) in enumerate(pairwise(lines), 1):
        if (
            line.role in (Role.FURNITURE, Role.CLOSING)
            and len(line.words) <= BROKEN_OFF
            and line.words[-1] in "：:。"
            and above.role in (Role.PROSE, Role.ITEM)
            and len(above.words) >= LONG // 2
            and "\u4e00" <= above.words[-1] <= "\u9fff"
        ):
            lines[n] = replace(line, role=Role.PROSE)


def _find_lone_adverts(lines: list[Line]) -> None:
    """Short lines between two paragraphs that no notice has: 开云登录入口."""
    text = "\n".join(line.words for line in lines if line.role in TEXT)
    suspected: list[int] = []
    after_text = False
    for n, line in enumerate(lines):
        if line.role in FRAME:
            continue
        if after_text and line.role is Role.OTHER and (is_lone_advert(line.words) or is_foreign(line.words, text)):
            suspected.append(n)
        if line.role is Role.OTHER:
            continue
        if line.role in TEXT or line.role in FOOT:
            for advert in suspected:
                lines[advert] = replace(lines[advert], role=Role.SPAM)
        suspected.clear()
        after_text = line.role in TEXT
