"""Titles: which line is the title of a notice, what stands around it, and the kind (文种) it names."""

import re
from dataclasses import dataclass, replace

from archive.errors import InvalidNumber
from archive.metadata.authorities import leading_authorities, read_authorities
from archive.numbers import DocumentNumber, FoundNumber, find_numbers, parse_number

# How official titles end, and the kind (文种) each ending names; the longest that fits counts.
KINDS = {
    **{
        kind: kind
        for kind in [
            "通知",
            "公告",
            "批复",
            "函",
            "办法",
            "规定",
            "决定",
            "意见",
            "令",
            "通告",
            "通报",
            "条例",
            "细则",
            "规则",
            "制度",
            "规程",
            "规范",
            "解释",
            "方案",
            "报告",
            "请示",
            "纪要",
            "章程",
            "准则",
            "标准",
            "指引",
            "议定书",
            "协定",
            "命令",
            "指示",
            "答复",
            "决议",
            "布告",
            "要点",
            "计划",
            "目录",
        ]
    },
    "复函": "函",
    "公函": "函",
    "便函": "函",
    "电报": "通知",
    "明电": "通知",
    "裁量基准": "规定",
}
ANY_KIND = re.compile("|".join(sorted(KINDS, key=len, reverse=True)))
KIND = re.compile("(?:" + "|".join(sorted(KINDS, key=len, reverse=True)) + ")$")
TAIL_ENDS = frozenset("）)】]〕")
TAIL = re.compile(
    r"[\s]*[（(【\[〔](?:试行|暂行|修订|修正|修改|征求意见稿|草案|送审稿|废止|失效|全文废止|全文失效|已废止|已失效|条款失效|条款废止|部分废止|部分失效|部分条款失效|部分条款废止|现行有效|有效|[^（）()【】\[\]]{0,12}(?:年修订|年修正|修订版|版))[）)】\]〕]$"
)
STATUS_WORD = re.compile("废止|失效|有效")  # what STATUS cannot do without
STATUS = re.compile(
    r"[\s]*[（(【\[〔](?:全文|条款|部分|部分条款|已|现行)?(?:废止|失效|有效)[）)】\]〕]|^[（(【\[〔](?:全文|条款|部分|部分条款|已|现行)?(?:废止|失效|有效)[）)】\]〕]\s*"
)
# Headlines of what is about notices and is none. Words that real titles use too (优惠, 培训, 如何) are not among them.
HEADLINE = re.compile(
    r"划重点|小编|图解|一图|一文|答记者|重磅|必看|注意啦|来了|速递|快讯|网友|日前|近日|昨日|出台|发布了|下发了|有变|[？?！!]|…|\.{3}"
)
# A title without 关于 is that of a rule: of a region or an authority, or with the words such rules are called by.
RULE = re.compile(
    r"中华人民共和国|.{2,12}?(?:省|市|区|县|州|局|厅|部|委|院)|"
    r".{2,}(?:管理|实施|征收|暂行|若干|征管|监督|处理|审批|具体|操作|工作|处罚|核算|计算|编制|评定|认定|考核|复议|稽查|备案|抵扣|退税|结算|清算|扣除|核定|评估|纳税|税|税收|税务|服务|检查|登记|申报)(?:暂行|试行|若干)?(?:办法|规定|条例|细则|规则|制度|规程|意见|方案|决定|准则|规范)$"
)
IN_SENTENCE = re.compile(
    r"违反|按照|依照|依据|根据|前款|上述|下列|有关规定|应当|不得|可以|[的各](?:规定|办法|决定|意见|制度|规则|规范|标准)$|本[法条办规]|^[见按依执遵由为在对将]"
)
OWNER = re.compile(r"(?:公告|令|通告|文件|布告)$")
ITEM = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十百\d]{1,4}[)）、.．]|第[一二三四五六七八九十百\d]+[条章节项]|附件|附表|附[:：])"
)
# What copyists put around a title: [转载] 【法规】 (2010-5-6) .doc
TAG = re.compile(
    r"^\s*(?:[\[【［][\u4e00-\u9fff]{1,6}[\]】］]\s*|(?:展开|收起|置顶|精华|原创)\s+)(?=[\u4e00-\u9fff《])"
)
TRIMMINGS = re.compile(
    r"\s*(?:[（(\[【]\s*(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?\s*[）)\]】]|\.(?:docx?|pdf|wps|txt|html?))\s*$",
    re.IGNORECASE,
)
EDGE = " \t\u3000\xa0*#-–—―－_|｜·•:：,，、/～~"
BRACKETS = str.maketrans("", "", "（()）〔〕【】[]〖〗《》")
SPLIT = re.compile(r"\s*[_|｜›»→>]\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|--+|——")
QUOTED = re.compile(r"《[^《》]*+(?:《[^《》]*+》[^《》]*+)*+》")  # 《企业会计准则——应用指南》
KEYWORDS = re.compile(r"(?:[\u4e00-\u9fff]{1,4}[ \u3000]+){3,}[\u4e00-\u9fff]{1,4}")  # 税收 总局 纳税人 通知
DASHED_LEAD = re.compile(r"[^\s关\-–—]{2,20}[-–—]")  # 短视频安装-示例省税务局关于…的通知
NUMBERED = re.compile(r"\s*(?:[（(【\[]?[^，。：:]{2,40}号[)）】\]]?)?\s*")
NOT_BESIDE = re.compile(
    r"[。，；：:、《》]|[见按照据由经以和与及]|关于|原|文件|附件|第|废止|失效|链接|来源|法规|政策|参考|相关"
)
ADVERT = re.compile(r"(?!依据|根据|参见|相关|链接|来源|法规|政策)[^：:《》]{1,20}[:：]\s*")
BARE = re.compile(
    r"[（(]?\s*(?P<rest>(?:(?:19|20)\d\d|[一二〇○零九][〇○零一二三四五六七八九]{3})\s*年\s*第?\s*\d{1,5}\s*号|第\s*(?:\d{1,5}|[一二三四五六七八九十百]{1,6})\s*号)\s*[)）]?"
)
# 国税发[20XX]12号: a template's or a cautious copyist's number, which is none. A zero hides a digit only among digits.
_HIDDEN = "[XxＸｘYyNn×*＊?？_＿□■△●]"
_DIGIT = "[0-9０-９OＯ〇○零一二三四五六七八九]"
_OPEN, _CLOSE = r"[〔［\[【（(﹝][ \u3000]?", r"[ \u3000]?年?[〕］\]】）)﹞]\s*第?\s*"
MASKED = re.compile(
    rf"(?:(?<=[\s（(])[\u4e00-\u9fff]{{2,8}})?{_OPEN}(?:{_DIGIT}{{0,3}}{_HIDDEN}{{1,4}}{_DIGIT}{{0,3}}|\d{{0,3}}[○〇]{{1,4}}\d{{0,2}})"
    rf"{_CLOSE}(?:\d|{_HIDDEN}|[○〇]){{1,6}}\s*号"
    rf"|{_OPEN}\d{{4}}{_CLOSE}{_HIDDEN}{{1,6}}\s*号"
    rf"|{_OPEN}(?:19|20)?[ \u3000]{{1,4}}{_CLOSE}\d{{0,5}}[ \u3000]{{0,4}}号"
    rf"|(?:公告|通告|令)\s*(?:19|20)?(?:{_HIDDEN}{{2,4}}年\s*第?\s*(?:\d|{_HIDDEN}){{1,6}}|\d\d年\s*第?\s*{_HIDDEN}{{1,6}})\s*号"
)
MASK = re.compile(rf"{_HIDDEN}|[○〇]|{_OPEN}(?:19|20)?[ \u3000]")


