"""Where in a notice a citation stands, in the words a reader would point with: 附件2第15项, 第三条, 第二点."""

import re

ANNEX = re.compile(
    r"^[ \t\u3000]*(附件[ \t\u3000]*[0-9０-９一二三四五六七八九十]{0,3})[ \t\u3000]*(?:[：:．.、]|$)", re.MULTILINE
)
ARTICLE = re.compile(r"^[ \t\u3000]*(第[一二三四五六七八九十百零〇0-9]{1,6}条)", re.MULTILINE)
POINT = re.compile(r"^[ \t\u3000]*([一二三四五六七八九十]{1,4})、", re.MULTILINE)
# The serial of a table row or list item, on the line of the citation or on a line of its own shortly before it.
ITEM = re.compile(r"^[ \t\u3000]*[（(]?([0-9]{1,4})[）)]?[ \t\u3000]*(?:[.．、\t ]|$)", re.MULTILINE)
ROW = 300


def place_of(body: str, at: int) -> str:
    """The annex and item, the article or the numbered point that body[at] stands in; "" if there is none."""
    annex = _last(ANNEX, body, 0, at)
    if annex:
        item = _last(ITEM, body, max(annex.end(), at - ROW), at)
        return re.sub(r"\s", "", annex[1]) + (f"第{item[1]}项" if item else "")
    article = _last(ARTICLE, body, 0, at)
    if article:
        return article[1]
    item = _last(ITEM, body, max(0, at - ROW), at)
    if item:
        return f"第{item[1]}项"
    point = _last(POINT, body, 0, at)
    return f"第{point[1]}点" if point else ""


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text, start, end):
        found = match
    return found
