"""What happens to a good page on its way through re-posting sites: each function does one damage to its text.

All of them are deterministic, so that the samples come out the same every time. The byte-level ones do what the broken
software did, on real GBK bytes, instead of imitating its results.
"""

import re
from collections.abc import Callable
from functools import cache

import opencc
import pypinyin

HAN = re.compile(r"[\u4e00-\u9fff]")
PARAGRAPH = re.compile(r"(?<=>)[^<>\n]*[\u4e00-\u9fff][^<>\n]{30,}(?=<)")
TEXT = re.compile(r"[^<>\n]{40,}")
WRAPPED = re.compile(r"(?m)^ {10}\S.{38,}$")
LONG = re.compile(r"(.{38}[，。；：、）〕》]*)(?=.{4})")
SHIFTING = re.compile(r"[。，、（《]")
CENTRE_OF_TEXT = re.compile(r"(?<=[\u4e00-\u9fff]，)(?=[\u4e00-\u9fff])")
ASCII_PUNCTUATION = str.maketrans("，：；（）？！", ",:;()?!")
LOOK_ALIKES = {"上期": "仩期", "深化": "深囮"}
INVISIBLE = ("\u200b", "\u200c", "\ufeff")
HIDING = ("display:none", "font-size:0", "position:absolute;left:-9999px", "visibility:hidden")
SPAM = ("示例娱乐城注册送礼金", "办理各类票据加微信", "信用卡套现秒到账")


@cache
def _converter(direction: str) -> opencc.OpenCC:
    return opencc.OpenCC(direction)


def traditional(text: str) -> str:
    """Every character in its traditional form, as conversion plug-ins do it."""
    return _converter("s2t").convert(text)


def traditional_taiwan(text: str) -> str:
    """The same in the forms that Big5 can write: 為 for 爲, ○ for 〇."""
    return _converter("s2tw").convert(text).replace("〇", "○")


def pinyin_notes(text: str) -> str:
    """A reading behind every traditional character: 國(guó)."""
    return "".join(char + (f"({_reading(char)})" if _is_traditional(char) else "") for char in text)


def pinyin_bytes(text: str) -> str:
    """The same done by search and replace on GBK bytes: some halves of neighbours are taken for a character."""
    return "".join(_note_bytes(line, nth) for nth, line in enumerate(text.splitlines(keepends=True)))


def lost_lead_byte(text: str) -> str:
    """In every second long text a punctuation mark loses its first GBK byte; what follows is read one byte late."""
    return _every(2, TEXT, text, _shift)


def mojibake(text: str) -> str:
    """UTF-8 read as Windows-1252: the five bytes it does not define are lost, so are the soft hyphens."""
    read = text.encode().decode("cp1252", errors="ignore")
    return read.replace("\xa0", " ").replace("\xad", "")


def mojibake_paragraphs(text: str) -> str:
    """The same, in every third paragraph only."""
    return _every(3, PARAGRAPH, text, mojibake)


def ascii_punctuation(text: str) -> str:
    return text.translate(ASCII_PUNCTUATION)


def look_alikes(text: str) -> str:
    """Some characters replaced by ones that look like them, to escape comparison."""
    for word, written in LOOK_ALIKES.items():
        text = text.replace(word, written)
    return text


def zero_width(text: str) -> str:
    """An invisible character behind every seventeenth Chinese one."""
    count = 0

    def insert(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return match[0] + (INVISIBLE[count // 17 % 3] if count % 17 == 0 else "")

    return HAN.sub(insert, text)


def hidden_spam(text: str) -> str:
    """Links that no reader sees inside the sentences of every third paragraph."""
    count = 0

    def insert(paragraph: str) -> str:
        nonlocal count
        style, words = HIDING[count % len(HIDING)], SPAM[count % len(SPAM)]
        count += 1
        return CENTRE_OF_TEXT.sub(
            f'<span style="{style}"><a href="http://spam.example/">{words}</a></span>', paragraph, 1
        )

    return _every(3, PARAGRAPH, text, insert)


def hard_wrap(text: str) -> str:
    """Plain text broken after 38 characters, as old editors did, though never before a closing mark."""
    return WRAPPED.sub(lambda line: LONG.sub(r"\1\n", line[0]), text)


def truncated_tags(text: str) -> str:
    """A page whose end was never sent."""
    return text[: text.rindex("</div>")]


DAMAGES: dict[str, Callable[[str], str]] = {
    damage.__name__: damage
    for damage in (
        traditional,
        traditional_taiwan,
        pinyin_notes,
        pinyin_bytes,
        lost_lead_byte,
        mojibake,
        mojibake_paragraphs,
        ascii_punctuation,
        look_alikes,
        zero_width,
        hidden_spam,
        hard_wrap,
        truncated_tags,
    )
}


def _every(nth: int, pattern: re.Pattern[str], text: str, damage: Callable[[str], str]) -> str:
    count = 0

    def sometimes(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return damage(match[0]) if count % nth == 0 else match[0]

    return pattern.sub(sometimes, text)


@cache
def _is_traditional(char: str) -> bool:
    return bool(HAN.match(char)) and _converter("t2s").convert(char) != char


@cache
def _reading(char: str) -> str:
    return pypinyin.pinyin(char, style=pypinyin.Style.TONE)[0][0]


def _note_bytes(line: str, nth: int) -> str:
    """`line` with its notes; in every fifth line the first two halves that look like a character are noted too."""
    codes = [char.encode("gb18030") for char in line]
    out, at, split = bytearray(), 0, nth % 5 != 3 or len(line) < 40 or not line.startswith((" ", "<p"))
    while at < len(codes):
        across = "" if split or at < 20 or at + 1 == len(codes) else _across(codes[at], codes[at + 1])
        if across:
            following = codes[at + 1]
            out += codes[at] + following[:1] + f"({_reading(across)})".encode("gb18030") + following[1:]
            at, split = at + 2, True
        else:
            out += codes[at] + (f"({_reading(line[at])})".encode("gb18030") if _is_traditional(line[at]) else b"")
            at += 1
    return _read_gbk(bytes(out))


def _across(first: bytes, second: bytes) -> str:
    """The traditional character that the end of `first` and the start of `second` make together, if they do."""
    if len(first) != 2 or len(second) != 2:
        return ""
    char = (first[1:] + second[:1]).decode("gbk", "ignore")
    return char if len(char) == 1 and _is_traditional(char) else ""


def _read_gbk(data: bytes) -> str:
    """GBK as lenient readers read it: a lead byte without its trail byte is `?` and takes a bracket behind it along."""
    out, at = [], 0
    while at < len(data):
        pair = data[at : at + 2]
        try:
            char = pair[:1].decode("ascii") if pair[0] < 0x80 else pair.decode("gbk")
            at += 1 if pair[0] < 0x80 else 2
        except UnicodeDecodeError:
            char = "?"
            at += 2 if pair[1:] == b"(" else 1
        out.append(char)
    return "".join(out)


def _shift(line: str) -> str:
    """`line` with the first mark's lead byte lost after which GBK readers find back into step."""
    for mark in SHIFTING.finditer(line, 10):
        try:
            late = line[mark.start() :].encode("gb18030")[1:].decode("gbk")
        except UnicodeDecodeError:
            continue
        if late[-6:] == line[-6:]:
            return line[: mark.start()] + "?" + late
    return line