@dataclass(frozen=True, slots=True)
class TitleLine:
    """What a line says if it is the title of a notice: the title itself, and the number and the 全文废止 beside it."""

    title: str
    number: DocumentNumber | None = None
    status: str = ""


def is_masked(text: str) -> bool:
    """Whether a number such as 国税发[20XX]12号 stands in a text."""
    return MASK.search(text) is not None and MASKED.search(text) is not None


def kind_of(title: str) -> str:
    """The kind (文种) a title ends in, such as 通知 or 办法; "" if none."""
    ending = KIND.search(_bare(title))
    return KINDS[ending[0]] if ending else ""


def _bare(title: str) -> str:
    """The title without (试行), (失效) and the like at its end."""
    while title[-1:] in TAIL_ENDS and (tail := TAIL.search(title)):
        title = title[: tail.start()]
    return title.rstrip()


def is_official(title: str) -> bool:
    """Whether a text has the form of a notice's title: 国家税务总局关于…的通知, 示例省税务局发票管理办法(试行)."""
    title = title.strip()
    if not 5 <= len(title) <= 200 or "。" in title or "；" in title or HEADLINE.search(title) or ITEM.match(title):
        return False
    ending = KIND.search(_bare(title))
    if not ending or KEYWORDS.fullmatch(title) or title.count("《") != title.count("》"):
        return False
    if title.startswith("各"):  # addressees broken off: 各省、自治区、直辖市和计划
        return False
    if "关于" in title:
        return not title.startswith(
            ("根据", "按照", "依据", "为", "现", "请", "经", "见", "详见", "有", "本", "你", "我")
        )
    if re.match(r"(?:转发|印发|批转|发布|颁布)《.*》的?(?:通知|公告|决定)$", title[_authority_end(title) :]):
        return True
    return bool(RULE.match(_bare(title))) and not IN_SENTENCE.search(_bare(title)) and not owner_of(title)


