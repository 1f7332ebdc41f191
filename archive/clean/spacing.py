"""Blanks between all characters, as typesetters space a title out: `国 家 税 务 总 局` is 国家税务总局."""

import re

from archive.clean.changes import Repaired, replace_each
from archive.clean.pinyin import HAN

BLANK = "[ \u3000\xa0]"
CHAR = rf"(?:[{HAN}○，。、；：？！（）《》〔〕“”]|[0-9]{{1,4}})"
RUN = re.compile(rf"(?<![{HAN}0-9])(?:{CHAR}{BLANK})+{CHAR}(?![{HAN}0-9])")
SIGN = re.compile(f"{BLANK}[{HAN}]{BLANK}[{HAN}]{BLANK}")
LONG = 12  # characters: a row of a table without cells (项 目 单 位) is shorter
PAGE = 3  # so many long ones make a page all of whose runs are spaced out


def close_spaced(text: str) -> Repaired:
    """Take the blanks out of text that has one behind every character; 财政部 国家税务总局 and 1 2 3 stay."""
    if not SIGN.search(text):
        return Repaired(text)
    runs = [match[0] for match in RUN.finditer(text)]
    shortest = 2 if sum(_characters(run) >= LONG for run in runs) >= PAGE else LONG
    return replace_each(
        RUN,
        text,
        lambda match: re.sub(BLANK, "", match[0]) if _characters(match[0]) >= shortest else None,
        "spacing",
        "blanks between all characters",
    )


def _characters(run: str) -> int:
    return len(re.findall(f"[{HAN}]", run))
