"""From a page to its notices: the text of each, what page and text say about it, and every repair on record."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, groupby, takewhile, zip_longest

from archive.clean import clean_text
from archive.clean.boilerplate import page_lines
from archive.clean.changes import LIKELIEST, Edit, Repaired, places_in_doubt, splice
from archive.clean.damage import find_damage
from archive.clean.paragraphs import join_broken, part_glued, trim
from archive.clean.punctuation import restore_quotes
from archive.clean.spam import insertions, is_inserted, is_possible_advert, remove_phrases, spam_phrases
from archive.extract.dating import date_beside_title, dates_of_notice, dates_of_page, evidence_of
from archive.extract.fallback import untitled_head
from archive.extract.heads import Head, find_heads, is_same_title
from archive.extract.lines import TEXT, Line, Role, is_download
from archive.extract.neighbours import read_lines
from archive.extract.rejection import Code, Rejection, doubt, why_not
from archive.extract.span import Span, find_span
from archive.metadata.attachments import distinct, read_attachments
from archive.metadata.authorities import NUMBERED, leading_authorities, of_their_time, office_authorities
from archive.metadata.contacts import read_contacts
from archive.metadata.fields import Fields, StatedDate, merge, read_fields, read_meta, read_validity
from archive.metadata.titles import kind_of, read_title_line
from archive.models import Block, Change, Damage, Page, RawNotice, Validity
from archive.numbers import DocumentNumber

__all__ = ["Code", "Extraction", "Rejection", "extract", "page_lines"]

STEPS = ("boilerplate", "spam", "metadata")
BEFORE, AFTER, STATED = ("boilerplate", "正文之前"), ("boilerplate", "正文之后"), ("metadata", "标题与文号")
MOST_BELOW = 20  # lines below a notice that may lead to its attached files
# A line of its own below the title: 【全文废止】, 注：全文失效。参见：…
STATUS_LINE = re.compile(
    r"[【\[（(]?(?:注[:：])?(?:现行有效|全文(?:有效|失效|废止)|(?:部分)?条款(?:失效|废止)|已?(?:失效|废止))(?:[】\]）)。]|$)"
)
EMPTY_LINES = re.compile(r"^\n+|\n+$|(?<=\n)\n+")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a page gave: its notices in order, or the reason why there is none."""

    notices: tuple[RawNotice, ...] = ()
    rejection: Rejection | None = None


def extract(page: Page, recurring: frozenset[str] = frozenset()) -> Extraction:
    """The notices of a page, or why it has none; `recurring` are lines (`page_lines`) on most pages of its site."""
    page = replace(page, meta=_cleaned(page.meta))
    cleaned = clean_text(page.text)
    parted = part_glued(cleaned.text)
    lines = read_lines(parted.text.split("\n"), list(_blocks(page, cleaned.text, parted.text)), recurring)
    found = _find(page, lines, recurring)
    doubts = [doubt(lines, each.head, each.span, each.number) for each in found]
    kept = [each for each, why in zip(found, doubts, strict=True) if why is None]
    if not kept:
        return Extraction(rejection=why_not(page, lines, [why for why in doubts if why]))
    changes = (*cleaned.changes, *parted.changes)
    phrases = spam_phrases(_advertising(page, lines)) | _inserted(lines, kept)
    around = _around(lines, kept)
    fields, dates = _fields(page, around), dates_of_page(page, around)
    if len(found) > 1:
        fields, dates = Fields(), {field: day for field, day in dates.items() if field == "published_on"}
    elif "published_on" not in dates and (beside := date_beside_title(lines, found[0].head)):
        dates["published_on"] = beside
    stated = _Stated(fields, dates)
    return Extraction(tuple(_notice(lines, each, stated, changes, phrases) for each in kept))


