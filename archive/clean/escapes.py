"""What a page shows as a program writes it: `&#22269;&#23478;` and `\\u56fd\\u5bb6` are 国家, `[b]` is nothing."""

import re
from html import unescape
from itertools import islice

from archive.clean.changes import Repaired, replace_each
from archive.clean.signs import has_sign

ESCAPE = re.compile(
    r"&(?:#[0-9]{2,6}|#x[0-9a-f]{2,5}|nbsp|ensp|emsp|[lr][ds]quo|mdash|hellip|middot|times|quot);|\\u[0-9a-f]{4}",
    re.IGNORECASE,
)
SIGNS = re.compile(r"[&\\]")
SPACES = frozenset("\xa0\u2002\u2003\u3000")  # &lt; and line feeds stay as they are: they would be markup

# The codes of forums (UBB), shown where a page is not what the forum made of it; pictures go with their address.
CODE = re.compile(
    r"\[(?P<whole>img|attach|flash|media)(?:=[^\[\]\n]{0,60})?\][^\[\]\n]{0,300}\[/(?P=whole)\]|"
    r"\[/?(?:b|i|u|s|p|hr|list|\*|size|color|backcolor|font|align|float|indent|center|left|right|quote|free|url|email|"
    r"table|tr|td|img|attach|sup|sub)(?:=[^\[\]\n]{0,200})?\]",
    re.IGNORECASE,
)
FEWEST_CODES = 4  # one [B] or [s] may be the notice's own


def remove_codes(text: str) -> Repaired:
    """Remove the codes of a forum from a page that shows several of them: [size=4], [b], [/url]."""
    if "[/" not in text or len(list(islice(CODE.finditer(text), FEWEST_CODES))) < FEWEST_CODES:
        return Repaired(text)
    return replace_each(CODE, text, lambda _: "", "escapes", "forum code")


def read_escapes(text: str) -> Repaired:
    """Write out the characters of pages that escaped their text twice; `&lt;` and `\\temp` stay."""
    if not has_sign(text, SIGNS):
        return Repaired(text)
    return replace_each(ESCAPE, text, _character, "escapes", "escaped character")


def _character(match: re.Match[str]) -> str | None:
    escape = match[0]
    char = unescape(f"&#x{escape[2:]};" if escape.startswith("\\") else escape.lower())
    return char if char == '"' or char in SPACES or (not char.isascii() and char.isprintable()) else None
