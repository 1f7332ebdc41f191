"""What is attached to a notice, by name: from the lines that begin with 附件."""

import re
from collections.abc import Iterable, Sequence

LEAD = re.compile(
    r"[（(【\[]?附(?:件|表|录)?\s*(?P<count>[一二三四五六七八九十\d]{0,3})\s*[】\]）)]?\s*[:：.．、\s]\s*(?P<name>.*)"
)
NUMBERED = re.compile(r"(?:[（(]?\d{1,2}[）).．、]|[一二三四五六七八九十]{1,3}[、.．])\s*(?P<name>.+)")
# What a link adds to a name: its number in front, the kind and the size of the file behind.
DRESS = re.compile(
    r"^附(?:件|表)\s*[一二三四五六七八九十\d]{0,3}\s*[:：.．、\s]*(?=\S)|^\d{1,2}[.．、]\s*|[\s《》]|[（(][\d.]+\s*[KM]B?[）)]"
    r"|\.(?:docx?|xlsx?|pdf|zip|rar|wps|et|txt|ofd)(?=\s*(?:[（(]|$))",
    re.IGNORECASE,
)
LONGEST = 120


def read_attachments(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """The names that a list such as 附件：1.…表 / 2.…说明 gives; text of the attachments themselves is no name."""
    names: list[str] = []
    listing = False
    for paragraph in paragraphs:
        lead = LEAD.match(paragraph)
        if lead:
            name = _name(lead["name"])
            names += [name] if name else []
            listing = True
        elif (
            listing
            and (item := NUMBERED.match(paragraph))
            and len(paragraph) <= LONGEST
            and not paragraph.endswith(("。", "；"))
        ):
            names.append(_name(item["name"]))
        elif paragraph:
            listing = False
    return tuple(dict.fromkeys(name for name in names if name))


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The names in order, once each: 附件1.登记表.docx (25KB), as a link has it, is 登记表 in the list."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(DRESS.sub("", name), name)
    return tuple(kept.values())


def _name(text: str) -> str:
    text = text.strip().strip("《》")
    numbered = NUMBERED.fullmatch(text)
    text = numbered["name"] if numbered else text
    return text if len(text) <= LONGEST and not text.endswith(("。", "：", "；")) else ""
