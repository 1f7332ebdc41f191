"""What a text does to the documents it mentions, read from the words around each mention."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.citations import cues
from archive.citations.mentions import Mention
from archive.models import Relation

MARK = "※"
SENTENCE = re.compile(r"[^。；;！!？?]+")
QUOTED = re.compile(r"“[^”\n※]{0,400}”")
REACH = 160  # characters between a mention and the verb that decides about it
AROUND = 40  # characters before a mention that are looked at


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of text in which each mention is one ※, and the mentions in order."""

    text: str
    mentions: tuple[Mention, ...]


def read_relations(text: str, mentions: Sequence[Mention]) -> list[tuple[Mention, Relation]]:
    """Each mention with what the text does to it: its sentence decides, or else the heading of the list it stands in.

    A title that the text itself publishes (现将《…》印发给你们) is no other document and is left out.
    """
    if not mentions:
        return []
    read: list[tuple[Mention, Relation]] = []
    listed: Relation | None = None
    for line in _lines(text, mentions):
        listed = _listing(line.text, listed)
        rows = frozenset(_rows(line)) if listed else frozenset()
        for sentence in _sentences(line):
            parts = sentence.text.split(MARK)
            relations = _relations(parts)
            for at, mention in enumerate(sentence.mentions):
                if mention.number is None and cues.OWN.match(parts[at + 1]):
                    continue
                in_list = (
                    listed if mention in rows and (mention.number or cues.ROW_SERIAL.fullmatch(parts[at])) else None
                )
                read.append((mention, relations.get(at) or _as_listed(in_list, parts[at + 1])))
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
    heading = line[-cues.LONGEST_HEADING :]
    in_question = cues.LISTED if cues.LISTING.search(heading) else ()  # most lines say nothing of the kind
    cue = next((cue for cue in in_question if cue.words.search(heading)), None)
    if cue and _is_heading(line, heading) and not cues.TITLE_ROW.search(heading):
        return cue.relation
    if listed is None:
        return None
    prose = MARK not in line and "，" in line and "。" in line
    return None if prose or cues.PROSE.search(heading) else listed


def _is_heading(line: str, end: str) -> bool:
    """Whether a line with that `end` is the heading of a list, or ends in one."""
    patterns = cues.BARE_HEADING.fullmatch(line), cues.ORDINAL_HEADING.fullmatch(line), cues.HEADING.search(end)
    return any(patterns)


def _rows(line: Sentence) -> Sequence[Mention]:
    """The mentions that stand in a line as rows of a list do; behind a heading in the same line up to its end."""
    before, _, _ = line.text.partition(MARK)
    if cues.ROW.fullmatch(before):
        return line.mentions
    heading, _, beginning = before.rpartition("：")
    if cues.HEADING.search(heading) and cues.ROW_SERIAL.fullmatch(beginning):
        return line.mentions[: line.text.partition("。")[0].count(MARK)]
    return ()


def _as_listed(listed: Relation | None, behind: str) -> Relation:
    if listed is Relation.REPEALS and cues.CLAUSE.search(behind[:REACH]):
        return Relation.REPEALS_CLAUSES_OF
    return listed or Relation.MENTIONS


def _relations(parts: Sequence[str]) -> dict[int, Relation]:
    """What a sentence does to its mentions, by their place; `parts` is the text around them, one more than they are."""
    around, places = _without_remarks(parts)
    relations: dict[int, Relation] = {}
    for at in range(len(places)):
        if at not in relations:
            _read_before(around, at, relations)
    last = len(places) - 1
    while last >= 0:
        last = _read_behind(around, last, relations) - 1 if last not in relations else last - 1
    remarks = dict.fromkeys(set(range(len(parts) - 1)).difference(places), Relation.MENTIONS)
    return remarks | {places[at]: relation for at, relation in relations.items()}


