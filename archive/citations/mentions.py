"""Where a text mentions other documents: by number, by 《title》, by both, or by a short name given earlier."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.numbers import DocumentNumber, FoundNumber, find_numbers, find_references

TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]{1,80}》){2,200})》")
# The last word of a title says what a document is; forms, licences and receipts in 《》 are none.
KIND = re.compile(
    r"(?:法|条例|细则|办法|规定|规则|通知|公告|通告|通报|批复|复函|函|决定|决议|意见|解释|协定|议定书|安排|规程|规范|制度|准则"
    r"|目录|纲要|方案|答复|指引|指南|请示|报告|命令|公约|规划|问题|政策|解答|来函|来文)(?:[（(〔\[][^《》]{1,30}[）)〕\]])?$"
)
SHORTEST_TITLE = 4
TO_NUMBER = re.compile(r"[ \u3000]*[（(〔\[]?[ \u3000]*(?:原|即|见)?$")
TO_TITLE = re.compile(r"(?:文件?|印发的|发布的|公布的)?[）)]?[ \u3000]*$")
NUMBER_TAIL = re.compile(r"[^（）()《》。\n]{0,40}[）)]")
ALIAS = re.compile(
    r"[，,（(]?[ \u3000]*以下(?:简|统|合)?称(?:为)?[：:]?[ \u3000]*[《“\"‘]?([^《》“”\"‘’（）()，。；\n]{2,20})[》”\"’]?[）)]?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention at text[start:end] of what `number`, `title` or both name.

    `left` and `right` are the ends of all that belongs to it: the title, the brackets around its number, the short name.
    """

    start: int
    end: int
    left: int
    right: int
    number: DocumentNumber | None = None
    title: str = ""


def find_mentions(text: str) -> list[Mention]:
    """Every mention of a document in `text`, in order, not overlapping."""
    whole = find_numbers(text)
    numbers = sorted((*whole, *find_references(text, whole)), key=lambda f: f.start)
    return list(_with_aliases(text, _merge(text, numbers, list(TITLE.finditer(text)))))


def _merge(text: str, numbers: Sequence[FoundNumber], titles: Sequence[re.Match[str]]) -> list[Mention]:
    """Numbers and titles as mentions: a title and the number beside it are one."""
    by_start = {f.start: f for f in numbers}
    starts = [f.start for f in numbers]
    mentions: list[Mention] = []
    used: set[int] = set()
    for title in titles:
        after = next((f for f in numbers if f.start >= title.end()), None)
        before = next((f for f in reversed(numbers) if f.end <= title.start()), None)
        inside = any(title.start() < f.start < title.end() for f in numbers)
        if after and after.start not in used and TO_NUMBER.fullmatch(text, title.end(), after.start):
            used.add(after.start)
            mentions.append(_both(text, after, title))
        elif before and before.start not in used and TO_TITLE.fullmatch(text, before.end, title.start()):
            used.add(before.start)
            mentions.append(Mention(before.start, before.end, before.start, title.end(), before.number, title[1]))
        elif not inside:
            mentions.append(Mention(title.start(), title.end(), title.start(), title.end(), None, title[1]))
    rest = (by_start[start] for start in starts if start not in used)
    mentions.extend(Mention(f.start, f.end, f.start, f.end, f.number) for f in rest)
    return sorted(mentions, key=lambda m: m.start)


def _both(text: str, found: FoundNumber, title: re.Match[str]) -> Mention:
    bracketed = text[title.end() : found.start].strip()
    tail = NUMBER_TAIL.match(text, found.end) if bracketed else None
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
            yield Mention(mention.start, mention.end, mention.left, mention.right, known.number, known.title)
            continue
        if mention.number is None and not (len(mention.title) >= SHORTEST_TITLE and KIND.search(mention.title)):
            continue
        alias = ALIAS.search(text, mention.end, mention.right) or ALIAS.match(text, mention.right)
        if alias:
            names[alias[1]] = mention
            covered = alias.end()
            mention = Mention(
                mention.start, mention.end, mention.left, max(mention.right, alias.end()), mention.number, mention.title
            )
        yield mention
