"""Why a page holds no notice: lists, errors, questions, news, adverts and other pages that only quote numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from archive.clean.boilerplate import is_sentence
from archive.clean.damage import find_damage
from archive.clean.spam import OFFICIAL
from archive.errors import LexiconError
from archive.extract.heads import Head
from archive.extract.lines import FRAME, TEXT, Line, Role
from archive.extract.span import Span
from archive.lexicon import FOLDER, read_toml
from archive.metadata.authorities import leading_authorities
from archive.models import Page
from archive.numbers import DocumentNumber

ENOUGH = 3  # see `evidence`
CERTAIN = 5  # with so much of it, a word of commentary or news proves nothing
TALK = 0.25  # share of lines with such words from which a text without that much is talk about a notice
LISTED = 3  # so many titles without a text of their own make a list
NAMED = re.compile(r"关于[^。；]{2,120}(?:通知|公告|批复|函|决定|意见|办法|规定|通告)")
# The last sentence of a whole notice, below which 打开APP阅读全文 is an advert.
CLOSED = re.compile(r"(?:执行|施行|处理|办理|实施|废止|生效|失效|为准|报告|反馈|此复|特此\w{2}|解释)[^。]{0,12}。$")
APP = re.compile(r"APP|客户端|小程序", re.IGNORECASE)
OFFICES = ("局", "部", "厅", "委", "委员会", "政府", "署", "院", "办公室", "税务所", "海关")
ELSEWHERE = re.compile("[（(]?(?:正文|全文|内容|详情|文件)?(?:请?详?见|略)(?:附件|原文|图片|扫描件|下图)?[。.）)]*")
FEW = 2  # lines of text
LABEL = 6  # characters of a form's label: 用户名：
LOOKED_AT = 2_000  # characters of a line that patterns look at


class Code(StrEnum):
    """Why a page was rejected."""

    NOT_FOUND = "not_found"
    LIST = "list"
    QUESTIONS = "questions"
    NEWS = "news"
    ADVERT = "advert"
    COMMENTARY = "commentary"
    MASKED_NUMBER = "masked_number"
    FRAGMENT = "fragment"
    SPAM = "spam"
    NO_NOTICE = "no_notice"


REASONS = {
    Code.NOT_FOUND: "the site says that the page does not exist",
    Code.LIST: "a list of titles, without a text below any of them",
    Code.QUESTIONS: "questions and answers that quote notices",
    Code.NEWS: "news about notices, not a notice",
    Code.ADVERT: "an advert for books, courses or goods",
    Code.COMMENTARY: "a commentary that quotes notices",
    Code.MASKED_NUMBER: "the notice's number is masked, such as [20XX]",
    Code.FRAGMENT: "only a part of a notice",
    Code.SPAM: "spam, and nothing else",
    Code.NO_NOTICE: "no title with the text of a notice below",
}


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a page gave no notice: a code for programs, a reason for people."""

    code: Code
    reason: str


def reject(code: Code) -> Rejection:
    """The rejection of a page for the reason that `code` stands for."""
    return Rejection(code, REASONS[code])


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    path = FOLDER / "rejections.toml"
    try:
        return {name: re.compile("|".join(parts), re.IGNORECASE) for name, parts in read_toml(path).items()}
    except re.error as error:
        raise LexiconError(
            f"{path}: {error}.", "Correct the pattern; the comments at the top say what it may hold."
        ) from error


def evidence(lines: Sequence[Line], head: Head, span: Span, number: DocumentNumber | None) -> int:
    """How much speaks for a notice: points for what only notices have, by hand from the development pages.

    A number beside the title, addressees, and a signature with a date are two points each; names or a date alone, an
    authority or 关于 in the title, and a text in articles or numbered parts are one, articles from the first on two.
    """
    texts = [lines[n] for n in span.kept]
    points = 2 * (number is not None) + bool(span.authorities) + bool(span.issued_on)
    points += 2 * any(line.role is Role.RECIPIENTS for line in texts[:3])
    points += bool(leading_authorities(head.title)) or head.title.startswith("关于")
    items = [line.words for line in texts if line.role is Role.ITEM]
    if any(re.match(r"第一[条章]", item) for item in items) and len(items) >= 3:
        points += 2
    elif len(items) >= 2:
        points += 1
    return points


def doubt(lines: Sequence[Line], head: Head, span: Span, number: DocumentNumber | None) -> Code | None:
    """Why what looks like a notice is none, or None if it is one."""
    points = evidence(lines, head, span, number)
    texts = [lines[n].words[:LOOKED_AT] for n in span.kept if lines[n].role in TEXT]
    if number is None and head.masked:
        return Code.MASKED_NUMBER
    signed = bool(span.authorities or span.issued_on) or any(lines[n].role is Role.RECIPIENTS for n in span.kept[:3])
    if span.cut_short or _is_excerpt(lines, span) or _says_nothing(lines, span) or (not signed and _is_strange(texts)):
        return Code.FRAGMENT
    if number is None and (_patterns()["tender"].search(head.title) or _sells_places(head, span, texts)):
        return Code.ADVERT
    if points < CERTAIN and (talk := _talk(texts)):
        return talk
    return None if points >= ENOUGH and (head.official or signed) else Code.NO_NOTICE