@dataclass(frozen=True, slots=True)
class _Found:
    """A notice among the lines of its page."""

    head: Head
    span: Span
    number: DocumentNumber | None


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a page says of its notices."""

    fields: Fields
    dates: Mapping[str, StatedDate]


def _cleaned(meta: Mapping[str, str]) -> dict[str, str]:
    """What tags say, with its characters repaired as those of the text are."""
    texts = clean_text("\n".join(" ".join(text.split("\n")) for text in meta.values())).text.split("\n")
    return dict(zip(meta, texts, strict=False))  # without tags there is still a line


def _blocks(page: Page, text: str, parted: str) -> Iterator[Block]:
    """The block of every line of a text some of whose lines were parted; its cells are those of the cleaned line."""
    pieces = iter(parted.split("\n"))
    for line, block in zip(text.split("\n"), page.blocks, strict=True):
        cells = tuple(cell.strip() for cell in line.split("\t")) if block.cells else ()
        cleaned = block if cells == block.cells else block._replace(cells=cells)
        length = len(next(pieces))
        yield cleaned
        while length < len(line):
            length += len(next(pieces))
            yield cleaned


def _fields(page: Page, lines: Sequence[Line]) -> Fields:
    """What lines and tags state."""
    return merge(read_fields(pair for line in lines for pair in line.pairs), read_meta(page.meta))


def _around(lines: Sequence[Line], found: Sequence[_Found]) -> list[Line]:
    """The lines that are in no notice's text: 时间：… there is the time of a meeting."""
    inside = {n for each in found for n in each.span.kept}
    return [line for n, line in enumerate(lines) if n not in inside]


def _find(page: Page, lines: Sequence[Line], recurring: frozenset[str]) -> list[_Found]:
    heads = find_heads(lines)
    first = heads[0].body_at if heads else len(lines)
    fields = _fields(page, lines[:first])
    if not heads and (head := untitled_head(lines, fields)):
        heads = [head]
    found = []
    for head, following in zip_longest(heads, heads[1:]):
        span = find_span(lines, head, following.start if following else len(lines), recurring)
        number = head.number or _number_below(lines, span)
        number = number or (_stated_number(page, lines, head, fields) if len(heads) == 1 else None)
        found.append(_Found(head, span, number))
    return found


def _number_below(lines: Sequence[Line], span: Span) -> DocumentNumber | None:
    """The number in the line directly below a signature: （发文字号：财税〔2011〕47号）."""
    end = max((*span.kept, *span.dropped), default=len(lines))
    below = next((line for line in lines[end + 1 :] if line.role is not Role.BLANK), None)
    return below.number if below and below.role in (Role.NUMBER, Role.FIELD) else None


def _stated_number(page: Page, lines: Sequence[Line], head: Head, fields: Fields) -> DocumentNumber | None:
    """The number of the page's only notice, where its head has none: from a field, or beside its title elsewhere."""
    if fields.number:
        return fields.number
    above = next(
        (
            line.number
            for line in reversed(lines[: head.body_at])
            if line.number and line.role in (Role.NUMBER, Role.FIELD)
        ),
        None,
    )
    titles = [line.title for line in lines if line.title]
    titles += [title for text in page.meta.values() if len(text) <= 300 and (title := read_title_line(text))]
    return above or next((t.number for t in titles if t.number and is_same_title(t.title, head.title)), None)


def _advertising(page: Page, lines: Sequence[Line]) -> Iterator[str]:
    """The texts of a page in which it names what it advertises."""
    yield from page.hidden
    yield page.meta.get("keywords", "")
    yield from (line.words for line in lines if line.role is Role.SPAM)


def _inserted(lines: Sequence[Line], found: Sequence[_Found]) -> frozenset[str]:
    """What was set into sentences of the notices to advertise: adverts, and texts of links to another site."""
    kept = [lines[n] for each in found for n in each.span.kept]
    adverts = frozenset(advert for line in kept if line.role in TEXT for advert in insertions(line.words))
    links = [(link, line.text.strip()) for line in kept for link in line.block.foreign]
    if not links:
        return adverts
    cleaned = clean_text("\n".join(link for link, _ in links)).text.split("\n")
    pairs = zip(cleaned, links, strict=True)
    return adverts | frozenset(link for link, (_, words) in pairs if is_inserted(link, words))


