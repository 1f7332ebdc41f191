"""Paragraphs as the notice had them: glued ones parted, broken ones joined, indents and empty lines gone."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from archive.clean.changes import Edit, Repaired, splice
from archive.metadata.authorities import read_authorities
from archive.metadata.dates import find_dates
from archive.metadata.titles import KINDS
from archive.numbers import find_numbers

STEP = "paragraphs"
MOST_ABOVE = 120  # lines of a page among which its addressees stand
MOST_PARTS = 2_000  # no notice has more; a line made to keep us busy may
FEWEST_INDENTS = 2  # behind sentences of a line
FEWEST_GAPS = 3  # blanks behind sentences that are the gluing's
GLUED = 120  # characters from which a line may be a whole notice
SHORTEST = 60  # characters from which it is one that has its title or its signature in it
WHOLE = 0.6  # share of a page's long lines that a glued notice takes
HEAD_WINDOW = 300  # characters at the start of a glued notice that hold its title and number
HEAD_PARTS = 3  # title, number, addressees
INDENTED = 0.8  # share of a text's paragraphs from which all count as indented
LONG_LINE = 20  # characters of a line that is more than a heading
NARROWEST = 12  # characters of the narrowest column that text was ever wrapped to

BLANKS = " \t\u3000\xa0"
# 一、 （一） 第一条 after the end of a sentence begin a paragraph; 1. and (1) often stand inside one and do not.
# So does an indent that the gluing left.
PART = re.compile(
    r"(?<=[。；：:;])(?:[\u3000\xa0]{2,}| {2,})(?=\S)|"
    r"(?<=[。；：:;])[ \t\u3000\xa0]*(?=[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|"
    r"第[一二三四五六七八九十百零〇]{1,6}[条章]|附件[:：一二三四五\d]|特此[\u4e00-\u9fff]{2,4}[。.]|此[复令][。.])"
)
# 1. 2. 3. are paragraphs where the line has no other parts and they begin behind 如下：
NUMBERED = re.compile(r"(?<=[。；：:;])[ \t\u3000\xa0]*(?=(?P<number>[0-9]{1,2})[、.．](?![0-9]))")
FEWEST_NUMBERED = 3
TITLE_END = re.compile("(?:的|》)(?:补充)?(?:" + "|".join(sorted(KINDS, key=len, reverse=True)) + ")")
ADDRESSED = re.compile(r"[^。；]{2,200}?(?:局|厅|委|部|院|府|单位|处|公司|银行|行|中心|办|所|企业|室)[）)]?[:：]")
START = re.compile(
    r"[ \t\u3000\xa0]*(?:第[一二三四五六七八九十百零〇\d]{1,6}[条章节项款编]|[一二三四五六七八九十]{1,3}[、.．]|"
    r"[（(][一二三四五六七八九十\d]{1,3}[）)]|"
    r"\d{1,2}[、.．)）](?!\d)|[①-⑳⑴-⒇]|附(?:[件表录注]|[:：]|$)|[A-Za-z][、.．])"
)
# The addressees at the beginning of a line, and behind their colon the first words of a notice or its first part.
GLUED_ADDRESSEES = re.compile(
    r"[ \t\u3000\xa0]*(?:各|有关|所属|[\u4e00-\u9fff]{2,14}(?:局|厅|委员会|政府|公司|分行|海关|办)[:：、，（(])"
    r"[^。；！？:：]{0,300}?[:：][ \t\u3000\xa0]*(?="
    r"第[一二三四五六七八九十百]{1,5}条|一、|为|根据|近|你[局省市厅县区行]|现[将就对]|经|按照?|据|关于|国务院|财政部|国家税务|《|最近|目前|鉴于|遵照|依据|依照|我[局省市厅])"
)
ADDRESSEE_END = re.compile(
    r"(?:局|厅|委|部|院|府|单位|处|司|公司|行|中心|办|海关|所|企业|会|机关|市|省|集团)[）)]?[:：]\s*$"
)
# Behind the end of a sentence: a blank, which Chinese text has only where lines were joined.
GAPPED = re.compile(r"(?<=[。；：:;])[ \u3000\xa0]+(?=\S)")
INDENT_INSIDE = re.compile("(?<=\\S)[\u3000\xa0]{2,}(?=\\S)")
# Begins what only goes on: 和畜牧兽医主管部门的监督检查 behind …（市场监管部门）.
GOES_ON = re.compile(r"和|及|或|与|等|的|之|以及|并且")
# Behind a date that begins a sentence, and not a signature: 1980年7月26日国务院发布的…同时废止。
SENTENCE_GOES_ON = re.compile(r"[，、（]|(?!附|抄|主题|分享|上一|下一|来源|责任|编辑|打印)[\u4e00-\u9fff]")
STOPS = "。；！？!?;:："  # end a sentence, or a line before a list
SUBORDINATE = re.compile(r"[前后时中上内之的、和与及等，,所应须可以》]")
ENDED = tuple("。；！？!?;:：”」』）)】")
CLOSING_MARK = re.compile(r"[，。；、：）》”』」】！？,;:)]")
OPEN_END = tuple("，、（《“「『〔【,(")
MARKS_FIRST = "，。；、,;"  # begin no line, whatever stands above
# A line that ends inside brackets, and one that closes them.
UNCLOSED = re.compile(r"[（(《][^（()）《》。；]{0,30}$")
CLOSING_FIRST = re.compile(r"[^（()）《》。；]{0,30}[）)》]")


def part_glued(text: str) -> Repaired:
    """Part a notice that a page glued into one line: title, number, addressees, 一、 （一） 第一条, signature.

    Only a line that holds most of the page's text, and a title or a signature besides, is such a one: the paragraphs
    of other pages have their （一） inside sentences. Addressees glued to the first paragraph are parted on every page.
    """
    lines = text.split("\n")
    begun = [_splits_addressees(line) for line in lines]
    addressed = next((n for n, end in enumerate(begun[:MOST_ABOVE]) if end), None)
    long = [line for line in lines if len(line) >= GLUED]
    total = sum(len(line) for line in lines if len(line) >= GLUED or line.endswith(ENDED))
    edits: list[Edit] = []
    at = 0
    for n, line in enumerate(lines):
        cuts: list[int] = []
        whole = _is_whole(line, begun[n] > 0, len(line) >= WHOLE * total and len(long) <= 3)
        if len(line) >= SHORTEST and whole:
            cuts = sorted(set(_cuts(line)))
        cuts = sorted({*cuts, *_indents_inside(line)})
        cuts = cuts if len(cuts) <= MOST_PARTS else []
        if begun[n] and (n == addressed or whole):
            cuts = sorted({*cuts, begun[n]})
        if cuts:
            edits += (Edit(at + cut, at + cut, "\n", "粘连的段落分开") for cut in cuts if 0 < cut < len(line))
        at += len(line) + 1
    return splice(text, edits, STEP)


def _splits_addressees(line: str) -> int:
    """Where the addressees that a line begins with end, if its first sentence follows them; else 0."""
    match = GLUED_ADDRESSEES.match(line) if ":" in line[:400] or "：" in line[:400] else None
    return match.end() if match and ADDRESSEE_END.search(match[0]) else 0


def _cuts(line: str) -> Iterator[int]:
    """Where a glued line is to be parted; nowhere if it shows neither head nor enough parts."""
    head = list(_head_cuts(line[:HEAD_WINDOW]))
    parts = [match.end() for match in PART.finditer(line)] or _numbered(line)
    gaps = [match.end() for match in GAPPED.finditer(line)]
    if len(gaps) >= FEWEST_GAPS:
        parts = sorted({*parts, *gaps})
    foot = list(_foot_cuts(line))
    if head or foot or (len(line) >= GLUED and len(parts) >= 2):
        yield from head
        yield from parts
        yield from foot


def _indents_inside(line: str) -> list[int]:
    """Where the indents of paragraphs end that were glued with them; none unless some stand behind sentences."""
    indents = list(INDENT_INSIDE.finditer(line)) if "\u3000\u3000" in line or "\xa0\xa0" in line else []
    behind = sum(line[indent.start() - 1] in "。；" for indent in indents)  # 姓名：　　 单位：　　 is a form
    return [indent.end() for indent in indents] if behind >= FEWEST_INDENTS else []


def _is_whole(line: str, is_addressed: bool, is_most: bool) -> bool:
    """Whether a line is a whole notice: it is most of its page, or has a head, or addressees and parts."""
    if len(line) < SHORTEST and not is_addressed:
        return False
    return is_most or _is_headed(line) or (is_addressed and _has_parts(line))


def _is_headed(line: str) -> bool:
    """Whether a line begins with a title, its number and addressees, as one of several glued notices does."""
    return "号" in line[:HEAD_WINDOW] and len(list(_head_cuts(line[:HEAD_WINDOW]))) == HEAD_PARTS


def _has_parts(line: str) -> bool:
    return len(line) >= GLUED and len(list(islice(PART.finditer(line), 2))) == 2


def _numbered(line: str) -> list[int]:
    """The starts of 1. 2. 3. in a line that counts from one on, the first of them behind a colon."""
    starts: list[int] = []
    for match in NUMBERED.finditer(line):
        if int(match["number"]) == len(starts) + 1 and (starts or line[match.start() - 1] in "：:"):
            starts.append(match.end())
    return starts if len(starts) >= FEWEST_NUMBERED else []


def _head_cuts(start: str) -> Iterator[int]:
    """Cuts behind number, title and addressees, where a line begins with a title."""
    ends = (match for match in TITLE_END.finditer(start) if _ends_title(start, match.end()))
    title = next(ends, None)
    if not title or "关于" not in start[: title.end()] or re.search(r"[。；]", start[: title.start()]):
        return
    if START.match(start):  # a numbered paragraph that speaks of 关于…的报告
        return
    begin = title.end()
    tail = re.match(r"[（(](?:试行|暂行)[）)]", start[begin:])
    begin += tail.end() if tail else 0
    yield begin
    for found in find_numbers(start):
        if found.end <= title.start():
            if not re.search(r"关于", start[: found.start]):
                yield found.end
        elif found.start - begin <= 4:
            begin = found.end + (1 if start[found.end : found.end + 1] in ")）]】" else 0)
            yield begin
            break
    rest = start[begin:]
    addressed = ADDRESSED.match(rest)
    if addressed:
        yield begin + addressed.end()


def _ends_title(start: str, end: int) -> bool:
    """Whether a kind of notice that ends at `end` ends the title, and not a title quoted in it or a part of it."""
    return start.count("《", 0, end) == start.count("》", 0, end) and not SUBORDINATE.match(start, end)


def _foot_cuts(line: str) -> Iterator[int]:
    """Cuts before the names and behind the date of a signature that follows the last sentence."""
    for found in reversed(find_dates(line[-400:])):
        date_at = len(line) - len(line[-400:]) + found.start
        before = line[:date_at].rstrip(BLANKS)
        sentence = max(before.rfind("。"), before.rfind("；"), before.rfind("："))
        names = before[sentence + 1 :].strip(BLANKS)
        after = line[len(line) - len(line[-400:]) + found.end :]
        if sentence >= 0 and not SENTENCE_GOES_ON.match(after) and (not names or read_authorities(names)):
            if names:
                yield sentence + 1
            yield date_at
            yield len(line) - len(line[-400:]) + found.end
            return


def join_broken(text: str) -> Repaired:
    """Join lines that were broken inside a sentence, by the width of the column or at a comma.

    A line is broken if it ends in a comma or an opening mark, if the next begins with a closing one, or if it is as
    long as the page's column is wide and ends without any mark. Headings end without a mark too, but are shorter; a
    next line that is indented or numbered begins a paragraph.
    """
    lines = text.split("\n")
    width, indents = _width(lines), _indents(lines)
    edits: list[Edit] = []
    at = 0
    for line, following in zip(lines, lines[1:], strict=False):
        end = at + len(line)
        if (
            _is_broken(line, following, width)
            or (indents and _is_unindented(line, following, width))
            or _runs_on(line, following)
        ):
            gap = len(following) - len(following.lstrip(BLANKS))
            kept = len(line.rstrip(BLANKS))
            edits.append(
                Edit(at + kept, end + 1 + gap, _seam(line.rstrip(BLANKS), following.lstrip(BLANKS)), "句中断行连上")
            )
        at = end + 1
    return splice(text, _apart(edits), STEP)


def _apart(edits: list[Edit]) -> Iterator[Edit]:
    """Edits without those that overlap the one before, which is what two lines of nothing but blanks would give."""
    done = 0
    for edit in edits:
        if edit.start >= done:
            done = edit.end
            yield edit


def _seam(line: str, following: str) -> str:
    latin = line[-1:].isascii() and following[:1].isascii() and line[-1:].isalpha() and following[:1].isalpha()
    return " " if latin else ""


def _width(lines: Sequence[str]) -> int:
    """The width of the column that text was wrapped to; 0 if it was not: then lines differ in length."""
    lengths = Counter(len(line.strip(BLANKS)) for line in lines)
    widest = max(lengths, default=0)
    near = sum(count for length, count in lengths.items() if widest - 3 <= length <= widest)
    return widest if near >= 3 and widest >= NARROWEST and "\t" not in "".join(lines) else 0


def _indents(lines: Sequence[str]) -> bool:
    """Whether the paragraphs of a text are indented: nearly every line below the end of a sentence."""
    shown = [line for line in lines if line.strip(BLANKS)]
    starts = [line for before, line in zip(shown, shown[1:], strict=False) if before[-1] in "。；：:"]
    indented = sum(line[0] in "\u3000\xa0" for line in starts)
    return indented >= 3 and indented >= INDENTED * len(starts)


def _is_unindented(line: str, following: str, width: int) -> bool:
    """Whether a line without an indent goes on with the one before it, where paragraphs are indented.

    Behind the end of a sentence only if that line is as long as the column is wide.
    """
    line = line.rstrip(BLANKS)
    if not line or not following or following[0] in BLANKS or "\t" in line + following:
        return False
    if START.match(following) and (line[-1] in STOPS or len(line) < LONG_LINE):
        return False
    full = width > 0 and len(line.strip(BLANKS)) >= width - 3
    if len(line) < LONG_LINE and not full:  # the end of a list or a heading, unless its sentence ends below
        return line[0] in "\u3000\xa0" and not line.endswith(ENDED) and following.rstrip(BLANKS)[-1:] in "。；：:;"
    return full or line[-1] not in STOPS


def _runs_on(line: str, following: str) -> bool:
    """Whether the sentence of a line ends in the next: it is too long for a heading, and neither title nor list."""
    line = line.strip(BLANKS)
    return (
        len(line) >= LONG_LINE
        and "，" in line
        and not line.endswith(ENDED)
        and not (START.match(line) and len(line) < 2 * LONG_LINE)
        and "\t" not in line + following
        and following[:1] not in BLANKS
        and following.rstrip(BLANKS)[-1] in "。；：:;"
        and not START.match(following)
        and not ADDRESSEE_END.search(following)
    )


def _is_broken(line: str, following: str, width: int) -> bool:
    line, start = line.rstrip(BLANKS), following.lstrip(BLANKS)
    if not line or not start or "\t" in line or "\t" in following or len(start) > 5_000:
        return False
    if line[-1] in "。；":
        return start[0] in MARKS_FIRST
    if CLOSING_FIRST.match(start) and UNCLOSED.search(line):
        return True
    if START.match(following):
        return False
    if CLOSING_MARK.match(start):
        return not line.endswith(ENDED) or start[0] in MARKS_FIRST
    if line.endswith(OPEN_END) or (GOES_ON.match(start) and len(line) >= LONG_LINE and line[-1] not in STOPS):
        return True
    indented = len(following) - len(start) > len(line) - len(line.lstrip(BLANKS)) and following[:1] in "\u3000\xa0"
    wide = width - 3 <= len(line.strip(BLANKS))
    return bool(width) and not indented and wide and (not line.endswith(ENDED) or line[-1] in "）)”》")


def trim(text: str) -> Repaired:
    """Take the indents and trailing blanks off every line; tabs between the cells of a table stay."""
    return splice(text, _blanks(text), STEP)


def _blanks(text: str) -> Iterator[Edit]:
    at = 0
    for line in text.split("\n"):
        end, reason = at + len(line), "缩进与行尾空白"
        first = end - len(line.lstrip(BLANKS))
        last = at + len(line.rstrip(BLANKS))
        if first > at:
            yield Edit(at, first, "", reason)
        if first < end and last < end:
            yield Edit(last, end, "", reason)
        at = end + 1
