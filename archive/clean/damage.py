"""Places that are still damaged after every repair: told, never hidden."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice

from archive.clean import mojibake, remains
from archive.clean.language import pairs, words
from archive.clean.pinyin import HAN, LETTERS, TONED
from archive.models import Damage

MARKS = "，。、；：！？（）《》〈〉“”‘’〔〕【】—…"
# What is no part of a word with accents, the last of which stand beside no Chinese character: halves of characters.
STRAY_LETTERS = "ŠšŒœŽžŸƒ"
STRAY = f"{STRAY_LETTERS}ˆ˜†‡‚„‹›"
NO_LETTERS = f"¡-¯²-¶¸-¿{STRAY}"
# One pattern a reason, in the order in which they claim a place.
SIGNS = (
    (
        "note that does not fit its character",
        re.compile(rf"[?\ufffd]?[(（]?[{LETTERS}]{{0,5}}[{TONED}][{LETTERS}]{{0,5}}[)）]"),
    ),
    (
        "lost byte",
        re.compile(
            rf"\ufffd+|(?<=[{HAN}{MARKS},;:)])\?+(?=[^\x00-\x7f])|(?<=[{HAN}{MARKS},;:)])\?+(?=[@-~]{{1,3}}[{HAN}{MARKS}])|(?<=[{HAN}])\?+(?=[@-~])|\?(?=[⒈-⒛①-⑩Ⅰ-Ⅻ])"
            rf"|(?<=[{HAN}{MARKS}0-9(])\?+(?=[{HAN}{MARKS}])|(?<![A-Za-z=&/ ?])\?{{2,}}(?=[^\s?])"
            rf"|(?<=[{HAN}])\?(?=[0-9](?:[0-9]{{3}}|[{HAN}]))|^[\s\u3000]*\?.?\?*(?=[{HAN}{MARKS}])",
            re.MULTILINE,
        ),
    ),
    ("lost end", re.compile(rf"(?<=[{HAN}”）》〕】])\?+$", re.MULTILINE)),
    (
        "wrong encoding",
        re.compile(rf"(?:{mojibake.SIGN.pattern})[^\u2e80-\uffef\n]{{0,200}}|(?:[À-ÖØ-öø-ÿ][¡-ÖØ-öø-ÿ]){{2,}}"),
    ),
    (
        "wrong encoding",
        re.compile(
            rf"(?<=[{HAN}{MARKS}])(?=[@-~À-ÿ]*[{NO_LETTERS}])(?=[@-~]*[À-ÿ{NO_LETTERS}][@-~]*[À-ÿ{NO_LETTERS}])"
            rf"[@-~À-ÿ{NO_LETTERS}]+(?=[{HAN}{MARKS}]|$)|(?<=[{HAN}])[{STRAY}](?=[{HAN}])",
            re.MULTILINE,
        ),
    ),
    (
        "lost character",
        re.compile(
            rf"(?<=[{HAN}{MARKS}])[°±·×]?(?:{remains.LETTER.pattern}|[{STRAY_LETTERS}])+(?=[{HAN}{MARKS}]|$)"
            rf"|(?<![A-Za-zÀ-ÿ])[à-ï][{remains.CONTINUATION}]?(?= ?[{HAN}])|(?<=[{HAN}])[à-ï](?![A-Za-zÀ-ÿ])",
            re.MULTILINE,
        ),
    ),
    ("private-use characters", re.compile("[\ue000-\uf8ff]+")),
)
# What every sign above needs in its line; most lines have none of it.
HINT = re.compile(f"[?\ufffd\u00a1-\u024f\ue000-\uf8ff{STRAY}]")
QUESTION = re.compile("[吗呢么哪谁怎几]|(?<!任)何|是否|多少|能否|可否|吧")
QUESTION_LENGTH = 40
# No more places than this are told of one kind.
MOST = 1000


def find_damage(text: str) -> tuple[Damage, ...]:
    """The places of `text` that look damaged, in order, with the reason."""
    found: list[Damage] = []
    taken = bytearray(len(text))
    for damage in _signs(text):
        if not any(taken[damage.at : damage.at + len(damage.text)]):
            taken[damage.at : damage.at + len(damage.text)] = b"\x01" * len(damage.text)
            found.append(damage)
    return tuple(sorted(found, key=lambda damage: damage.at))


def _signs(text: str) -> Iterator[Damage]:
    suspected = list(_suspected_lines(text))
    for reason, sign in SIGNS:
        matches = (match for start, end in suspected for match in sign.finditer(text, start, end))
        for match in islice(matches, MOST):
            if reason == "lost end" and match[0] == "?" and _is_question(text, match.start()):
                continue
            yield Damage(match.start(), match[0], reason)
    for match in islice(_uncommon().finditer(text), MOST):
        if not _has_word(match[0]):
            yield Damage(match.start(), match[0], "implausible characters")


def _suspected_lines(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines of a text begin and end that a sign of damage may stand in: no sign goes beyond its line."""
    end = 0
    while hint := HINT.search(text, end):
        start = text.rfind("\n", 0, hint.start()) + 1
        end = text.find("\n", hint.end())
        end = len(text) if end < 0 else end
        yield start, end


def _is_question(text: str, at: int) -> bool:
    line = text[max(0, at - QUESTION_LENGTH) : at].rpartition("\n")[2]
    return QUESTION.search(line) is not None


@cache
def _uncommon() -> re.Pattern[str]:
    """Three rare characters in a row: what text out of step or in a wrong encoding is full of.

    Of 68,000 paragraphs of law 11 have such a run, each a word of the dictionary (苯丙胺, 罂粟籽).
    """
    single, double = pairs()
    common = "".join({*single, *chain.from_iterable(double.values())})
    return re.compile(f"[^{re.escape(common)}\x00-\u33ff\uf900-\uffef]{{3,}}")


def _has_word(run: str) -> bool:
    return any(run[at : at + length] in words() for at in range(len(run) - 1) for length in (2, 3))