def _says_nothing(lines: Sequence[Line], span: Span) -> bool:
    """Whether all that is below a title are addressees, labels that look like them (用户名：), or 正文见附件。"""
    kept = [lines[n] for n in span.kept]
    return all(
        line.role is Role.RECIPIENTS
        or ELSEWHERE.fullmatch(line.words)
        or (len(line.words) <= LABEL and line.words[-1] in ":：")
        for line in kept
    )


def _is_strange(texts: Sequence[str]) -> bool:
    """Whether what little text there is speaks of nothing that notices do: …最新章节由网友上传，全文免费阅读。"""
    return len(texts) <= FEW and not any(OFFICIAL.search(text) or find_damage(text) for text in texts)


def _is_excerpt(lines: Sequence[Line], span: Span) -> bool:
    """Whether the text ends where a link to its whole begins, and no signature says that it is whole."""
    if span.issued_on or span.authorities or not span.kept:
        return False
    after = [line.words for line in lines[span.kept[-1] : span.kept[-1] + 3] if line.role is not Role.BLANK]
    closed = any(CLOSED.search(lines[n].words) for n in span.kept[-6:])
    if closed and (len(after) < 2 or APP.search(after[1])):
        return False
    return any(_patterns()["excerpt"].search(words[-30:]) for words in after)


def _sells_places(head: Head, span: Span, texts: Sequence[str]) -> bool:
    """Whether a notice of a course is that of a firm: with its price and how to enrol, and signed by no office."""
    offices = (*leading_authorities(head.title), *span.authorities)
    if any(name.endswith(OFFICES) for name in offices):
        return False
    return sum(_patterns()["enrolment"].search(text) is not None for text in texts) >= 2


def _talk(texts: Sequence[str]) -> Code | None:
    """The kind of talk that a good part of the lines is, if any."""
    for code in (Code.QUESTIONS, Code.ADVERT, Code.NEWS, Code.COMMENTARY):
        pattern = _patterns()[code]
        hits = [n for n, text in enumerate(texts) if pattern.search(text)]
        if hits and (len(hits) >= TALK * len(texts) or (hits[0] == 0 and len(hits) > 1)):
            return code
    return None


def why_not(page: Page, lines: Sequence[Line], doubts: Sequence[Code]) -> Rejection:
    """Why a page without a notice has none; `doubts` are about what looked like notices on it."""
    if len(doubts) >= LISTED or _is_list(lines):
        return reject(Code.LIST)
    if doubts and doubts[0] is not Code.NO_NOTICE:
        return reject(doubts[0])
    shown = [line for line in lines if line.role not in (Role.BLANK, Role.RULE)]
    heading = [page.meta.get("title", ""), *(line.words[:LOOKED_AT] for line in shown[:12])]
    if len(shown) <= 40 and any(_patterns()["not_found"].search(words) for words in heading):
        return reject(Code.NOT_FOUND)
    texts = [line.words[:LOOKED_AT] for line in shown if line.role in TEXT]
    spam = sum(len(line.words) for line in shown if line.role is Role.SPAM)
    if spam > 0.5 * sum(len(line.words) for line in shown):
        return reject(Code.SPAM)
    if talk := _talk(texts):
        return reject(talk)
    if sum(line.title is not None for line in shown) >= LISTED or _is_linked(shown):
        return reject(Code.LIST)
    if any(line.masked for line in shown):
        return reject(Code.MASKED_NUMBER)
    if any(_patterns()["excerpt"].search(line.words[-30:]) for line in shown) or (
        texts and any(line.title for line in shown)
    ):
        return reject(Code.FRAGMENT)
    return reject(Code.NO_NOTICE)


def _is_list(lines: Sequence[Line]) -> bool:
    """Whether most lines name a notice, each by the form of its title: in links, with dates, with dots and pages."""
    shown = [line for line in lines if line.role not in FRAME or line.role is Role.LINKS]
    named = sum(NAMED.search(line.words[:LOOKED_AT]) is not None for line in shown if not is_sentence(line.words))
    return named >= LISTED and named >= 0.5 * len(shown)


def _is_linked(shown: Sequence[Line]) -> bool:
    """Whether most of a page is links."""
    return sum(line.block.link_share * len(line.words) for line in shown) > 0.5 * sum(len(line.words) for line in shown)
