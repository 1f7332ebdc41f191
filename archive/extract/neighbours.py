"""What the lines around a line tell of it: titles set in several lines, labels above their values, lists, adverts."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from archive.clean import language
from archive.clean.damage import find_damage
from archive.clean.paragraphs import NARROWEST
from archive.clean.spam import is_lone_advert
from archive.extract.lines import FOOT, FRAME, TEXT, Line, Role, read_line
from archive.metadata.authorities import read_authorities
from archive.metadata.dates import date_line
from archive.metadata.fields import label_of, read_fields
from archive.metadata.titles import EDGE, read_title_line
from archive.models import Block
from archive.numbers import find_numbers

BROKEN_OFF = 8  # characters that the end of a sentence may have in a line of its own
FEWEST_BROKEN = 5  # lines of the same width that make a column
CLOSING_MARKS = frozenset("，、。；：）》”")
OPEN = "0123456789，、（《“"  # how a line ends whose sentence does not, if not in a Chinese character
TITLE_LINES = 3  # a title is set in at most so many lines
# How the first sentence of a notice begins: its line has no mark at its end where the sentence goes on below.
OPENING = re.compile(
    r"(?:为了?|现将?|根据|依据|按照|经|鉴于|近[来期日]|最近|据|你[局厅院部委会办]|接|收|关于)[^。]{9,}"
)
MOST_GOING_ON = 4  # lines
ADDRESSEES = re.compile(
    r"(?:各[省市区县直级地有部单州旗]|[\u4e00-\u9fff、]{2,20}(?:局|厅|委员会|政府)[、，：:?？])[^。；]*[局厅委部府位区县司行]"
)
SIGNED_DATE = re.compile(r"(?:日\s*期|时\s*间)\s*[:：]\s*")


def read_lines(texts: Sequence[str], blocks: Sequence[Block], recurring: frozenset[str]) -> list[Line]:
    """The lines of a page, each with its role; `recurring` are those on most pages of the site."""
    lines = [read_line(text, block, recurring) for text, block in zip(texts, blocks, strict=True)]
    _join_titles(lines)
    _read_columns(lines)
    _fill_fields(lines)
    _read_signed_dates(lines)
    _raise_stated_title(lines)
    _keep_addressees(lines)
    _keep_continued(lines)
    _find_lone_adverts(lines)
    return lines


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
        if value is None or (field == "other" and lines[value].role is not Role.DATE):
            continue
        if len(lines[value].words) <= 120 and lines[value].role not in TEXT:
            lines[n] = replace(line, pairs=(*line.pairs[:-1], (field, lines[value].words)))
            if lines[value].role is not Role.TITLE:
                lines[value] = replace(lines[value], role=Role.FIELD, day=None)


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


def _keep_continued(lines: list[Line]) -> None:
    """What ends a sentence begun in the line above is text, whatever its words: 贷款贴息、风险补偿, 内容：."""
    below = [
        n
        for n, (above, line) in enumerate(pairwise(lines), 1)
        if line.role in (Role.SPAM, Role.FURNITURE, Role.CLOSING) and _is_unfinished(above)
    ]
    column = _column(lines) if below else 0
    for n in below:
        if _continues(lines[n - 1].words, lines[n].words, column):
            lines[n] = replace(lines[n], role=Role.PROSE)


def _column(lines: Sequence[Line]) -> int:
    """The width of the column in which lines of text were broken; 0 if they were not."""
    lengths = Counter(len(line.words) for line in lines if _is_unfinished(line))
    (width, count) = lengths.most_common(1)[0] if lengths else (0, 0)
    return width if count >= FEWEST_BROKEN else 0


def _is_unfinished(line: Line) -> bool:
    if len(line.words) < NARROWEST or line.role not in (Role.PROSE, Role.ITEM, Role.OTHER):
        return False
    last = line.words[-1]
    return "\u4e00" <= last <= "\u9fff" or last in OPEN


def _continues(above: str, line: str, column: int) -> bool:
    """Whether a line goes on with the unfinished one above.

    It begins with a mark that no line begins with, has the end of a word that begins above, is what little a sentence
    needs to end, or stands below a line as wide as the column.
    """
    return (
        line[0] in CLOSING_MARKS
        or (len(line) <= BROKEN_OFF and line[-1] in "：:。")
        or (column > 0 and abs(len(above) - column) <= 1)
        or any(above[-before:] + line[:after] in language.words() for before in (1, 2, 3) for after in (1, 2, 3))
    )


def _find_lone_adverts(lines: list[Line]) -> None:
    """Short lines between two paragraphs that no notice has: 开云登录入口. Other short lines beside it make a list."""
    found: list[list[int]] = []  # the lines of each run of adverts, from the line above to the line below
    run: list[int] = []  # the same of the short lines so far; empty where no text stands above
    for n, line in enumerate(lines):
        if line.role is Role.OTHER and run:
            run.append(n)
        elif line.role is not Role.OTHER and line.role not in FRAME:
            if len(run) > 1 and line.role in TEXT | FOOT and all(is_lone_advert(lines[m].words) for m in run[1:]):
                found.append([*run, n])
            run = [n] if line.role in TEXT else []
    column = _column(lines) if found else 0
    for run in found:
        if not _is_continued([lines[n] for n in run], column):
            for n in run[1:-1]:
                lines[n] = replace(lines[n], role=Role.SPAM)


def _is_continued(lines: Sequence[Line], column: int) -> bool:
    """Whether one of some lines goes on in the next."""
    return any(_is_unfinished(one) and _continues(one.words, other.words, column) for one, other in pairwise(lines))
