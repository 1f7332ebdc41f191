"""Spam: gambling, porn, invoices, loans; told from notices that tax and regulate the very same things."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ahocorasick_rs import AhoCorasick, MatchKind

from archive.clean.changes import Repaired, replace_each
from archive.lexicon import FOLDER, read_toml

# How notices speak, and keyword lists never do: on all 205 notices of the development pages that use a spam word.
OFFICIAL = re.compile(
    r"应当|应予|不得|按照|依照|根据|规定|本[办条公通法规决细]|第[一二三四五六七八九十百\d]+[条款项]|纳税|缴纳|征收|征税|税务机关|主管|"
    r"收入|所得|办理.{0,8}手续|审批|备案|通知|公告|批复|执行|适用|属于|专款|监督|处罚|依法|征管|税收|管理|范围|问题"
)
NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十百\d]+[条章节]")
# What a heading or a link in a notice speaks of, and an advert of that trade does not.
HEADING = re.compile(
    r"税|票|申报|办[理税公法]|电子|系统|网[上站点]|服务|缴|查询|操作|流程|方[式法案]|步骤|企业|单位|部门|机构|政府|国家|全国|[省市县区局委厅业]|"
    r"附|表|说明|要求|信息|文件|账号|用户|软件|客户端|资料|事项|情况|工作|设施|活动|场所|解读"
)
STATING = re.compile(r"[。；：:《》（）()〔〕./]|附件|关于|(?:办法|规定|条例|法)$")
CONTACT = re.compile(r"QQ|扣扣|微信|[VvＶ]信|薇信|电话|热线|手机|www\.|http|\.(?:com|net|cc|vip|cn)", re.IGNORECASE)
# 代理开具发票请致电13800000000, 开票加薇xpiao88: a trade in invoices or loans, and how to reach who is in it.
TRADE = re.compile(
    r"(?:发票|开票|代开|开具|票据|贷款|刻章|办证)[^。；]{0,24}?"
    r"(?:(?<!\d)1[3-9]\d{9}(?!\d)|(?:加|[+＋]|联系)?(?:微信?|薇信?|威信|[vＶ]信?|扣扣|qq)[:：]?[a-z\d_-]{5,20})"
)
PUBLIC_CONTACT = re.compile("联系人|联系电话|咨询电话|传真|邮编|举报")
# 澳丨门丨新丨葡丨京, 十0博0体0育: every character set apart from the next to hide the word from a filter.
SET_APART = re.compile(
    r"[\u4e00-\u9fff](?P<mark>丨|[^\u4e00-\u9fff、，,;；\s])(?:[\u4e00-\u9fff](?P=mark)){2,30}[\u4e00-\u9fff]"
)
ADDRESS = re.compile(
    r"(?:https?://|www\.)?[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.(?:com|net|cc|vip|top|xyz|org|app|tv|info)(?:/\S{0,200})?"
)
# What stands behind the last sentence of a paragraph, or in brackets inside one, has so many characters.
INSERTED = range(4, 41)
BRACKETED = re.compile(rf"[（(\[【〔][^（()）\[\]【】〔〕。；]{{{INSERTED.start},{INSERTED.stop - 1}}}[）)\]】〕]")
BRACKETS = "（()）[]【】〔〕"
CIRCLED = re.compile("[\u2460-\u24ff]")  # letters and figures that a cleaned text still has in place of plain ones
SHORTEST_PHRASE = 4
LONGEST_LONE = 40
LONGEST_POSSIBLE = 20
KNOWN = 0.2  # share of a line's pairs of characters that a text foreign to it may have by chance
LONGEST_ADVERT = 80


@dataclass(frozen=True, slots=True)
class SpamWords:
    """data/lexicon/spam.toml: `strong` words that no notice has, all, those that give a `lone` line away or may."""

    strong: AhoCorasick
    every: AhoCorasick
    lone: AhoCorasick
    doubtful: AhoCorasick


@cache
def spam_words() -> SpamWords:
    """The words that the project ships."""
    table = read_toml(FOLDER / "spam.toml")
    names = ("strong", "weak", "lone", "doubtful")
    strong, weak, lone, doubtful = (table[name] for name in names)
    return SpamWords(_any_of(strong), _any_of([*strong, *weak]), _any_of([*strong, *lone]), _any_of(doubtful))


def _any_of(words: Iterable[str]) -> AhoCorasick:
    """What finds words in a text of small letters, the longest of those that begin at one place."""
    return AhoCorasick([word.lower() for word in words], matchkind=MatchKind.LeftmostLongest)


def _has(words: AhoCorasick, text: str) -> bool:
    return bool(words.find_matches_as_indexes(text))


def is_spam(text: str) -> bool:
    """Whether a line is an advert of that trade.

    It must have a strong word, and the words must cover a quarter of it. A line that speaks as notices do, or is
    numbered as their parts are, is spam only if hardly anything else is in it: 彩票发行费应当专款专用 is none, nor is
    一、代开发票的范围. A line of three weak words and hardly anything else is spam too: 在线视频 免费观看 免费下载.
    """
    words = spam_words()
    lowered = (unicodedata.normalize("NFKC", text) if CIRCLED.search(text) else text).lower()
    if _is_disguised(lowered):
        return True
    found = words.every.find_matches_as_strings(lowered)
    if not found:
        return False
    official = OFFICIAL.search(text) is not None
    strong = len(words.strong.find_matches_as_indexes(lowered))
    if official and strong < 3:
        return False
    covered = sum(map(len, found)) / max(1, len("".join(text.split())))
    if official:
        return covered >= 0.5
    if NUMBERED.match(text) or not strong:
        return covered >= 0.6 and len(found) + strong >= 3
    return covered >= 0.25 or (len(found) >= 2 and bool(CONTACT.search(text)))


def _is_disguised(lowered: str) -> bool:
    """Whether a line is an address, a trade with how to reach it, or a word every character of which is set apart."""
    if len(lowered) > LONGEST_ADVERT:
        return False
    bare = lowered.strip(" 【】[]()")
    if ("." in bare and ADDRESS.fullmatch(bare)) or SET_APART.fullmatch(bare):
        return True
    trade = TRADE.search(lowered)
    if trade is None or PUBLIC_CONTACT.search(lowered) or OFFICIAL.search(lowered):
        return False
    return 2 * len(trade[0]) >= len(bare)


def insertions(line: str) -> Iterator[str]:
    """The adverts in a line of text: behind its last sentence, or in brackets inside one, with the brackets."""
    begun = max(line.rfind("。"), line.rfind("；")) + 1
    if begun and len(line) - begun in INSERTED:
        words = line[begun:].strip(BRACKETS)
        if not NUMBERED.match(words) and (is_spam(words) or is_lone_advert(words)):
            yield line[begun:]
    for match in BRACKETED.finditer(line):
        words = match[0].strip(BRACKETS)
        if not NUMBERED.match(words) and is_spam(words):
            yield match[0]


def is_lone_advert(text: str) -> bool:
    """Whether an unnumbered line without the end of a sentence, between two paragraphs, is an advert: 开云登录入口.

    Asked only of such lines, because words such as 官网 and 下载 stand in sentences of notices too.
    """
    if not _may_advertise(text) or NUMBERED.match(text):
        return False
    words, lowered = spam_words(), text.lower()
    return _has(words.lone, lowered) or (_has(words.doubtful, lowered) and not HEADING.search(text))


def is_possible_advert(text: str, beside: str) -> bool:
    """Whether a short line names what is advertised, and the text beside it knows no word of it.

    Such a line is told, not removed: tax law has words such as 贷款 and 彩票 itself. A heading such as 彩票发行 has
    them in the paragraph below.
    """
    if not SHORTEST_PHRASE <= len(text) <= LONGEST_POSSIBLE or NUMBERED.match(text) or text[-1] in "。；：:;":
        return False
    words, lowered = spam_words(), text.lower()
    if not any(_has(each, lowered) for each in (words.every, words.lone, words.doubtful)):
        return False
    pairs = [one + two for one, two in pairwise(text)]
    return sum(pair in beside for pair in pairs) <= KNOWN * len(pairs)


def is_inserted(link: str, line: str) -> bool:
    """Whether the text of a link to another site was set into a line: an advert, or words behind its last sentence.

    登录电子税务局 and 免费下载 are what a sentence says, whatever they link to.
    """
    if link == line or not _may_advertise(link):
        return False
    words, lowered = spam_words(), link.lower()
    if _has(words.lone, lowered):
        return True
    if HEADING.search(link):
        return False
    mark = line.removesuffix(link)[-1:] if line.endswith(link) else ""
    found = len(words.doubtful.find_matches_as_indexes(lowered))
    return found >= 2 or mark in ("。", "；") or (mark == "：" and found > 0)


def _may_advertise(text: str) -> bool:
    return SHORTEST_PHRASE <= len(text) <= LONGEST_LONE and not STATING.search(text) and not OFFICIAL.search(text)


def spam_phrases(texts: Iterable[str]) -> frozenset[str]:
    """The phrases a page advertises: pieces of its keyword lines and hidden texts that hold a strong word of spam."""
    phrases: set[str] = set()
    for text in texts:
        for piece in re.split(r"[,，、;；|｜\s]+", text[:5_000]):
            if (
                SHORTEST_PHRASE <= len(piece) <= 20
                and not OFFICIAL.search(piece)
                and _has(spam_words().strong, piece.lower())
            ):
                phrases.add(piece)
    return frozenset(phrases)


def remove_phrases(text: str, phrases: frozenset[str]) -> Repaired:
    """Remove the phrases a page advertises elsewhere from inside its sentences."""
    if not phrases:
        return Repaired(text)
    pattern = re.compile("|".join(map(re.escape, sorted(phrases, key=len, reverse=True))))
    return replace_each(pattern, text, lambda _: "", step="spam", reason="句中广告词")
