"""Characters that a page shows as a program writes them: `&#22269;&#23478;` and `\\u56fd\\u5bb6` are 国家."""

import re
from html import unescape

from archive.clean.changes import Repaired, replace_each

ESCAPE = re.compile(
    r"&(?:#[0-9]{2,6}|#x[0-9a-f]{2,5}|nbsp|ensp|emsp|[lr][ds]quo|mdash|hellip|middot|times|quot);|\\u[0-9a-f]{4}",
    re.IGNORECASE,
)
SPACES = frozenset("\xa0\u2002\u2003\u3000")  # &lt; and line feeds stay as they are: they would be markup


def read_escapes(text: str) -> Repaired:
    """Write out the characters of pages that escaped their text twice; `&lt;` and `\\temp` stay."""
    return replace_each(ESCAPE, text, _character, "escapes", "escaped character")


def _character(match: re.Match[str]) -> str | None:
    escape = match[0]
    char = unescape(f"&#x{escape[2:]};" if escape.startswith("\\") else escape.lower())
    return char if char == '"' or char in SPACES or (not char.isascii() and char.isprintable()) else None
