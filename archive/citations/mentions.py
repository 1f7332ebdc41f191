"""Where a text mentions other documents: by number, by 《title》, by both, or by a short name given earlier."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.numbers import DocumentNumber, FoundNumber, find_numbers, find_references

TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]{1,80}》){2,200})》")
# The last word of a title says what a document is; forms, licences and receipts in 《》 are none.
KIND = re.compile(
    r"(?:法|条例|细则|办法|规定|规则|通知|公告|通告|通报|批复|决定|决议|意见|解释|协定|议定书|规程|规范|准则|目录|纲要|方案|指引|公约|规划|命令"
    r"|关于.{0,150}(?:函|请示|答复|报告|安排|制度|解答|政策|问题))(?:[（(〔\[][^《》]{1,30}[）)〕\]])?$"
)
SHORTEST_TITLE = 4
TO_NUMBER = re.compile(r"[ \t\u3000]*[（(〔\[]?[ \t\u3000]*[原即见]?")
TO_TITLE = re.compile(r"(?:文件?|印发的|发布的|公布的)?[）)]?[ \t\u3000]*")
TO_NEIGHBOUR = 8
NUMBER_TAIL = re.compile(r"[^（）()《》。\n]{0,40}[）)]")
PART = re.compile(
    r"附[件表]|第[一二三四五六七八九十\d]{1,4}[条项款]"
)  # （国税发〔2006〕1号附件1）: not the whole of it
# 《国家税务总局关于…的公告》（2012年第24号）: the title says whose announcement it is.
SHORT_NUMBER = re.compile(
    r"[ \t\u3000]*[（(](?:公告|通告)?(?P<number>(?:19|20)\d\d年第\d{1,4}号)[^（）()《》。\n]{0,40}[）)]"
)
ANNOUNCEMENT = re.compile(r"(?P<who>.{2,60}?)关于.+(?P<kind>公告|通告)")
REMARK = re.compile(
    r"[（(](?:[^（）()《》\n]|[（(][^（）()《》\n]{1,4}[）)]){1,40}[）)]"
)  # （试行）, （1993年国务院令）
ALIAS = re.compile(
    r"[，,（(]?[ \u3000]*以下[简统合]?称(?:为)?[：:]?[ \u3000]*"
    r"[《“\"‘]?([^《》“”\"‘’（）()，。；\n]{2,20})[》”\"’]?[）)]?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention at text[start:end] of what `number`, `title` or both name.

    `left` and `right` are the ends of all that belongs to it: title, brackets around the number, the short name given.
    """

    start: int
    end: int
    left: int
    right: int
    number: DocumentNumber | None = None
    title: str = ""


def find_mentions(text: str) -> list[Mention]:
    """Every mention of a document in `text`, in order, not overlapping.

    A number inside a title counts only with that title's own number beside it; else the title is what is mentioned.
    """
    whole = find_numbers(text)
    numbers = sorted((*whole, *find_references(text, whole)), key=lambda found: found.start)
    return list(_with_aliases(text, _merge(text, numbers)))


def _merge(text: str, numbers: Sequence[FoundNumber]) -> list[Mention]:
    """Numbers and titles as mentions: a title and the number beside it are one."""
    mentions: list[Mention] = []
    free = 0  # numbers before this place are in a mention already
    for title in TITLE.finditer(text):
        while free < len(numbers) and numbers[free].end <= title.start():
            mentions.append(_alone(numbers[free]))
            free += 1
        while free < len(numbers) and numbers[free].start < title.end():
            free += 1
        last = mentions[-1] if mentions else None
        if free < len(numbers) and _beside(TO_NUMBER, text, title.end(), numbers[free].start):
            mentions.append(_both(text, numbers[free], title))
            free += 1
        elif last and last.number and not last.title and _beside(TO_TITLE, text, last.end, title.start()):
            mentions[-1] = replace(last, right=title.end(), title=title[1])
        else:
            mentions.append(_title_alone(text, title))
    return mentions + [_alone(number) for number in numbers[free:]]


def _alone(found: FoundNumber) -> Mention:
    return Mention(found.start, found.end, found.start, found.end, found.number)


def _title_alone(text: str, title: re.Match[str]) -> Mention:
    short = SHORT_NUMBER.match(text, title.end())
    number = _announced(title[1], short["number"]) if short else None
    if short and number:
        return Mention(title.start(), title.end(), title.start(), short.end(), number, title[1])
    remark = REMARK.match(text, title.end())
    right = remark.end() if remark else title.end()
    return Mention(title.start(), title.end(), title.start(), right, title=title[1])


def _announced(title: str, number: str) -> DocumentNumber | None:
    """The number of the announcement `title`, of which a text gives year and serial only."""
    announced = ANNOUNCEMENT.fullmatch(title)
    found = find_numbers(f"{announced['who']}{announced['kind']}{number}") if announced else []
    return found[0].number if found and found[0].start == 0 else None


def _beside(pattern: re.Pattern[str], text: str, start: int, end: int) -> bool:
    return end - start <= TO_NEIGHBOUR and pattern.fullmatch(text, start, end) is not None


def _both(text: str, found: FoundNumber, title: re.Match[str]) -> Mention:
    bracketed = text[title.end() : found.start].strip()
    tail = NUMBER_TAIL.match(text, found.end) if bracketed else None
    tail = None if tail and PART.search(tail[0]) else tail
    return Mention(found.start, found.end, title.start(), tail.end() if tail else found.end, found.number, title[1])


def _with_aliases(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Mentions that name a document, those by a short name given in the text resolved to what it stands for."""
    names: dict[str, Mention] = {}
    covered = 0
    for mention in mentions:
        if mention.left < covered:
            continue
        known = names.get(mention.title) if mention.number is None else None
        if known:
            yield replace(mention, number=known.number, title=known.title)
        elif mention.number or (len(mention.title) >= SHORTEST_TITLE and KIND.search(mention.title)):
            alias = ALIAS.search(text, mention.end, mention.right) or ALIAS.match(text, mention.right)
            covered = max(mention.right, alias.end()) if alias else mention.right
            if alias:
                names[alias[1]] = mention
            yield replace(mention, right=covered)
