"""What a reader of a page cannot see: the rules of CSS and HTML by which re-posting sites hide text from the eye."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from lxml.etree import _Element

Colour = tuple[int, int, int]

HIDDEN_CLASSES = frozenset(
    # Frameworks' own names for "not shown"; Discuz scrambles copied text with `jammer`.
    ["hidden", "hide", "d-none", "none", "sr-only", "visually-hidden", "screen-reader-text", "invisible", "jammer"]
)
# Saved pages keep hidden what a script shows: the text of every article of WeChat, and the body of pages for phones.
SHOWN_BY_SCRIPT = frozenset(["js_content"])
# The attributes that make a look. Addresses and titles, of which a page has as many as links, do not.
LOOKS = frozenset([
    "class", "id", "style", "hidden", "aria-hidden", "width", "height", "align", "color", "text", "bgcolor",
])  # fmt: skip
UNSEEN_TAGS = frozenset([
    "head", "script", "style", "noscript", "template", "textarea", "select", "option", "iframe", "object", "embed",
    "svg", "math", "audio", "video", "canvas", "datalist", "map", "title", "button",
])  # fmt: skip
MOVED_AWAY = re.compile(r"scale\(0(?![.\d])|translate[xy]?\([^)]*-\d{3,}(?:\.\d+)?(?:px|%|vw|vh|em)")
# clip: rect(0 0 0 0), rect(1px, 1px, 1px, 1px); clip-path: inset(50%), inset(100%), circle(0).
CLIPPED_AWAY = re.compile(
    r"rect\(\s*([01])(?:px)?(?:[\s,]+\1(?:px)?){3}\s*\)|inset\((?:[5-9]\d|100)%|circle\(0(?![.\d])"
)
NO_SIZE = ("0", "1", "0px", "1px")
FAINT = 0.05  # opacity up to which the eye sees nothing
PIXELS_OF_LETTER = 16  # as wide as browsers write unless told
SHEET_LIMIT = 100_000  # characters of style sheet read; the rest of a longer one is not looked at

DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
BRACE = re.compile(r"[{}]")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A selector's part, div.box[data-k], and the names in it; one without class, id or attribute is too common to follow.
COMPOUND = re.compile(r"(?:[a-z][a-z0-9]*|\*)?(?:[.#][\w-]+|\[[\w-]+\])*")
COMPOUND_NAME = re.compile(r"[.#]?[\w-]+|\[[\w-]+\]")
MOST_PARTS = 4  # of a selector; rules for longer ones are left out
ON_SCREEN = re.compile(r"@media\s+(?:(?:only\s+)?screen|all)\s*")
LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|ex|%|vw|cm|mm|in)?")
HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\b")
BLOCK_DISPLAYS = frozenset(("block", "flex", "grid", "list-item", "table", "table-row", "flow-root"))
RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*(0?\.?\d+)\s*)?\)")
SIDES = frozenset(("left", "right", "center", "justify"))
NAMED: Mapping[str, Colour] = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
}
WHITE: Colour = (255, 255, 255)


class Look(NamedTuple):
    """What its tag, its attributes and its style make of an element, whatever stands around it.

    `name` has its classes and id (div.art_con#zoom); `faded` is what is too small, faint or far away to be seen.
    """

    name: str
    hidden: bool
    faded: bool
    ends_lines: bool
    keeps_lines: bool
    align: str
    colour: Colour | None
    background: Colour | None


@dataclass(frozen=True, slots=True)
class _Rule:
    """Declarations for elements that have all of `names` (tag, .class, #id, [attribute]) and stand inside others."""

    names: frozenset[str]
    around: tuple[frozenset[str], ...]  # outermost first
    declarations: Mapping[str, str]

    def holds(self, element: _Element, names: frozenset[str]) -> bool:
        if not self.names <= names:
            return False
        wanted = list(self.around)
        for ancestor in element.iterancestors() if wanted else ():
            if wanted[-1] <= _names(ancestor):
                wanted.pop()
                if not wanted:
                    break
        return not wanted


class Styles:
    """The style sheets inside a page, as far as classes, ids and attributes go, one inside the other or not.

    Of rules inside @media those for every screen count.
    """

    def __init__(self, sheets: Iterable[str]) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        self._look = cache(_look)  # of one page, whose paragraphs look alike
        for sheet in sheets:
            self._read(COMMENT.sub("", sheet[:SHEET_LIMIT].lower()))

    def _read(self, sheet: str) -> None:
        depth = done = opened = 0
        for brace in BRACE.finditer(sheet):
            if brace[0] == "{":
                if depth == 0:
                    opened = brace.start()
                depth += 1
            elif depth:
                depth -= 1
                if depth == 0:
                    self._add(sheet[done:opened].strip(), sheet[opened + 1 : brace.start()])
                    done = brace.end()

    def _add(self, selectors: str, declarations: str) -> None:
        if ON_SCREEN.fullmatch(selectors):
            self._read(declarations)
        elif "@" not in selectors and "{" not in declarations:
            followed = [compounds for selector in selectors.split(",") if (compounds := _compounds(selector))]
            declared = _declared(declarations) if followed else {}
            for *around, names in followed:
                rule = _Rule(names, tuple(around), declared)
                self._rules.setdefault(max(names, key=_rarity), []).append(rule)

    def look_of(self, element: _Element) -> Look:
        """How an element looks by itself."""
        attributes = element.items()
        if not attributes:
            return self._look(element.tag, (), ())
        own = tuple([attribute for attribute in attributes if attribute[0] in LOOKS])
        return self._look(element.tag, own, tuple(self._ruled(element).items()) if self._rules else ())

    def hides(self, element: _Element, look: Look) -> bool:
        """Whether the element itself is kept from view, whatever stands around it."""
        return look.hidden or (look.faded and not _is_restored(element, self._ruled(element) | _own(element.attrib)))

    def _ruled(self, element: _Element) -> dict[str, str]:
        """The declarations that hold for an element by the rules for its classes, its id and its attributes."""
        style: dict[str, str] = {}
        names = _names(element)
        for name in sorted(names & self._rules.keys(), key=_rarity):
            for rule in self._rules[name]:
                if rule.holds(element, names):
                    style |= rule.declarations
        return style


def _compounds(selector: str) -> list[frozenset[str]]:
    """The names in each part of a selector; none for kinds that are not followed (siblings, states, tags alone)."""
    parts = selector.replace(">", " ").split()
    if not 0 < len(parts) <= MOST_PARTS or not all(map(COMPOUND.fullmatch, parts)):
        return []
    compounds = [frozenset(COMPOUND_NAME.findall(part)) for part in parts]
    return compounds if any(map(_rarity, compounds[-1])) else []


def _names(element: _Element) -> frozenset[str]:
    """What selectors may call an element."""
    names = {str(element.tag), *(f"[{name}]" for name in element.attrib)}
    names.update("." + name for name in (element.get("class") or "").lower().split())
    if own := element.get("id"):
        names.add("#" + own.lower())
    return frozenset(names)


def _rarity(name: str) -> int:
    """How much a name tells of an element: nothing a tag, most an id."""
    return ".[#".find(name[0]) + 1 if name[0] in ".[#" else 0


def _declared(text: str) -> dict[str, str]:
    return {name: value.strip() for name, value in DECLARATION.findall(text)}


def _own(attributes: Mapping[str, str]) -> dict[str, str]:
    """The declarations of an element's own style."""
    own = attributes.get("style")
    return _declared(own.lower()) if own else {}


def _look(tag: str, attributes: tuple[tuple[str, str], ...], ruled: tuple[tuple[str, str], ...]) -> Look:
    given = dict(attributes)
    style = dict(ruled) | _own(given)
    classes, own_id = given.get("class", "").split(), given.get("id", "")
    always_shown = tag in ("html", "body") or own_id in SHOWN_BY_SCRIPT
    align = (style.get("text-align") or given.get("align") or "").lower().strip() if tag != "center" else tag
    return Look(
        name=tag + "".join(f".{name}" for name in classes) + (f"#{own_id}" if own_id else ""),
        hidden=not always_shown and _is_hidden(tag, given, style),
        faded=not always_shown and bool(style) and _styled_away(style),
        ends_lines=style.get("display", "").removesuffix("!important").strip() in BLOCK_DISPLAYS,
        keeps_lines=tag == "pre" or style.get("white-space", "").startswith("pre"),
        align=align if align in SIDES else "",
        colour=_colour(style.get("color") or given.get("color") or given.get("text")),
        background=_colour(style.get("background-color") or style.get("background") or given.get("bgcolor")),
    )


def _is_hidden(tag: str, attributes: Mapping[str, str], style: Mapping[str, str]) -> bool:
    get = attributes.get
    if tag in UNSEEN_TAGS or get("hidden") is not None or get("aria-hidden") == "true":
        return True
    if "display" not in style and not HIDDEN_CLASSES.isdisjoint(get("class", "").lower().split()):
        return True
    return get("width") in NO_SIZE and get("height") in NO_SIZE


def _is_restored(element: _Element, style: Mapping[str, str]) -> bool:
    """Whether elements inside one without size or visibility have their own: font-size:0 closes gaps between them."""
    own = {name: value for name, value in style.items() if name not in ("font-size", "visibility")}
    if _styled_away(own):
        return False
    inner = (_declared(child.get("style", "").lower()) for child in element.iterdescendants() if child.get("style"))
    return any(
        not _styled_away(each) and ("font-size" in each or each.get("visibility", "").startswith("visible"))
        for each in inner
    )


def _styled_away(style: Mapping[str, str]) -> bool:
    get = style.get
    if get("display", "").startswith("none") or get("visibility", "").startswith(("hidden", "collapse")):
        return True
    if (
        _is_faint(get("opacity"))
        or _is_transparent(get("color", ""))
        or _is_tiny(get("font-size"))
        or re.match(r"0(px)?[ /]", get("font", ""))
    ):
        return True
    if any(_length(get(side)) <= -500 for side in ("left", "top", "right", "bottom", "text-indent", "margin-left")):
        return True
    if get("content-visibility", "").startswith("hidden") or get("mso-hide", "").startswith("all"):
        return True
    if MOVED_AWAY.search(get("transform", "")) or CLIPPED_AWAY.match(get("clip", "") or get("clip-path", "")):
        return True
    clipped = get("overflow", "").startswith("hidden")
    return clipped and any(_is_tiny(get(side)) for side in ("height", "width", "max-height", "line-height"))


def _length(value: str | None) -> float:
    """A length in pixels, roughly; 0 where there is none, which is never off the screen."""
    match = LENGTH.match(value or "")
    return float(match[1]) * (PIXELS_OF_LETTER if match[2] in ("em", "rem") else 1) if match else 0.0


def _is_faint(value: str | None) -> bool:
    match = LENGTH.match(value or "")
    return match is not None and float(match[1]) / (100 if match[2] == "%" else 1) <= FAINT


def _is_transparent(colour: str) -> bool:
    if colour.startswith("transparent"):
        return True
    match = RGB.match(colour)
    return match is not None and match[4] is not None and _is_faint(match[4])


def _is_tiny(value: str | None) -> bool:
    """At most one pixel or point: nobody can read it."""
    match = LENGTH.match(value or "")
    if match is None:
        return False
    return abs(float(match[1])) <= (1 if match[2] in ("px", "pt") else 0)


def _colour(value: str | None) -> Colour | None:
    if not value:
        return None
    value = value.lower().strip()
    if match := HEX.search(value):
        digits = match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := RGB.search(value):
        return int(match[1]), int(match[2]), int(match[3])
    return NAMED.get(value.split()[0].removesuffix("!important"))


def is_same_colour(one: Colour, other: Colour) -> bool:
    """Whether the eye can hardly tell the two apart."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) <= 30
