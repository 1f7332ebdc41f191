"""Characters that nobody sees."""

import re

from archive.clean.changes import Repaired, replace_each
from archive.clean.signs import has_sign

INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)


def remove_invisible(text: str) -> Repaired:
    """Remove zero-width, bidirectional and control characters, which break words without being seen."""
    if not has_sign(text, INVISIBLE):
        return Repaired(text)
    return replace_each(INVISIBLE, text, lambda _: "", "invisible", "invisible characters")
