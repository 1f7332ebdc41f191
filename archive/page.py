"""From the bytes of a capture to its blocks: one a line of visible text, with the structure each line stood in."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from archive import feed, visibility
from archive.clean.encoding import Decoded, decode
from archive.errors import BadInput
from archive.models import Block, Capture, Page

MAX_BYTES = 10_000_000
MAX_TAGS = 300_000
MAX_DEPTH = 1_000
MAX_LINE = 200_000
MAX_TEXT = 1_000_000
MAX_LINES = 10_000  # with MAX_TEXT what is read in about two seconds, whatever the lines say
MAX_CELL = 400  # characters of a table cell; longer ones are paragraphs of a layout table

SPACED = 0.9  # share of the lines of a text with an empty one below, from which on all were written so
FEWEST_SPACED = 5
MAX_COMPARED = 200_000_000  # pairs of attributes in one tag, each of which the parser compares: half a second
FEW_ATTRIBUTES = 20_000  # characters of a page that cannot hold so many

BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"Rar!",
    b"\x1f\x8b",
    b"7z\xbc",
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)
MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|table|br|span|font|h[1-6]|meta|ul|section)\b", re.IGNORECASE)
# A tag up to its end, and the value of an attribute in it.
TAG = re.compile(r"""<[a-zA-Z](?>[^>"'=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|[="'])*+""")
VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+)|/""")
BLANK = " \t\r\n\f\v"
SPACES = re.compile(f"[{BLANK}]+")
# A line feed in the source between two Chinese characters is a wrapped line, not a space.
WRAPPED = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef\u3001-\u303f])[ \t\r\f\v]*\n[ \t\r\n\f\v]*"
    r"(?=[\u2e80-\u9fff\uff00-\uffef\u3001-\u303f])"
)
# The day a page states to machines: "datePublished": "2008-06-19T10:00:00" in JSON-LD.
STATED_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
BLOCK_TAGS = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
NOT_IN_CELLS = frozenset(["table", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "form", "hr"])
INDENT = re.compile(f"[{BLANK}]*[\u3000\xa0]{{2}}")
# The name before the value in a row copied from a table, and no numbered part.
ROW_HEAD = re.compile("(?![第（(一二三四五六七八九十])[^\t。，；：\\d]{2,12}\t+[^\t]")


def read_page(capture: Capture) -> Page:
    """The page a capture holds. Raises BadInput if it is empty, binary, too large or nested too deep."""
    content = capture.content
    if len(content) > MAX_BYTES:
        raise _refused(capture, f"has {len(content):,} bytes, more than {MAX_BYTES:,}")
    if not content.strip(b"\0 \t\r\n"):
        raise _refused(capture, "is empty")
    if content.startswith(BINARY):
        raise _refused(capture, "is a binary file, not a page")
    decoded = decode_capture(capture)
    if len(CONTROLS.findall(decoded.text[:20_000])) > 0.1 * len(decoded.text[:20_000]):
        raise _refused(capture, "is a binary file, not a page")
    if feed.is_feed(decoded.text):
        page = _read_html(capture, feed.as_html(decoded.text))
    elif MARKUP.search(decoded.text):
        page = _read_html(capture, decoded.text)
    else:
        page = Page(capture.source, "", tuple(_read_lines(decoded.text)))
    _check_size(capture, page)
    return replace(page, encoding=decoded.encoding)


def decode_capture(capture: Capture) -> Decoded:
    """The text of a capture and its encoding, of which the media type may say something."""
    content = capture.content
    charset = CHARSET.search(capture.media_type)
    declared = charset[1] if charset else ""
    decoded = decode(content, declared)
    if b"\0" in content and not decoded.encoding.lower().startswith(("utf-16", "utf-32")):
        return decode(content.replace(b"\0", b""), declared)
    return decoded


def _refused(capture: Capture, why: str) -> BadInput:
    return BadInput(f"{capture.source} {why}.", "Give a page of HTML or plain text.")


def _check_size(capture: Capture, page: Page) -> None:
    longest = max((len(block.text) for block in page.blocks), default=0)
    if longest > MAX_LINE:
        raise _refused(capture, f"has a line of {longest:,} characters, more than {MAX_LINE:,}")
    if sum(len(block.text) for block in page.blocks) > MAX_TEXT:
        raise _refused(capture, f"has more than {MAX_TEXT:,} characters of text")
    if len(page.blocks) > MAX_LINES:
        raise _refused(capture, f"has {len(page.blocks):,} lines, more than {MAX_LINES:,}")
    if not any(block.text.strip() for block in page.blocks):
        raise _refused(capture, "shows no text")


def _read_lines(text: str) -> Iterator[Block]:
    """Plain text: a block a line, with its indent; of several empty lines one stays, and none where all are spaced."""
    lines = [part.rstrip(" \t\f\v") for part in re.split(r"\r\n?|[\n\u2028\u2029]", text)]
    above_empty = sum(bool(line) and not below for line, below in pairwise([*lines, ""]))
    spaced = above_empty >= max(FEWEST_SPACED, SPACED * sum(map(bool, lines)))
    for above, line in pairwise(["", *lines]):
        if line or (above and not spaced):
            yield Block(line, tag="text", cells=tuple(line.split("\t")) if ROW_HEAD.match(line) else ())


def _read_html(capture: Capture, html: str) -> Page:
    if html.count("<") > MAX_TAGS:
        raise _refused(capture, f"has more than {MAX_TAGS:,} tags")
    if len(html) > FEW_ATTRIBUTES and _compared(html) > MAX_COMPARED:
        raise _refused(capture, "has too many attributes in a tag")
    last = html.rfind("<")
    if ">" not in html[last:] and last >= 0:  # cut off inside a tag
        html = html[:last]
    # As bytes, because lxml refuses text that declares an encoding; ours is known by now.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    if any("depth" in entry.message for entry in parser.error_log.filter_from_fatals()):
        raise _refused(capture, f"nests its tags deeper than {MAX_DEPTH:,}")
    if root is None:
        raise _refused(capture, "shows no text")
    styles = visibility.Styles(sheet.text or "" for sheet in root.iter("style"))
    reader = _Reader(styles, urlsplit(_address(root) or capture.source).netloc)
    if not reader.walk(root):
        raise _refused(capture, f"nests its tags deeper than {MAX_DEPTH:,}")
    return Page(capture.source, "", tuple(reader.blocks), _read_meta(root), tuple(reader.hidden))


def _compared(html: str) -> int:
    """How many pairs of attributes the parser compares to find those given twice."""
    return sum(len(VALUE.sub(" ", tag[0]).split()) ** 2 for tag in TAG.finditer(html))


def _address(root: etree._Element) -> str:
    """The address a page gives itself; "" if none."""
    links = (link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    bases = (base.get("href") for base in root.iter("base"))
    return next((address for address in (*links, *bases) if address and "//" in address), "")


def _read_meta(root: etree._Element) -> dict[str, str]:
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.strip().lower(), content)
    for script in root.iter("script"):
        if "json" in (script.get("type") or "") and (stated := STATED_DATE.search(script.text or "")):
            meta.setdefault("datepublished", stated[1])
    times = {time.get("datetime") for time in root.iter("time")} - {None}
    times |= {time.text for time in root.iter("em") if time.get("id") == "publish_time" and time.text}  # WeChat
    if len(times) == 1:
        meta["time"] = str(times.pop())
    title = root.find(".//title")
    if title is not None:
        meta["title"] = SPACES.sub(" ", "".join(title.itertext())).strip()
    return meta


class _Place(NamedTuple):
    """What an element's text inherits from the elements around it. A tuple, because every element makes one."""

    tag: str = ""
    path: tuple[str, ...] = ()
    align: str = ""
    in_link: bool = False
    in_row: bool = False
    keeps_lines: bool = False
    colour: visibility.Colour | None = None
    background: visibility.Colour | None = None


class _Reader:
    """Walks a tree once and collects lines; block elements and <br> end a line, cells of a data row do not."""

    def __init__(self, styles: visibility.Styles, host: str) -> None:
        self.blocks: list[Block] = []
        self.hidden: list[str] = []
        self._styles = styles
        self._parts: list[str] = []
        self._host = host
        self._linked = 0
        self._foreign: list[str] = []
        self._place = _Place()

    def walk(self, root: etree._Element) -> bool:
        """Read everything below root; False if it is nested too deep."""
        place = _Place()
        # For each open element the place around it, and what `_enter` says of it.
        opened: list[tuple[_Place, tuple[_Place, bool] | None]] = []
        events = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in events:
            if event == "start":
                entered = self._enter(element, place)
                if entered is None:
                    events.skip_subtree()
                elif len(opened) > MAX_DEPTH:
                    return False
                opened.append((place, entered))
                if entered:
                    place = entered[0]
                    self._add(element.text, place)
                continue
            if event == "comment":
                self._hide(element.text)
            else:
                place, entered = opened.pop()
                if entered:
                    self._leave(element.tag, *entered)
            self._add(element.tail, place)
        self._end_line()
        return True

    def _enter(self, element: etree._Element, around: _Place) -> tuple[_Place, bool] | None:
        """The place inside an element and whether it is a block, or None if nothing of it is to be seen."""
        tag = element.tag
        look = self._styles.look_of(element)
        place = _inside(element, around, look)
        if self._styles.hides(element, look) or self._is_camouflaged(element, around, place):
            if tag not in ("head", "script", "style"):
                self._hide("".join(element.itertext()))
            return None
        if tag == "br":
            self._break_line(place)
            return place, False
        if tag == "hr":
            self._end_line()
            self.blocks.append(Block("", tag="hr", path=place.path))
        is_block = tag in BLOCK_TAGS or look.ends_lines
        if is_block and not around.in_row:
            self._end_line()
        if tag == "a" and self._is_foreign(element.get("href") or ""):
            self._foreign.append(SPACES.sub(" ", "".join(element.itertext())).strip())
        return place, is_block

    def _is_foreign(self, href: str) -> bool:
        """Whether a link leads to another host; of a page from a file, whose host is unknown, every address does."""
        if "//" not in href:
            return False
        try:
            return urlsplit(href.strip()).netloc not in ("", self._host)
        except ValueError:
            return True

    def _leave(self, tag: str, place: _Place, is_block: bool) -> None:
        if place.in_row and tag in ("td", "th"):
            self._parts.append("\t")
        elif place.in_row and is_block and tag != "tr":
            self._parts.append(" ")
        elif is_block:
            self._end_line()

    def _is_camouflaged(self, element: etree._Element, around: _Place, place: _Place) -> bool:
        """Text in the colour of its background. An unknown background counts as white only inside a line of text."""
        if place.colour is None or place.colour == around.colour:
            return False
        if place.background is not None:
            return visibility.is_same_colour(place.colour, place.background)
        parent = element.getparent()
        beside = "" if parent is None else (parent.text or "") + (element.tail or "")
        return bool(beside.strip()) and visibility.is_same_colour(place.colour, visibility.WHITE)

    def _hide(self, text: str | None) -> None:
        text = SPACES.sub(" ", text or "").strip()
        if text:
            self.hidden.append(text)

    def _add(self, text: str | None, place: _Place) -> None:
        if not text:
            return
        if place.keeps_lines and "\n" in text:
            first, *rest = text.split("\n")
            self._add(first, place)
            for line in rest:
                self._break_line(place)
                self._add(line, place)
            return
        if not self._parts and not text.strip(BLANK):
            return
        text = SPACES.sub(" ", WRAPPED.sub("", text) if "\n" in text else text)
        if not self._parts:
            self._place = place
        self._parts.append(text)
        if place.in_link:
            self._linked += len(text.strip())

    def _break_line(self, place: _Place) -> None:
        """A line break; the second in a row leaves an empty line, which parts paragraphs."""
        if place.in_row:
            self._parts.append(" ")
        elif self._parts:
            self._end_line()
        elif self.blocks and self.blocks[-1].text:
            self.blocks.append(Block("", tag="br", path=place.path))

    def _end_line(self) -> None:
        if not self._parts:
            self._foreign.clear()
            return
        text = "".join(self._parts)
        self._parts.clear()
        linked, self._linked = self._linked, 0
        foreign, self._foreign = tuple(self._foreign), []
        cells: tuple[str, ...] = ()
        if self._place.in_row:
            cells = tuple(SPACES.sub(" ", cell).strip() for cell in text.removesuffix("\t").split("\t"))
            text = "\t".join(cells)
        else:
            text = SPACES.sub(" ", text).strip(" ")
        if length := len(text.strip()):
            place = self._place
            share = min(1.0, linked / length)
            self.blocks.append(Block(text, place.tag, place.path, share, place.align, cells, foreign))


def _inside(element: etree._Element, around: _Place, look: visibility.Look) -> _Place:
    """The place inside an element that looks so."""
    tag = element.tag
    link = around.in_link or (tag == "a" and element.get("href") is not None)
    colour, background = look.colour or around.colour, look.background or around.background
    if tag not in BLOCK_TAGS:
        if link == around.in_link and colour == around.colour and background == around.background:
            return around
        return _Place(
            around.tag, around.path, around.align, link, around.in_row, around.keeps_lines, colour, background
        )
    return _Place(
        tag if tag not in ("tbody", "thead") else around.tag,
        (*around.path, look.name),
        look.align or around.align,
        link,
        around.in_row or (tag == "tr" and _is_data_row(element)),
        around.keeps_lines or look.keeps_lines,
        colour,
        background,
    )


def _is_data_row(row: etree._Element) -> bool:
    """Whether a table row is a row of a table and not the layout of a page: several short cells without parts."""
    filled = 0
    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        length = breaks = 0
        for part in cell.iter():
            if part.tag in NOT_IN_CELLS:
                return False
            if part.tag in ("p", "br") and INDENT.match((part.text if part.tag == "p" else part.tail) or ""):
                return False
            breaks += part.tag in ("p", "br", "div")
            length += len((part.text or "").strip()) + len((part.tail or "").strip())
        if length > MAX_CELL or breaks > 8:
            return False
        filled += length > 0
    return filled > 1
