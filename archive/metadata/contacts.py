"""Whom to ask about a notice: the people, telephones and addresses for mail that its text names."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

MOST = 20
LONGEST = 2_000  # characters of a paragraph that are looked at

PHONE = (
    r"(?:(?:[（(]0\d{2,3}[）)]|0\d{2,3})?[ \-－—–]{0,3}\d{7,8}|1[3-9]\d{9}|[48]00-?\d{3}-?\d{4}|12366)"
    r"(?:[-－—–转]{1,2}\d{1,6})?(?!\d)"
)
PHONES = rf"{PHONE}(?:[、，,；;/／ 或]{{1,3}}{PHONE}){{0,5}}"
EMAIL = r"(?<![\w.+-])[A-Za-z0-9_][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
OTHER_LABEL = "联系|电话|传真|手机|电子|邮箱|地址|邮编"
NAME = rf"(?!{OTHER_LABEL})[\u4e00-\u9fff·]{{2,4}}"
NAMES = rf"{NAME}(?:[、，, /]{{1,2}}{NAME}){{0,5}}(?=[；;，,。、（( ]|\d|{OTHER_LABEL}|$)"
# 联系人：张三、李四, 联系电话：010-63417425, 邮箱：a@b.cn, and 张三 010-63417425 behind the first.
CONTACT = re.compile(
    rf"(?:联\s?系\s?人|联络人|经办人)(?:[及和]?(?:联系)?(?:电话|方式))?\s?[:：]\s?{NAMES}"
    rf"(?:[（( \u3000，,]{{0,6}}{PHONES})?"
    r"|(?:(?:联系|咨询|举报|监督|投诉|服务|受理|办公|值班)?(?:电\s?话|热线)|传\s?真|联系方式|手机)(?:号码|及传真)?"
    rf"\s?[:：为]?\s?{PHONES}"
    rf"|{EMAIL}"
)
MAY_NAME = re.compile(r"@|联\s?系|联络|经办|电\s?话|热线|传\s?真|手机")  # what CONTACT cannot do without


def read_contacts(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """The contacts as printed, label and all, in order: 联系人：张三, 联系电话：010-63417425, a@b.cn; at most 20.

    A label without a name or a number behind it, as on a form to be filled in, names nobody.
    """
    return tuple(dict.fromkeys(islice(_contacts(paragraphs), MOST)))


def _contacts(paragraphs: Sequence[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        if MAY_NAME.search(paragraph, 0, LONGEST):
            for match in CONTACT.finditer(paragraph[:LONGEST].replace("\xa0", " ")):
                yield match[0].strip(" 　，,；;（(")
