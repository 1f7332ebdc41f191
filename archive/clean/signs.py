"""What tells in a moment that a repair has nothing to do: most pages have none of the characters that one repairs."""

import re
from functools import lru_cache

# What pages of Chinese are made of, and what no repair is told by.
USUAL = re.compile("[\u4e00-\u9fff0-9，。、；：（）《》“”〔〕\n]+")


def has_sign(text: str, signs: re.Pattern[str]) -> bool:
    """Whether a text has a character that `signs`, a class of characters without the usual ones, finds."""
    return signs.search(_unusual(text)) is not None


@lru_cache(maxsize=1)  # one repair after the other asks of the same page
def _unusual(text: str) -> str:
    return USUAL.sub("", text)
