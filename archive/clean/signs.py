"""What tells in a moment that a repair has nothing to do: most pages have none of the characters that one repairs."""

import re
from functools import lru_cache

# What pages of Chinese are made of, and what no repair is told by.
USUAL = re.compile("[\u4e00-\u9fff0-9，。、；：《》〔〕\n]+")


def has_sign(text: str, signs: re.Pattern[str]) -> bool:
    """Whether `signs`, a pattern of unusual characters that stand together, may be found in a text.

    It is looked for in what is left of the text without the usual ones, which brings together what stands apart.
    """
    return signs.search(_unusual(text)) is not None


@lru_cache(maxsize=1)  # one repair after the other asks of the same page
def _unusual(text: str) -> str:
    return USUAL.sub("", text)