def _authority_end(title: str) -> int:
    mark = re.search(r"转发|印发|批转|发布|颁布", title)
    return mark.start() if mark and (mark.start() == 0 or read_authorities(title[: mark.start()])) else 0


def owner_of(text: str) -> str:
    """Whose number stands below a heading such as 国家税务总局公告 or 中华人民共和国财政部令; "" for any other line."""
    text = "".join(text.split())
    return text if OWNER.search(text) and read_authorities(OWNER.sub("", text)) else ""


def read_title_line(text: str) -> TitleLine | None:
    """The title in a line, freed from its number, an advert before it and a site's name behind it; None if none is."""
    if len(text) > 400 or text[-1:] in "。；;" or ("关于" not in text and "，" in text) or not ANY_KIND.search(text):
        return None
    status = STATUS.search(text) if STATUS_WORD.search(text) else None
    plain = STATUS.sub("", text) if status else text
    plain = _unquoted(TRIMMINGS.sub("", TAG.sub("", plain)).strip(EDGE))
    if is_masked(plain):
        plain = MASKED.sub("", plain).strip(EDGE + "（()）")
    for found in find_numbers(plain):
        read = _beside(plain, found)
        if read:
            return replace(read, status=status[0] if status else "")
    title = _freed(plain)
    return TitleLine(title, status=status[0] if status else "") if title else None


def _unquoted(text: str) -> str:
    """The text without the marks around a whole title: 《…的通知》（国税函〔2008〕608号）."""
    title, closing, rest = text[1:].rpartition("》") if text.startswith("《") else ("", "", "")
    nested = title.count("《") == title.count("》")
    return title + rest if closing and nested and NUMBERED.fullmatch(rest) and is_official(title) else text