def _without_remarks(parts: Sequence[str]) -> tuple[list[str], list[int]]:
    """`parts` without the mentions that say in brackets what was done to the one before, and the places of the rest."""
    rest, places = [parts[0]], list[int]()
    for at, behind in enumerate(parts[1:]):
        remark = cues.REMARK_ENDS.match(behind) if places and cues.REMARK_BEGINS.fullmatch(rest[-1]) else None
        if remark:
            rest[-1] = behind[remark.end() :]
        else:
            places.append(at)
            rest.append(behind)
    return rest, places


def _read_before(parts: Sequence[str], at: int, relations: dict[int, Relation]) -> None:
    before = parts[at][-AROUND:]
    if cues.EXCEPT.search(before) or cues.TITLE_END.match(parts[at + 1]):
        relations[at] = Relation.MENTIONS
        return
    for cue in cues.BEFORE:
        match = cue.words.search(before)
        if not match:
            continue
        last = at
        while last + 2 < len(parts) and _joined(parts[last + 1], cue.relation is not Relation.BASED_ON):
            last += 1
        relation = cue.relation
        if cues.NEGATED.search(before[: match.start()]) or (
            relation is Relation.BASED_ON and cues.APPLIED.match(parts[last + 1])
        ):
            relation = Relation.MENTIONS
        for one in range(at, last + 1):
            relations[one] = _by_clause(relation, parts[one + 1])
        return


def _read_behind(parts: Sequence[str], last: int, relations: dict[int, Relation]) -> int:
    """Read the verb behind the list of mentions that ends with `last`; where that list begins."""
    first = last
    while first > 0 and first - 1 not in relations and _joined(parts[first], loose=True):
        first -= 1
    relation = _verb(parts[first], parts[last + 1][:REACH])
    if relation is not None:
        for one in range(first, last + 1):
            relations[one] = _by_clause(relation, parts[one + 1])
        if relations[last] is Relation.REPEALS_CLAUSES_OF and cues.SHARED_PART.match(parts[last + 1]):
            relations |= dict.fromkeys(range(first, last), Relation.REPEALS_CLAUSES_OF)
    return first


def _verb(before: str, behind: str) -> Relation | None:
    """The relation that the first deciding verb behind a mention sets, if that verb speaks of the mention."""
    found = [(match, cue.relation) for cue in cues.BEHIND if (match := cue.words.search(behind))]
    for match, relation in sorted(found, key=lambda pair: pair[0].start()):
        between = behind[: match.start()]
        if relation is Relation.REPLIES_TO:
            if cues.ADDRESSED.search(before[-cues.LONGEST_REQUEST :]) and cues.REPLY_GLUE.fullmatch(between):
                return relation
            continue
        if not _is_object(before, between, relation):
            continue
        denied = cues.NEGATED.search(between) or cues.PAST.search(between) or cues.NOT_YET.match(behind, match.end())
        return Relation.MENTIONS if denied or cues.OTHERS.search(before) else relation
    return None


def _is_object(before: str, between: str, relation: Relation) -> bool:
    """Whether a verb, with `between` before it, speaks of the mention: of the whole, or of a clause it names."""
    if relation is Relation.AMENDS and cues.TAKEN.search(before):
        return True
    clause = cues.CLAUSE.search(between)
    comma = between.find("，", clause.end()) if clause else 0
    rest = cues.PAST.sub("", cues.NEGATED.sub("", "" if comma < 0 else between[comma:]))
    return cues.GLUE.fullmatch(rest) is not None


def _by_clause(relation: Relation, behind: str) -> Relation:
    """Repealing 第三条 of a notice, or what it says of something, leaves the rest of it in force."""
    if relation is not Relation.REPEALS:
        return relation
    cue = cues.BEHIND[0].words.search(behind)
    stop = re.search("[、，]", behind)
    reach = cue.start() if cue else stop.start() if stop else len(behind)
    return Relation.REPEALS_CLAUSES_OF if cues.CLAUSE.search(behind[:reach]) else relation


def _joined(between: str, loose: bool) -> bool:
    return cues.TIGHT.fullmatch(between) is not None or (loose and cues.LOOSE.fullmatch(between) is not None)
