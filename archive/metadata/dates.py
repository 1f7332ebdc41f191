"""Dates as notices write them: of signature, of effect, of expiry."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain, islice

import cn2an

# Every zero seen between Chinese numerals: the ideographic one, circles, the letter o of three alphabets, digits.
ZEROS = "〇○◯零０0OoＯｏОоΟο⚪"
DIGIT = "[0-9０-９]"
HAN_DIGIT = f"[{ZEROS}一二三四五六七八九壹贰叁肆伍陆柒捌玖]"
GAP = r"[ \t\u3000\xa0]{0,4}"
DAY_NUMERAL = f"(?:{DIGIT}{{1,2}}|[元一二三四五六七八九十廿卅〇○０0]{{1,4}})"
WRITTEN = re.compile(
    f"(?P<year>{DIGIT}{{4}}|(?:{HAN_DIGIT}{GAP}){{4}}){GAP}年{GAP}"
    f"(?P<month>{DAY_NUMERAL}){GAP}月{GAP}(?P<day>{DAY_NUMERAL}){GAP}[日号]"
)
YEAR_MARK = re.compile(f"年(?={GAP}{DAY_NUMERAL})")
PLAIN = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?<!\d{5})(?P<mark>[-./])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?![\d])"
)
PLAIN_MARK = re.compile("[-./]")
COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:\d{6})?(?!\d)")
VALUES = str.maketrans(
    {
        **dict.fromkeys(" \t\u3000\xa0", ""),
        **dict.fromkeys(ZEROS, "0"),
        **dict(zip("一二三四五六七八九壹贰叁肆伍陆柒捌玖", "123456789" * 2, strict=True)),
    }
)
DAY_VALUES = str.maketrans({"元": "一", "〇": "零", "○": "零"})
BESIDE_DATE = re.compile(r"[（(〔【\[]*(?:印发|发布|颁布|公布|发出)?[）)〕】\]。]*")
IN_FORCE = "(?:正式)?(?:施行|执行|实施|生效|试行|起效|适用|开始执行)"
FROM_ISSUE = re.compile(
    r"[自从](?:本[^，。；]{0,12})?(?:发布|公布|颁布|印发|签发|发文|下发|文到|签署)之日(?:起|后)"
    f"(?:满?(?P<days>{DIGIT}{{1,3}}|[一二三四五六七八九十]{{1,3}})[日天](?:后|起)?)?(?:开始)?{IN_FORCE}"
)
TERM = re.compile(
    r"(?:有效期|试行期|执行期|施行期|实施期|适用期)(?:限)?(?:为|是|:|：)?"
    rf"(?P<years>{DIGIT}{{1,2}}|[一二两三四五六七八九十]{{1,2}})年"
)
REMARK = "[（(][^（()）]{1,12}[）)]"  # 自2010年1月1日（税款所属期）起执行
UNTIL = re.compile(r"(?:有效期|执行期限|施行期限|执行|施行|适用|延长|有效|截止)(?:限)?(?:为|延长|截)?(?:至|到)$")
OWN = r"本(?:公告|通知|办法|规定|决定|通告|批复|细则|意见|规则|条例|制度|规程|文|令|解释|规范|方案)"
# What a sentence may speak of that has a last day of its own, the notice not having one.
OTHER_THING = re.compile(
    "使用|证书|证件|证明|凭证|许可|执照|资格|资质|发票|票据|印章|合同|协议|申报|缴纳|认证|登记|备案|库存|旧版|保质|保修|任期|贷款|债券"
)
LONGEST_YEAR, LONGEST_DAY = 20, 32  # characters before 年 and from 年 to 日, blanks included
LONGEST_SENTENCE = 200
HORIZON = 60  # characters looked at on each side of a date


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at text[start:end]."""

    value: date
    start: int
    end: int


def find_dates(text: str) -> list[FoundDate]:
    """Every possible date in `text`, in order: 二○○八年六月十九日, 2008年6月19日, 2008-06-19."""
    return list(_found(text))


@lru_cache(maxsize=2)  # a body is asked for them as to its first day and then as to its last
def _found(text: str) -> tuple[FoundDate, ...]:
    found = list(_dates(_written(text)))
    if PLAIN_MARK.search(text):
        found += _dates(PLAIN.finditer(text))
    return tuple(sorted(found, key=lambda f: f.start))


@lru_cache(maxsize=1024)
def only_date(text: str) -> FoundDate | None:
    """The date in `text` if there is one and no other. Kept, because a line is asked for it as head, foot and field."""
    plain = PLAIN.finditer(text) if PLAIN_MARK.search(text) else ()
    found = list(islice(_dates(chain(_written(text), plain)), 2))
    return found[0] if len(found) == 1 else None


def read_date(text: str) -> date | None:
    """The first date in `text`, if there is one; 20080619 and timestamps count too."""
    found = find_dates(text) or list(_dates(COMPACT.finditer(text)))
    return found[0].value if found else None


def date_line(text: str) -> date | None:
    """The date that is all the line says, or None: 二○○八年六月十九日, (2008年6月19日), 2 0 0 8年6月19日印发."""
    if len(text) > 80 or ("年" not in text and not PLAIN_MARK.search(text)):
        return None
    text = "".join(text.split())
    found = only_date(text)
    if found is None:
        return None
    return found.value if BESIDE_DATE.fullmatch(text[: found.start] + text[found.end :]) else None