def _beside(text: str, found: FoundNumber) -> TitleLine | None:
    """The title beside a number; a number inside a title (关于国税函〔2008〕1号文件的批复) is none of its own."""
    before = text[: found.start].strip(EDGE + "（([【〔")
    after = text[found.end :].lstrip(EDGE + "）)]】〕").rstrip(EDGE)
    after = after if after.count("（") + after.count("(") else after.rstrip("）)]】〕")
    if is_official(before) or (before and _freed(before) and not after.startswith("文")):
        tail = text[found.end :].lstrip()
        if HEADLINE.search(after) or (
            tail
            and tail[0] not in EDGE + "）)]】〕〉》"
            and not text[: found.start].rstrip().endswith(("（", "(", "_", "-", "—", "[", "【"))
        ):
            return None
        return TitleLine(_freed(before) or before, found.number)
    title = _freed(after) if not before or _is_advert(before) else None
    return TitleLine(title, found.number) if title else None


def _is_advert(before: str) -> bool:
    return len(before) <= 20 and "关于" not in before and not before.startswith(("根据", "依据", "按照"))


def _freed(text: str) -> str | None:
    """The official title in a text of `site_title_site`, `advert:title`, `advert title` or the title alone."""
    title = _separate(text)
    return _without_advert(title) if title else None


def _without_advert(title: str) -> str:
    """The title without words in front of its authority: 彩票走势图 国家税务总局关于…的通知."""
    before, mark, after = title.partition("关于")
    words = before.split()
    if not mark or len(words) < 2 and not before[-1:].isspace() or read_authorities(before):
        return title
    for n in range(1, len(words)):
        if read_authorities(" ".join(words[n:])):
            return " ".join(words[n:]) + mark + after
    return mark + after if before[-1:].isspace() else title


def _separate(text: str) -> str | None:
    lead = DASHED_LEAD.match(text)
    if lead and leading_authorities(behind := text[lead.end() :]) and is_official(behind):
        return behind
    pieces = _pieces(text)
    for piece in (part.strip(EDGE) for part in ((*pieces, text) if len(pieces) > 1 else (text,))):
        advert = ADVERT.match(piece)
        if advert and is_official(piece[advert.end() :]):
            return piece[advert.end() :]
        if is_official(piece):
            return piece
    for cut in (
        re.match(r"(.{6,}?)[-–—](?=[^-–—]{2,20}$)", text),
        re.match(r"(.{6,150})[\s\u3000]+(?=[^\s\u3000。，；]{2,30}$)", text),
    ):
        if cut and is_official(cut[1].strip(EDGE)):
            return cut[1].strip(EDGE)
    return None


def _pieces(text: str) -> list[str]:
    """What stands between the marks that part a title from a site's name; what is quoted stays whole."""
    quoted = [match.span() for match in QUOTED.finditer(text)]
    marks = [mark for mark in SPLIT.finditer(text) if not any(start < mark.start() < end for start, end in quoted)]
    starts, ends = [0, *(mark.end() for mark in marks)], [*(mark.start() for mark in marks), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def number_line(text: str) -> DocumentNumber | None:
    """The number that is all the line says (but for brackets and a label), or None."""
    if len(text) > 80:
        return None
    for found in find_numbers(text):
        before = ADVERT.sub("", text[: found.start]) if not text[found.end :].strip(EDGE) else text[: found.start]
        if not text[found.end :].strip(EDGE) and _is_beside_words(before):
            return found.number
        rest = (before + text[found.end :]).translate(BRACKETS).strip(EDGE)
        if rest in ("", "文号", "发文字号", "字号", "发文文号", "文件编号"):
            return found.number
    return None


def _is_beside_words(before: str) -> bool:
    """Whether words before a number at the end of a line are an advert's or a name's: 手机铃声 国税函〔2008〕608号."""
    words = before.strip(EDGE + "（([【〔")
    return 2 <= len(words) <= 12 and before[-1] in " \u3000\xa0" and not NOT_BESIDE.search(words)


def bare_number(text: str, owner: str) -> DocumentNumber | None:
    """The number of a line such as 2012年第54号 below its `owner`, 国家税务总局公告; None if it is no such line."""
    match = BARE.fullmatch(text.strip())
    if not match or not owner:
        return None
    try:
        return parse_number(owner + "".join(match["rest"].split()))
    except InvalidNumber:
        return None