def _notice(
    lines: Sequence[Line], found: _Found, stated: _Stated, changes: tuple[Change, ...], phrases: frozenset[str]
) -> RawNotice:
    head, span, fields = found.head, found.span, stated.fields
    body, body_changes = _body(lines, found, phrases)
    dates = dates_of_notice(lines, head, span, body, stated.dates)
    paragraphs = body.split("\n")
    addressed = next((lines[n].words for n in span.kept[:3] if lines[n].role is Role.RECIPIENTS), "")
    title = (
        fields.title if len(fields.title) > len(head.title) and is_same_title(fields.title, head.title) else head.title
    )
    in_title = _doubts_of_title(lines, head, title, changes)
    changes = (*changes, *body_changes)
    year = dates["issued_on"].value.year if "issued_on" in dates else 0
    return RawNotice(
        title=title,
        body=body,
        number=found.number,
        authorities=of_their_time(_authorities(lines, found, title, fields), year),
        kind=kind_of(title),
        validity=_validity(lines, head, fields),
        recipients=addressed.rstrip(":："),
        contacts=read_contacts(paragraphs),
        attachments=distinct((*read_attachments(paragraphs), *_downloads(lines, span))),
        changes=changes,
        damage=tuple(sorted({*in_title, *_places_to_tell(lines, span, body, changes)}, key=lambda place: place.at)),
        evidence=evidence_of(dates),
        **{field: day.value for field, day in dates.items()},
    )


def _doubts_of_title(lines: Sequence[Line], head: Head, title: str, changes: Sequence[Change]) -> Iterator[Damage]:
    """What looks damaged in a title, and what was read in doubt; `changes` are those that led to the lines."""
    above = -len(title) - 1
    yield from (replace(place, at=place.at + above) for place in find_damage(title))
    if any(change.reason.endswith(LIKELIEST) for change in changes):
        start = sum(len(line.text) + 1 for line in lines[: head.start])
        shown = "\n".join(line.text for line in lines[head.start : head.body_at])
        for first, last in places_in_doubt(changes):
            text = shown[first - start : last - start] if first >= start else ""
            if text and text in title:
                yield Damage(title.index(text) + above, text, "reading in doubt")


def _places_to_tell(lines: Sequence[Line], span: Span, body: str, changes: Sequence[Change]) -> Iterator[Damage]:
    """What looks damaged, what was read in doubt, and what may be an advert."""
    yield from find_damage(body)
    yield from (Damage(start, body[start:end], "reading in doubt") for start, end in places_in_doubt(changes))
    yield from _possible_adverts(lines, span, body)


def _possible_adverts(lines: Sequence[Line], span: Span, body: str) -> Iterator[Damage]:
    """The short lines of a notice that may be adverts, and are left because they may be its own."""
    text = "\n".join(lines[n].words for n in span.kept if lines[n].role in TEXT)
    paragraphs = body.split("\n")
    at = dict(zip(paragraphs, accumulate((len(line) + 1 for line in paragraphs), initial=0), strict=False))
    for n in span.kept:
        words = lines[n].words
        if lines[n].role is Role.OTHER and words in at and is_possible_advert(words, text):
            yield Damage(at[words], words, "possible advert")


def _downloads(lines: Sequence[Line], span: Span) -> Iterator[str]:
    """The names of the attached files to which links below the notice lead."""
    below = span.kept[-1] + 1 if span.kept else len(lines)
    for line in takewhile(lambda line: not line.title, lines[below : below + MOST_BELOW]):
        if is_download(line):
            yield line.words


def _authorities(lines: Sequence[Line], found: _Found, title: str, stated: Fields) -> tuple[str, ...]:
    """Who issued a notice: the title says it, or the signature if it names more; then the head, a field, the number."""
    titled, signed = leading_authorities(title), found.span.authorities
    office = found.number.office if found.number else ""
    numbered = office_authorities(office)
    if titled:
        return signed if set(signed) > set(titled) else titled
    if NUMBERED.search(office) and set(numbered) > set(signed):
        return numbered
    head = found.head
    above = (line.authorities for line in lines[head.start : head.body_at] if line.role in (Role.NAMES, Role.OWNER))
    return signed or next((names for names in above if names), ()) or stated.authorities or numbered