def _written(text: str) -> Iterator[re.Match[str]]:
    """The matches of WRITTEN, looked for only around the 年 of which a text has few."""
    done = 0
    for mark in YEAR_MARK.finditer(text):
        at = mark.start()
        if at >= done and (match := WRITTEN.search(text, max(done, at - LONGEST_YEAR), at + LONGEST_DAY)):
            yield match
            done = match.end()


def _dates(matches: Iterable[re.Match[str]]) -> Iterator[FoundDate]:
    for match in matches:
        try:
            value = date(_year(match["year"]), _numeral(match["month"]), _numeral(match["day"]))
        except ValueError:
            continue
        if 1949 <= value.year <= 2099:
            yield FoundDate(value, match.start(), match.end())


def _year(text: str) -> int:
    return int(text.translate(VALUES))


def _numeral(text: str) -> int:
    """The value of 6, ６, 六, 十九, 廿一 or 元; raises ValueError for anything else."""
    if text.isdecimal():
        return int(text)
    text = text.translate(DAY_VALUES).replace("廿", "二十").replace("卅", "三十")
    return int(cn2an.cn2an(text.translate(str.maketrans("０0", "零零")), "normal"))


def sentence_with(text: str, found: FoundDate) -> str:
    """The sentence that a date stands in, or of a longer one the 200 characters around the date."""
    start = max(text.rfind(mark, 0, found.start) for mark in "。；\n") + 1
    ends = [at + (mark != "\n") for mark in "。；\n" if (at := text.find(mark, found.end)) >= 0]
    end = min(ends, default=len(text))
    if end - start > LONGEST_SENTENCE:
        start = max(start, found.start - LONGEST_SENTENCE // 2)
        start = text.find("，", start, found.start) + 1 or start
        end = min(end, start + LONGEST_SENTENCE)
    return text[start:end].strip()


def effective_on(body: str, issued: date | None) -> FoundDate | None:
    """The day the text says it takes effect, and where.

    自2008年1月1日起施行 names it; 自发布之日起30日后施行 counts from `issued`. Of several the sentence on the notice
    itself (本公告自…) counts, else the last one: a notice ends with the rule on its own effect.
    """
    return max(_starts(body, issued), key=lambda found: (_is_own(body, found.start), found.start), default=None)


def _starts(body: str, issued: date | None) -> Iterator[FoundDate]:
    for found in find_dates(body):
        after = body[found.end : found.end + 20]
        before = body[max(0, found.start - 12) : found.start]
        if (
            re.match(
                rf"(?:零时|{REMARK})?(?:起|开始)(?:正式|开始|统一|全面|依法|恢复|暂|在[^，。；]{{1,12}})?{IN_FORCE}",
                after,
            )
            or (re.match(r"起?至", after) and re.search(rf"{IN_FORCE}", body[found.end : found.end + HORIZON]))
            or re.search(r"(?:执行|施行|适用|实施|有效|生效)(?:期限?|时间|日期)(?:为|自|从|：|:)?自?$", before)
        ):
            yield found
    if issued:
        for match in FROM_ISSUE.finditer(body):
            day = issued + timedelta(days=_numeral(match["days"]) if match["days"] else 0)
            yield FoundDate(day, match.start(), match.end())


def _is_own(body: str, at: int) -> bool:
    """Whether the sentence up to `at` speaks of the notice itself: 本通知自…, 以上规定自…."""
    clause = re.split(r"[。；\n]", body[max(0, at - HORIZON) : at])[-1]
    return re.search(rf"{OWN}|^[自从]?$|以上规定|现予(?:公布|发布)", clause) is not None


def _is_of_other(body: str, at: int) -> bool:
    """Whether the sentence up to `at` speaks of a thing other than the notice."""
    sentence = re.split(r"[。；\n]", body[max(0, at - HORIZON) : at + 3])[-1]
    return OTHER_THING.search(sentence) is not None and re.search(OWN, sentence) is None


def expires_on(body: str, effective: date | None) -> FoundDate | None:
    """The last day in force, and where the text gives it.

    执行至2012年12月31日 names it, 有效期5年 counts from the day of effect.

    The last day of something else, a stamp (使用期限延长至…) or a certificate (证书有效期3年), is none of the notice.
    """
    for found in find_dates(body):
        until = UNTIL.search(body[max(0, found.start - 10) : found.start]) or (
            body[found.start - 1 : found.start] in ("至", "到") and body.startswith("止有效", found.end)
        )
        if until and not _is_of_other(body, found.start):
            return found
        span = re.match(r"(?:起|始)?(?:执行)?[至到\-—－~～]", body[found.end : found.end + 5])
        if span and effective == found.value:
            following = find_dates(body[found.end : found.end + 24])
            if following and following[0].start <= 5:
                return FoundDate(following[0].value, found.start, found.end + following[0].end)
    term = next((term for term in TERM.finditer(body) if not _is_of_other(body, term.start())), None)
    return FoundDate(_last_day(effective, _numeral(term["years"])), *term.span()) if term and effective else None


def _last_day(first: date, years: int) -> date:
    try:
        return first.replace(year=first.year + years) - timedelta(days=1)
    except ValueError:  # 29 February
        return first.replace(year=first.year + years, day=28)
