"""From which day on a notice does to another what it says of it, where the sentence itself names the day."""

import re
from datetime import date

from archive.metadata.dates import read_date

SENTENCE_ENDS = re.compile("[。；;\n]")
SINCE = re.compile("[自从于](?P<day>[^，。；自从于]{6,20}?)(?:之日)?起")
AROUND = 200  # characters of a sentence that are read on each side


def since(body: str, at: int) -> date | None:
    """The day that the sentence around body[at] names by 自…起: the next one behind that place, or the last before."""
    before = SENTENCE_ENDS.split(body[max(0, at - AROUND) : at])[-1]
    behind = SENTENCE_ENDS.split(body[at : at + AROUND], maxsplit=1)[0]
    days = [*_days(behind)[:1], *_days(before)[-1:]]
    return days[0] if days else None


def _days(text: str) -> list[date]:
    return [day for match in SINCE.finditer(text) if (day := read_date(match["day"]))]
