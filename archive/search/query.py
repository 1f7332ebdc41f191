"""Reading the query language: one grammar for search box, API and command line.

    增值税 发票            both words            增值税 OR 营业税      either        (… )           grouping
    "专用发票"             exactly this text     -农产品, NOT 农产品    without       增值*          begins so
    标题: 正文: 文号: 发文机关: 主题: 类型: 年份: 时效: 日期: 发布日期: 施行日期:   (title: body: number: authority: …)
    日期:2008-01..2009-06  年份:2008..2010  both ends inclusive, either may be left out     有效于:2010-05-01

`parse` never raises: what is not well-formed is read literally, and `reading` says so. Its inverse is
`archive.search.nodes.render`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.errors import BadInput
from archive.lexicon import offices
from archive.models import DateKind, Remark
from archive.numbers import DocumentNumber, parse_partial
from archive.search.dates import named_days, parse_day, parse_span, parse_years
from archive.search.fold import fold, is_word_character, strip_edges
from archive.search.labels import validity_of
from archive.search.nodes import (
    CHUNK,
    FIELD_OF,
    FIELDS,
    And,
    Dates,
    Filter,
    InForce,
    Node,
    Not,
    Number,
    Or,
    Parsed,
    Phrase,
    Prefix,
    Words,
    Years,
)
from archive.words import HALF_PAIR

MAX_LENGTH = 1000
MAX_CLAUSES = 64
MAX_DEPTH = 16

OPERATORS = {"AND": "and", "&&": "and", "OR": "or", "||": "or", "|": "or", "NOT": "not"}

# Alternatives begin with different characters and repeat disjoint classes, so matching is linear.
FIELD = re.compile(r"(\w{2,12})[:：](?=\S)")
# A quote ends a phrase only at the end of a word: "甲"乙 is text with quotes in it, as everyone writes them.
QUOTED = re.compile(
    r'"((?:[^"\\]|\\.|"(?=[^\s)]))*)"(?=[\s)]|$)|“([^”]*)”(?=[\s)]|$)|「([^」]*)」(?=[\s)]|$)|"([^"]+)$', re.DOTALL
)
ESCAPED = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Token:
    """kind: leaf, field, and, or, not, open or close; `text` as written."""

    kind: str
    text: str
    node: Node | None = None


def parse(text: str) -> Parsed:
    """Read a query. Never raises; see the module for the language."""
    remarks: list[str] = []
    if len(text) > MAX_LENGTH:
        remarks.append(Remark("检索词过长，只用了前 %(most)s 个字。", most=MAX_LENGTH))
        text = text[:MAX_LENGTH]
    text = HALF_PAIR.sub(" ", text)
    whole = _number(text.strip(), remarks) or _issued(text.strip(), remarks)
    if whole:
        return Parsed(whole, tuple(remarks))
    parser = _Parser(list(_tokens(text, remarks)), remarks)
    return Parsed(parser.query(), tuple(dict.fromkeys(remarks)))


def _number(text: str, remarks: list[str]) -> Node | None:
    """The number that the whole of `text` is, given in part or in full, and the notices that mention it."""
    try:
        part = parse_partial(text)
    except BadInput:
        return None
    authority = offices().authorities.get(part.office)
    if authority:  # 国家税务总局2008年608号文: no number begins with a name, but one that the authority issued is meant
        name = f"{part.year}年{part.serial}号" if part.year else f"{part.serial}号"
        remarks.append(Remark("“%(text)s”没有机关代字，按发文机关和号查找。", text=text))
        return And((Number(name), Filter("authority", authority)))
    whole = part.office and part.serial and part.year
    name = str(DocumentNumber(part.office, part.year, part.serial)) if whole else text
    if _year_stands_apart(text, part.year):
        remarks.append(Remark("“%(text)s”按文号查找。", text=text))
    return Or((Number(name), Phrase(name)))


def _year_stands_apart(text: str, year: int) -> bool:
    """Whether a number has its year before or behind all else: 2008年国税函608号, 国税函608号2008年."""
    spelled = strip_edges(fold(text))
    return bool(year) and (spelled.startswith(str(year)) or spelled.removesuffix("年").endswith(str(year)))


def _issued(text: str, remarks: list[str]) -> Node | None:
    """What was issued on the day or in the month that the whole of `text` is."""
    days = named_days(text)
    if days is None:
        return None
    remarks.append(Remark("“%(text)s”按成文日期查找；要找正文里的这几个字，请加引号。", text=text))
    return Dates(DateKind.ISSUED, days)


def _tokens(text: str, remarks: list[str]) -> Iterable[Token]:
    at, free = 0, True  # free: at the beginning of a word, where "-", quotes and fields mean something
    while at < len(text):
        char = text[at]
        if char.isspace() or char in "()":
            if char in "()":
                yield Token("open" if char == "(" else "close", char)
            at, free = at + 1, True
            continue
        if free and char == "-" and at + 1 < len(text) and not text[at + 1].isspace():
            yield Token("not", char)
            at += 1
            continue
        field = FIELD.match(text, at)
        name = FIELD_OF.get(fold(field[1])) if field and free else None
        start = field.end() if field and name else at
        if name and text[start] == "(":
            yield Token("field", text[at:start], Words("", name))
            at = start
            continue
        quoted = QUOTED.match(text, start) if free else None
        if quoted:
            if quoted[4] is not None:
                remarks.append(Remark("引号没有成对，其后的文字作为一个整体查找。"))
            value = next((g for g in quoted.groups() if g is not None), "")
            value = ESCAPED.sub(r"\1", value) if text[start] == '"' else value
            if any(not c.isspace() for c in value):
                yield Token("leaf", text[at : quoted.end()], _leaf(name or "", value, Phrase, remarks))
            at = quoted.end()
            continue
        chunk = CHUNK.match(text, start)
        if not chunk:  # a lone bracket behind a field
            at, free = start, True
            continue
        at, free = chunk.end(), True
        if not name and chunk[0] in OPERATORS:
            yield Token(OPERATORS[chunk[0]], chunk[0])
        else:
            yield Token("leaf", chunk[0], _leaf(name or "", chunk[0], Words, remarks))


def _leaf(name: str, value: str, kind: type[Words] | type[Phrase], remarks: list[str]) -> Node | None:
    """The node for `value` of the field `name`; literal text where it is no such value; None without a character."""
    if name in ("", "title", "body"):
        return _text(name, value, kind, remarks)
    node = _special(name, value)
    if node is None:
        remarks.append(Remark("“%(asked)s”不是可用的条件，按文字查找。", asked=f"{FIELDS[name][0]}:{value}"))
        return _text("", value, kind, remarks)
    return node


def _text(field: str, value: str, kind: type[Words] | type[Phrase], remarks: list[str]) -> Node | None:
    if kind is Phrase:
        return Phrase(value, field)
    if not field:
        number = _number(value, remarks)
        if number:
            return number
    if value.endswith("*") and any(map(is_word_character, value[:-1])):
        return Prefix(value.rstrip("*"), field)
    return Words(value, field) if any(map(is_word_character, value)) else None


def _special(name: str, value: str) -> Node | None:
    try:
        if name == "number":
            number = f"{value}号" if value.isdecimal() else value
            parse_partial(number)
            return Number(number)
        if name == "validity":
            return Filter(name, validity_of(value))
        if name == "year":
            return Years(*parse_years(value))
        if name in ("issued", "published", "effective"):
            return Dates(DateKind(name), parse_span(value))
        if name == "inforce":
            return InForce(parse_day(value))
    except BadInput:
        return None
    return Filter(name, value)


class _Parser:
    """Recursive descent over the tokens: OR binds weakest, then AND (written or not), then NOT."""

    def __init__(self, tokens: list[Token], remarks: list[str]) -> None:
        self.tokens = tokens
        self.remarks = remarks
        self.at = 0
        self.clauses = 0

    def query(self) -> Node | None:
        parts = [self.alternatives(0)]
        while self.at < len(self.tokens):  # a closing bracket too many
            self.remarks.append(Remark("括号没有成对，多余的已忽略。"))
            self.at += 1
            parts.append(self.alternatives(0))
        return _joined(And, parts)

    def alternatives(self, depth: int) -> Node | None:
        parts = [self.conjunction(depth)]
        while self.peek() == "or":
            operator = self.take()
            part = self.conjunction(depth)
            if part is None or parts == [None]:
                parts[-1] = _joined(And, [parts[-1], self.literal(operator), part])
            else:
                parts.append(part)
        return _joined(Or, parts)

    def conjunction(self, depth: int) -> Node | None:
        parts: list[Node | None] = []
        while self.peek() not in ("or", "close", ""):
            if self.peek() == "and":
                operator = self.take()
                if not parts or self.peek() in ("or", "close", "", "and"):
                    parts.append(self.literal(operator))
            else:
                parts.append(self.unary(depth))
        return _joined(And, parts)

    def unary(self, depth: int) -> Node | None:
        token = self.take()
        if token.kind == "not":
            if self.peek() in ("leaf", "open", "field", "not") and depth < MAX_DEPTH:
                part = self.unary(depth + 1)
                return Not(part) if part else None
            return self.literal(token)
        if token.kind == "field":
            self.take()
            return self.group(depth, token.node.field if isinstance(token.node, Words) else "")
        if token.kind == "open":
            return self.group(depth, "")
        return self.counted(token.node)

    def group(self, depth: int, field: str) -> Node | None:
        if depth >= MAX_DEPTH:
            self.remarks.append(Remark("括号嵌套过深，里层的括号已忽略。"))
            return None
        node = self.alternatives(depth + 1)
        if self.peek() == "close":
            self.take()
        else:
            self.remarks.append(Remark("括号没有成对，按到末尾为止理解。"))
        return _within(field, node, self.remarks) if node and field else node

    def literal(self, operator: Token) -> Node | None:
        self.remarks.append(Remark("“%(word)s”前后缺少内容，按普通文字查找。", word=operator.text))
        return self.counted(_text("", operator.text, Words, self.remarks))

    def counted(self, node: Node | None) -> Node | None:
        self.clauses += node is not None
        if self.clauses > MAX_CLAUSES:
            self.remarks.append(Remark("条件过多，只用了前 %(most)s 个。", most=MAX_CLAUSES))
            return None
        return node

    def peek(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]


def _joined(kind: type[And] | type[Or], parts: Iterable[Node | None]) -> Node | None:
    """The parts that are something under one node, nested nodes of the same kind flattened."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, kind):
            flat.extend(part.parts)
        elif part is not None:
            flat.append(part)
    return kind(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def _within(field: str, node: Node, remarks: list[str]) -> Node | None:
    """`node` with its texts looked for in `field`: 标题:(增值税 OR 营业税)."""
    match node:
        case Words() | Phrase() if not node.field:
            return _leaf(field, node.text, type(node), remarks)
        case Prefix() if not node.field and field in ("title", "body"):
            return replace(node, field=field)
        case Not():
            part = _within(field, node.part, remarks)
            return Not(part) if part else None
        case And() | Or():
            return _joined(type(node), [_within(field, part, remarks) for part in node.parts])
        case _:
            return node
