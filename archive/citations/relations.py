"""What a text does to the documents it mentions, read from the words around each mention."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.citations.mentions import Mention
from archive.models import Relation

MARK = "※"
SENTENCE = re.compile(r"[^。；;！!？?]+")
QUOTED = re.compile(r"“[^”\n※]{0,400}”")
REACH = 160  # characters between a mention and the verb that decides about it
CLAUSE = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,6}(?:条|款|项|章|节|目|点|部分)|附件|附表|部分条款|(?:有关|相关|部分)(?:条款|内容|规定|政策)|规定的|关于|中"
)
TIGHT = re.compile(r"[^※，,。]{0,40}?(?:、|和|与|及|以及|或|或者)[\s（）()]*")
LOOSE = re.compile(r"[\s（）()]*[，,][\s（）()]*(?:以及|并|及)?")
SPACE = re.compile(r"[\s（）()]*")

NEGATED = re.compile(r"(?:不|未|没有|并未|尚未|无需|不予|不得|暂不|不应|是否|拟|应否|未经|无须|不会|不宜|并非)$")
PAST = re.compile(r"(?:已经|已|早已|业已|被|由|已于[^※，。]{2,20}(?:起|日|年|月)?)(?:全文|同时|明确|宣布)?$")
NOT_YET = re.compile(r"(?:以)?[前后]|之[前后日]|的(?:情况|原因)")
EXCEPT = re.compile(r"除(?:了)?[^※，。]{0,6}$")
# What may stand between a mention and its verb when the whole document is meant.
GLUE = re.compile(
    r"[\s，,、（）()]*(?:的)?(?:全文|文件|文|等)?[\s，,]*(?:(?:自|从|于)[^※。]{2,30}?(?:起|日|时)[，,]?)?[\s，,]*"
    r"(?:上述|以上|该|这|此)?[一二两三四五六七八九十\d]*[个件]?(?:文件|规定|通知|公告|办法)?"
    r"(?:均|都|同时|一并|相应|即行|予以|全文|一律|也|亦|即|随之|全部|整体|自行|现予|现|自动|宣布|宣告|应当|应|停止执行并)*[\s，,]*"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of text in which each mention is one ※, and the mentions in order."""

    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say what is done to the mention before or behind them."""

    words: re.Pattern[str]
    relation: Relation


# Directly before a mention or a list of them.
BEFORE = (
    Cue(re.compile(r"(?:根据|依据|依照|按照|遵照|贯彻落实|贯彻执行|贯彻|落实)[^※，。、]{0,16}$"), Relation.BASED_ON),
    Cue(re.compile(r"(?:废止|停止执行|停止使用)[了：:\s]*$"), Relation.REPEALS),
    Cue(re.compile(r"(?:修改|修订)[了：:\s]*$"), Relation.AMENDS),
    Cue(re.compile(r"转发[了：:\s]*[^※，。、]{0,24}$"), Relation.FORWARDS),
)
# Behind a mention or a list of them.
BEHIND = (
    Cue(re.compile(r"废止|失效|停止执行|不再执行|停止使用|不再适用|停止适用|作废"), Relation.REPEALS),
    Cue(
        re.compile(
            r"(?:修改|修订|改|调整|更正|变更)为|(?:修改|修订|调整|补充|更正)(?:内容)?如下|(?:作|做|作出|做出|进行|予以)(?:了|如下|以下|下列|相应|部分|适当|必要)*的?(?:修改|修订|调整|补充|更正)"
            r"|删除|删去|增加(?:以下|如下|下列|一)|修改|修订"
        ),
        Relation.AMENDS,
    ),
    Cue(re.compile(r"转发"), Relation.FORWARDS),
    Cue(re.compile(r"收悉|收到|悉"), Relation.REPLIES_TO),
)
APPLIED = re.compile(r"[^※，。]{0,16}(?:执行|办理|处理)")
OWN = re.compile(r"[\s（）()]*(?:予以|现予|现)?(?:印发|发布|公布|下发|发给)")

LISTED = (
    Cue(re.compile(r"继续有效|现行有效|继续执行"), Relation.MENTIONS),
    Cue(
        re.compile(r"(?:部分)?(?:条款|内容)[^※。]{0,12}(?:废止|失效|停止)|(?:废止|失效|停止)[^※。]{0,8}(?:条款|内容)"),
        Relation.REPEALS_CLAUSES_OF,
    ),
    Cue(re.compile(r"废止|失效|停止执行"), Relation.REPEALS),
    Cue(re.compile(r"修改|修订"), Relation.AMENDS),
)
HEADING = re.compile(
    r"目录|清单|一览表|(?:下列|以下|如下)[^※。]{0,30}|[：:]\s*$|^[（(]?[一二三四五六七八九十]{1,3}[）)、][^※。]{0,40}$"
)
PROSE = re.compile(r"特此|本(?:公告|通知|决定|办法|规定|目录)自|联系人|各地要|请各")


def read_relations(text: str, mentions: Sequence[Mention]) -> list[tuple[Mention, Relation]]:
    """Each mention with what the text does to it: its sentence decides, or else the heading of the list it stands in.

    A title that the text itself publishes (现将《…》印发给你们) is no other document and is left out.
    """
    read: list[tuple[Mention, Relation]] = []
    listed: Relation | None = None
    for line in _lines(text, mentions):
        listed = _listing(line.text, listed)
        for sentence in _sentences(line):
            parts = sentence.text.split(MARK)
            relations = _relations(parts)
            for at, mention in enumerate(sentence.mentions):
                if mention.number is None and OWN.match(parts[at + 1]):
                    continue
                relation = relations.get(at) or (_as_listed(listed, parts[at + 1]) if listed else Relation.MENTIONS)
                read.append((mention, relation))
    return read


def _lines(text: str, mentions: Sequence[Mention]) -> Iterator[Sentence]:
    pieces: list[str] = []
    at = 0
    for mention in mentions:
        pieces += text[at : mention.left].replace(MARK, "*"), MARK
        at = max(at, mention.right)
    pieces.append(text[at:].replace(MARK, "*"))
    yield from _split(QUOTED.sub("“”", "".join(pieces)).split("\n"), mentions)


def _sentences(line: Sentence) -> Iterator[Sentence]:
    if line.mentions:
        yield from (s for s in _split(SENTENCE.findall(line.text), line.mentions) if s.mentions)


def _split(texts: Sequence[str], mentions: Sequence[Mention]) -> Iterator[Sentence]:
    at = 0
    for text in texts:
        count = text.count(MARK)
        yield Sentence(text, tuple(mentions[at : at + count]))
        at += count


def _listing(line: str, listed: Relation | None) -> Relation | None:
    """What is said of the documents listed from this line on, given what was said up to it."""
    heading = line if len(line) <= 120 else line[-120:]
    if HEADING.search(heading):
        cue = next((cue for cue in LISTED if cue.words.search(heading)), None)
        if cue:
            return cue.relation
    return None if PROSE.search(line[:40]) else listed


def _as_listed(listed: Relation, behind: str) -> Relation:
    clauses = listed is Relation.REPEALS and CLAUSE.search(behind[:REACH])
    return Relation.REPEALS_CLAUSES_OF if clauses else listed


def _relations(parts: Sequence[str]) -> dict[int, Relation]:
    """What a sentence does to its mentions, by their place: `parts` is the text around them, one more than there are."""
    relations: dict[int, Relation] = {}
    for at in range(len(parts) - 1):
        if at not in relations:
            _read_before(parts, at, relations)
    for at in reversed(range(len(parts) - 1)):
        if at not in relations:
            _read_behind(parts, at, relations)
    return relations


def _read_before(parts: Sequence[str], at: int, relations: dict[int, Relation]) -> None:
    before = parts[at][-40:]
    if EXCEPT.search(before):
        relations[at] = Relation.MENTIONS
        return
    for cue in BEFORE:
        match = cue.words.search(before)
        if not match:
            continue
        last = at
        while last + 2 < len(parts) and _joined(parts[last + 1], cue.relation is not Relation.BASED_ON):
            last += 1
        relation = cue.relation
        if NEGATED.search(before[: match.start()]) or (
            relation is Relation.BASED_ON and APPLIED.match(parts[last + 1])
        ):
            relation = Relation.MENTIONS
        for one in range(at, last + 1):
            relations[one] = _by_clause(relation, parts[one + 1])
        return


def _read_behind(parts: Sequence[str], at: int, relations: dict[int, Relation]) -> None:
    behind = parts[at + 1][:REACH]
    relation = _verb(behind, parts[at])
    if relation is None:
        return
    first = at
    while first > 0 and first - 1 not in relations and _joined(parts[first], loose=True):
        first -= 1
    for one in range(first, at + 1):
        relations[one] = _by_clause(relation, parts[one + 1])


def _verb(behind: str, before: str) -> Relation | None:
    """The relation that the first deciding verb behind a mention sets, if the verb speaks of that mention."""
    for cue in BEHIND:
        match = cue.words.search(behind)
        if not match:
            continue
        between = behind[: match.start()]
        clause = CLAUSE.search(between)
        comma = between.find("，", clause.end()) if clause else 0
        rest = "" if comma < 0 else between[comma:]
        negated = NEGATED.search(between) or PAST.search(between) or NOT_YET.match(behind, match.end())
        if negated:
            return Relation.MENTIONS
        taken = cue.relation is Relation.AMENDS and re.search(r"[将对把][^※，。]{0,20}$", before)
        if GLUE.fullmatch(rest) or taken:
            return cue.relation
    return None


def _by_clause(relation: Relation, behind: str) -> Relation:
    """Repealing 第三条 of a notice, or what it says of something, leaves the rest of it in force."""
    if relation is not Relation.REPEALS:
        return relation
    cue = BEHIND[0].words.search(behind)
    stop = re.search("[、，]", behind)
    reach = cue.start() if cue else stop.start() if stop else len(behind)
    return Relation.REPEALS_CLAUSES_OF if CLAUSE.search(behind[:reach]) else relation


def _joined(between: str, loose: bool) -> bool:
    return TIGHT.fullmatch(between) is not None or (loose and LOOSE.fullmatch(between) is not None)
