"""Places that are still damaged after every repair: told, never hidden."""

import re

from archive.clean.pinyin import HAN, LETTERS
from archive.models import Damage

# One pattern a reason; matches never overlap within one of them.
SIGNS = (
    ("lost byte", re.compile(rf"\ufffd+|(?<=[{HAN}])\?(?=[{HAN}])")),
    (
        "pinyin note that does not fit",
        re.compile(rf"[(（][{LETTERS}]{{0,6}}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][{LETTERS}]{{0,6}}[)）]"),
    ),
    ("private-use characters", re.compile("[\ue000-\uf8ff]+")),
)


def find_damage(text: str) -> tuple[Damage, ...]:
    """The places of `text` that look damaged, in order."""
    found = [Damage(m.start(), m[0], reason) for reason, sign in SIGNS for m in sign.finditer(text)]
    return tuple(sorted(found, key=lambda damage: damage.at))
