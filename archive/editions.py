"""Which edition of a notice a copy carries, by what the copy itself says of its revision."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from archive.copies import letters
from archive.metadata.dates import find_dates
from archive.models import RawNotice

OPEN = "（(〔[【"
# 根据2011年10月28日《关于修改…的决定》修订, in the bracket under the title that tells of issue and revisions.
REVISED = re.compile(r"(?:根据|依据|依照|按照|经)(?:《[^《》\n]{1,100}》|[^《》。；;\n]){2,120}?(?:修订|修正|修改)")
IN_TITLE = re.compile(r"[（(〔\[【](?P<year>(?:19|20)\d\d)年?(?:修订|修正|修改)[本版稿]?[）)〕\]】]")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
HEAD, LONGEST = 8, 1500  # lines looked at, and characters of a line


@dataclass(frozen=True, slots=True, order=True)
class Edition:
    """An edition, in order of time: the year and, if it is told, the day of its last revision; 0 as first issued.

    `note` is what the copy says of that revision.
    """

    year: int = 0
    day: date = date.min
    note: str = field(default="", compare=False)

    @property
    def revised_on(self) -> date | None:
        return None if self.day == date.min else self.day


def edition_of(raw: RawNotice) -> Edition:
    """The edition that `raw` carries: the latest revision that its title or the bracket under it names."""
    return max(_named(raw), default=Edition())


def split(raws: Sequence[RawNotice]) -> dict[Edition, list[int]]:
    """The places in `raws` of the copies of each edition, the latest edition first.

    A copy that says nothing of revisions but has all its text from a revised one is of that edition: it lost the note.
    """
    editions = [edition_of(raw) for raw in raws]
    first = Edition()
    if len(set(editions)) > 1 and first in editions:
        texts = [letters(raw.body) for raw in raws]
        revised = [(text, one) for text, one in zip(texts, editions, strict=True) if one != first]
        editions = [
            max((of for other, of in revised if text in other), default=one) if one == first else one
            for text, one in zip(texts, editions, strict=True)
        ]
    found: defaultdict[Edition, list[int]] = defaultdict(list)
    for at in sorted(range(len(raws)), key=lambda at: editions[at], reverse=True):
        found[editions[at]].append(at)
    return dict(found)


def _named(raw: RawNotice) -> Iterator[Edition]:
    for match in IN_TITLE.finditer(raw.title):
        yield Edition(int(match["year"]), note=match[0])
    for line in raw.body.split("\n", HEAD)[:HEAD]:
        if line.lstrip().startswith(tuple(OPEN)):
            for clause in REVISED.finditer(line[:LONGEST]):
                days, years = find_dates(clause[0]), YEAR.findall(clause[0])
                if days:
                    yield Edition(days[-1].value.year, days[-1].value, clause[0])
                elif years:
                    yield Edition(int(years[-1]), note=clause[0])