def _validity(lines: Sequence[Line], head: Head, stated: Fields) -> Validity:
    lines = lines[head.start : head.body_at]
    titled = (line.title.status for line in lines if line.title and line.title.status)
    alone = (line.words for line in lines if STATUS_LINE.match(line.words))
    status = next(chain(titled, alone), "")
    return (read_validity(status) if status else None) or stated.validity


def _body(lines: Sequence[Line], found: _Found, phrases: frozenset[str]) -> tuple[str, tuple[Change, ...]]:
    """The text of a notice, and the changes that lead to it from the lines of the page."""
    verdicts = _verdicts(lines, found)
    texts = [line.text for line in lines]
    changes: list[Change] = []
    for step in STEPS:
        repaired = splice(
            "\n".join(texts), _drop(texts, [v and v[1] if v and v[0] == step else None for v in verdicts]), step
        )
        left = [n for n, v in enumerate(verdicts) if not (v and v[0] == step)]
        texts, verdicts = [texts[n] for n in left], [verdicts[n] for n in left]
        changes += repaired.changes
    text = "\n".join(texts)
    # A quotation broken over two lines is whole once they are joined.
    for repair in (lambda text: remove_phrases(text, phrases), join_broken, restore_quotes, trim, _drop_empty):
        repaired = repair(text)
        text = repaired.text
        changes += repaired.changes
    return text, tuple(changes)


def _verdicts(lines: Sequence[Line], found: _Found) -> list[tuple[str, str] | None]:
    """For every line of the page None if it stays, else the step and the reason of its going."""
    head, span = found.head, found.span
    kept = set(span.kept)
    last = max((*span.kept, *span.dropped), default=head.body_at)
    verdicts: list[tuple[str, str] | None] = []
    for n, line in enumerate(lines):
        if n in kept or (head.body_at <= n <= last and line.role in (Role.BLANK, Role.RULE)):
            verdicts.append(None)
        elif n in span.dropped:
            verdicts.append(span.dropped[n])
        elif head.start <= n < head.body_at and line.role in (
            Role.TITLE,
            Role.NUMBER,
            Role.OWNER,
            Role.NAMES,
            Role.FIELD,
        ):
            verdicts.append(STATED)
        elif line.role is Role.SPAM:
            verdicts.append(("spam", "广告"))
        else:
            verdicts.append(BEFORE if n < head.body_at else AFTER)
    return _with_blanks(lines, verdicts)


def _with_blanks(lines: Sequence[Line], verdicts: list[tuple[str, str] | None]) -> list[tuple[str, str] | None]:
    """The verdicts, with the empty lines around the number of a printed page going with it: its sentence goes on."""
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        beside = -1 if order.step > 0 else 1
        for n in order:
            near = lines[n + beside]
            if lines[n].role is Role.BLANK and near.role in (Role.FURNITURE, Role.BLANK) and not verdicts[n]:
                verdicts[n] = verdicts[n + beside]
    return verdicts


def _drop(texts: Sequence[str], reasons: Sequence[str | None]) -> Iterator[Edit]:
    """Edits that take away the lines with a reason: one for each run of lines that go for the same reason."""
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    last_kept = max((n for n, reason in enumerate(reasons) if reason is None), default=0)
    first = 0
    for reason, run in groupby(reasons):
        after = first + len(list(run))
        if reason is not None:
            # Behind the last line that stays, a line goes with the line feed before it and not the one behind.
            feed = 1 if first > last_kept else 0
            yield Edit(starts[first] - feed, starts[after] - feed, "", reason)
        first = after


def _drop_empty(text: str) -> Repaired:
    if "\n\n" not in text and text == text.strip("\n"):
        return Repaired(text)
    return splice(text, (Edit(m.start(), m.end(), "", "空行") for m in EMPTY_LINES.finditer(text)), "paragraphs")
