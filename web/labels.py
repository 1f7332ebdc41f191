"""The words that readers see for the values the archive speaks in."""

from datetime import date

from archive.extract.rejection import Code
from archive.models import DateKind, Relation, Remark, Sort, Validity
from web.language import Message, gettext, language
from web.language import lazy_gettext as _l

VALIDITY: dict[str, Message] = {
    Validity.IN_FORCE: _l("全文有效"),
    Validity.PARTLY_REPEALED: _l("部分条款废止"),
    Validity.REPEALED: _l("全文废止"),
    Validity.UNKNOWN: _l("效力不明"),
}
CITES: dict[str, Message] = {
    Relation.BASED_ON: _l("依据"),
    Relation.AMENDS: _l("修改"),
    Relation.REPEALS: _l("废止"),
    Relation.REPEALS_CLAUSES_OF: _l("废止部分条款"),
    Relation.FORWARDS: _l("转发"),
    Relation.REPLIES_TO: _l("答复"),
    Relation.MENTIONS: _l("提到"),
}
CITED_BY: dict[str, Message] = {
    Relation.BASED_ON: _l("以本文为依据"),
    Relation.AMENDS: _l("修改了本文"),
    Relation.REPEALS: _l("废止了本文"),
    Relation.REPEALS_CLAUSES_OF: _l("废止了本文部分条款"),
    Relation.FORWARDS: _l("转发了本文"),
    Relation.REPLIES_TO: _l("答复了本文"),
    Relation.MENTIONS: _l("提到了本文"),
}
DATES: dict[str, Message] = {
    DateKind.ISSUED: _l("成文日期"),
    DateKind.PUBLISHED: _l("发布日期"),
    DateKind.EFFECTIVE: _l("施行日期"),
}
# Fields that evidence is given for, and on which captures may disagree.
FIELDS: dict[str, Message] = {
    "issued_on": _l("成文日期"),
    "published_on": _l("发布日期"),
    "effective_on": _l("施行日期"),
    "expires_on": _l("有效期至"),
    "ceased_on": _l("失效之日"),
    "validity": _l("时效性"),
}
SORTS: dict[str, Message] = {
    Sort.RELEVANCE: _l("最相关"),
    Sort.NEWEST: _l("日期由近到远"),
    Sort.OLDEST: _l("日期由远到近"),
}
FACETS: dict[str, Message] = {
    "topic": _l("主题"),
    "authority": _l("发文机关"),
    "kind": _l("文种"),
    "validity": _l("时效性"),
    "year": _l("年份"),
}
# Why a capture holds no notice.
REJECTIONS: dict[str, Message] = {
    Code.NOT_FOUND: _l("页面不存在"),
    Code.LIST: _l("列表页"),
    Code.QUESTIONS: _l("问答"),
    Code.NEWS: _l("新闻"),
    Code.ADVERT: _l("广告"),
    Code.COMMENTARY: _l("解读"),
    Code.MASKED_NUMBER: _l("文号被遮盖"),
    Code.FRAGMENT: _l("残缺的片段"),
    Code.SPAM: _l("垃圾内容"),
    Code.NO_NOTICE: _l("不含文件"),
}
# Why a change was made or a place is thought damaged, as the core states it; another reason is shown as it is.
REASONS: dict[str, Message] = {
    "pinyin note": _l("注音的拼音"),
    "traditional characters": _l("繁体字还原为简体"),
    "invisible characters": _l("看不见的字符"),
    "bytes put back in step": _l("编码错位，逐字节还原"),
    "bytes put back in step, the likeliest reading": _l("编码错位，按最可能的读法还原"),
    "UTF-8 read as Windows-1252": _l("编码误读，还原"),
    "UTF-8 read as Windows-1252, the likeliest reading": _l("编码误读，按最可能的读法还原"),
    "gbk read as Windows-1252": _l("GBK 编码误读，还原"),
    "gbk read as Windows-1252, the likeliest reading": _l("GBK 编码误读，按最可能的读法还原"),
    "big5hkscs read as Windows-1252": _l("Big5 编码误读，还原"),
    "big5hkscs read as Windows-1252, the likeliest reading": _l("Big5 编码误读，按最可能的读法还原"),
    "look-alike character": _l("形近的错字"),
    "usual code point": _l("换成通用的字符编码"),
    "digit": _l("形似数字的字母换成数字"),
    "Latin letter": _l("形似的字母换成拉丁字母"),
    "escaped character": _l("转义的字符"),
    "forum code": _l("论坛代码"),
    "blanks between all characters": _l("字间的空格"),
    "usual width": _l("全角换成半角"),
    "Chinese mark": _l("中文标点"),
    "Chinese quotation marks": _l("中文引号"),
    "lost byte": _l("丢了字节"),
    "lost end": _l("丢了结尾"),
    "lost character": _l("丢了字"),
    "note that does not fit its character": _l("与字音不符的拼音"),
    "wrong encoding": _l("编码误读"),
    "private-use characters": _l("自造字符"),
    "reading in doubt": _l("读法存疑"),
    "possible advert": _l("疑似广告"),
    "implausible characters": _l("不像正常文字"),
    "缩进与行尾空白": _l("缩进与行尾空白"),
    "空行": _l("空行"),
    "粘连的段落分开": _l("粘连的段落分开"),
    "句中断行连上": _l("句中断行连上"),
    "正文之前": _l("正文之前"),
    "正文之后": _l("正文之后"),
    "标题与文号": _l("标题与文号"),
    "落款": _l("落款"),
    "广告": _l("广告"),
    "页面框架": _l("页面框架"),
    "页面附加信息": _l("页面附加信息"),
    "正文以外": _l("正文以外"),
    "本站各页都有": _l("本站各页都有"),
    "链接列表": _l("链接列表"),
    "分隔线": _l("分隔线"),
    "版记": _l("版记"),
    "句中广告词": _l("句中广告词"),
}


def reason(text: str) -> str:
    return str(REASONS.get(text, text))


def said(sentence: str) -> str:
    """What the core tells the reader, in the reader's language."""
    return gettext(sentence.pattern, **sentence.values) if isinstance(sentence, Remark) else sentence


def facet_value(facet: str, value: str) -> str:
    """How a facet's value is shown: validity in the reader's language, all else as the notices say it."""
    return str(VALIDITY.get(value, value)) if facet == "validity" else value


def day(value: date) -> str:
    """A date as it is written in the reader's language: 2008年6月19日 or 2008-06-19."""
    return f"{value.year}年{value.month}月{value.day}日" if language() == "zh" else value.isoformat()
