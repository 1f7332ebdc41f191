"""One document number, whole or in part, in any spelling a reader may type."""

import re
from functools import lru_cache

from archive.errors import InvalidNumber
from archive.lexicon import offices
from archive.numbers.find import CLOSE, OPEN, find_numbers
from archive.numbers.kinds import ANNOUNCEMENTS, ORDERS
from archive.numbers.numerals import DIGIT, FIRST_YEAR, LAST_YEAR, read_numeral, read_year
from archive.numbers.offices import HAN, known_suffix, simplified
from archive.numbers.spelling import read_initials, read_spelling, similar_offices
from archive.numbers.value import DocumentNumber, PartialNumber

FORMS = "Write it as 国税函〔2008〕608号, 国家税务总局公告2012年第54号 or 财政部令第65号."
AROUND = " \t\r\n\u3000\xa0《》“”\"'。，,;；:："
FILE = re.compile("(?:文件|文)$")
LONGEST = 120

# guoshuihan-2008-608, guo shui han 2008 608, caizhengbuling-65
LATIN = re.compile(
    r"(?P<office>[a-z_][a-z0-9_ -]*?)(?:[ -]+(?P<year>[0-9]{4}))?[ -]+(?:no\.? ?)?(?P<serial>[0-9]{1,5})", re.IGNORECASE
)
# 国税函 2008 608, 国税函2008-608号
SPACED = re.compile(f"(?P<office>[{HAN}]+)[ -]*(?P<year>{DIGIT}{{4}})[ -]+(?P<serial>{DIGIT}{{1,5}})[号號]?")
# 2008年国税函608号, （2008）国税函608号; 国税函608号 2008年, 国税函608号（2008年）
YEAR_BEFORE = re.compile(rf"{OPEN}?(?P<year>{DIGIT}{{4}})[ \u3000]*年?{CLOSE}?[ \u3000]*(?P<rest>[{HAN}].*)", re.DOTALL)
YEAR_BEHIND = re.compile(
    rf"(?P<rest>[{HAN}].*[号號])[ \u3000]*{OPEN}?(?P<year>{DIGIT}{{4}})[ \u3000]*年?{CLOSE}?", re.DOTALL
)
# What a reader gives of a number, taken off from its end: the serial, the year; the rest is the office.
KIND_END = re.compile("(?:公告|通告|令)$")
SERIAL_END = re.compile(rf"(?:第|[Nn][Oo]\.?)?[ \u3000]*(?P<serial>{DIGIT}{{1,5}})[ \u3000]*(?P<unit>[号號])?$")
YEAR_END = re.compile(rf"(?:(?P<open>{OPEN})[ \u3000]*)?(?<!{DIGIT})(?P<year>{DIGIT}{{4}})[ \u3000]*年?{CLOSE}?$")
MASK = "XxＸｘ×*＊?？○□"
MASKED = re.compile(
    f"[{MASK}]+[ \u3000]*{CLOSE}|{CLOSE}[ \u3000]*第?[ \u3000]*[{MASK}]|第[ \u3000]*[{MASK}]+[ \u3000]*[号號]"
)
YEAR_GIVEN = re.compile(
    f"{OPEN}[ \u3000]*(?P<year>{DIGIT}{{1,6}})|(?<!{DIGIT})(?P<plain>(?:19|20){DIGIT}{{2}})(?!{DIGIT})"
)
ONLY_HAN = re.compile(f"[{HAN}\u3000 ]+")
LETTERS = re.compile(rf"[{HAN}]+|[A-Za-z]+")
NEARLY = re.compile(
    rf"(?P<office>[{HAN}]+|[A-Za-z]+(?: +[A-Za-z]+)*)\D{{0,4}}(?P<year>(?:19|20)[0-9]{{2}})\D{{0,4}}"
    r"(?P<serial>[0-9]{1,5})\D{0,2}"
)
SERIAL_GIVEN = re.compile(f"(?P<serial>{DIGIT}+)[ \u3000]*(?:[号號]|$)")


def parse_number(text: str) -> DocumentNumber:
    """The document number that `text` is, in any spelling.

    Raises InvalidNumber with the reason if it is none, and with what may have been meant if it is nearly one.
    """
    number = _whole(_plain(text))
    if number is None:
        raise _invalid(text, "not a document number")
    return number


def parse_partial(text: str) -> PartialNumber:
    """The parts of a number that `text` gives (608号, 国税函608号, 国税函〔2008〕).

    Raises InvalidNumber if it gives none of them plainly.
    """
    plain = _plain(text)
    whole = _whole(plain)
    if whole:
        return PartialNumber(whole.office, whole.year, whole.serial)
    partial = None if len(plain) > LONGEST or MASKED.search(plain) else _parts(plain) or _turned(plain)
    if partial is None:
        raise _invalid(text, "no part of a document number")
    return partial


def near_misses(text: str, count: int = 3) -> tuple[DocumentNumber, ...]:
    """Numbers that `text` may have been meant for: initials (GSH 2008 608), lost brackets, a wrong character.

    Of several the codes that were in use in the year stand first.
    """
    plain = _plain(text)[:LONGEST]
    found = find_numbers(plain)
    if found:
        return tuple(dict.fromkeys(f.number for f in found))[:count]
    parts = NEARLY.fullmatch(plain)
    if not parts or not int(parts["serial"]) or MASKED.search(plain):
        return ()
    office = simplified(parts["office"])
    year, codes = int(parts["year"]), offices().codes
    meant = read_initials(office) or similar_offices(office)
    meant = tuple(sorted(meant, key=lambda one: one in codes and not codes[one].in_use(year)))
    return tuple(DocumentNumber(one, year, int(parts["serial"])) for one in meant[:count])


def _plain(text: str) -> str:
    return FILE.sub("", text.strip(AROUND))


@lru_cache(maxsize=1024)  # a search asks for the number it was given in every segment of an index
def _whole(plain: str) -> DocumentNumber | None:
    if len(plain) > LONGEST:
        return None
    found = find_numbers(plain)
    if found and (found[0].start, found[0].end) == (0, len(plain)):
        return found[0].number
    for pattern in (LATIN, SPACED):
        match = pattern.fullmatch(plain)
        number = _spelled(match) if match else None
        if number:
            return number
    turned = _turned(plain)
    return DocumentNumber(turned.office, turned.year, turned.serial) if turned and turned.serial else None


def _spelled(match: re.Match[str]) -> DocumentNumber | None:
    letters = simplified(match["office"])
    office = read_spelling(letters) if letters.isascii() else known_suffix(letters)
    if not letters.isascii() and office != letters:
        return None
    year = read_year(match["year"]) if match["year"] else 0
    serial = read_numeral(match["serial"])
    if not office or year is None or not serial or (year == 0 and not office.endswith(ORDERS)):
        return None
    return DocumentNumber(office, year, serial)


def _parts(plain: str) -> PartialNumber | None:
    kind = KIND_END.search(plain) if SERIAL_END.search(plain[:-2]) or SERIAL_END.search(plain[:-1]) else None
    rest = plain[: kind.start()] if kind else plain
    serial = SERIAL_END.search(rest)
    bare_year = serial and not serial["unit"] and len(serial["serial"]) == 4 and read_year(serial["serial"])
    if serial and not bare_year:
        rest = rest[: serial.start()].rstrip(" -\u3000")
    else:
        serial = None
    year = YEAR_END.search(rest)
    if year:
        rest = rest[: year.start()].rstrip(" -\u3000")
    shaped = bool(kind or (serial and serial["unit"]) or (year and year["open"]))
    office = _office_part(rest, shaped)
    value = read_numeral(serial["serial"]) if serial else 0
    of = read_year(year["year"]) if year else 0
    if office is None or of is None or value is None or not (office or shaped) or (serial and not value):
        return None
    return PartialNumber(office, of, value) if office or value or of else None


def _turned(plain: str) -> PartialNumber | None:
    """What a number gives whose year stands before or behind the rest; only an office that is known counts."""
    match = YEAR_BEFORE.fullmatch(plain) or YEAR_BEHIND.fullmatch(plain)
    rest = _parts(match["rest"]) if match else None
    year = read_year(match["year"]) if match else None
    if rest is None or not year or rest.year or not _is_known(rest.office):
        return None
    return PartialNumber(rest.office, year, rest.serial)


def _is_known(office: str) -> bool:
    """Whether `office` is a code of the table or the announcements of an authority; orders have no year."""
    return bool(office) and (known_suffix(office) == office or office.endswith(ANNOUNCEMENTS))


def _office_part(letters: str, shaped: bool) -> str | None:
    """The office that a reader gave: a known one, or any of plausible length where the rest has a number's shape."""
    if not letters:
        return ""
    if letters.isascii():
        return read_spelling(letters)
    if not ONLY_HAN.fullmatch(letters):
        return None
    office = simplified(letters)
    if office in ANNOUNCEMENTS + ORDERS:
        return ""
    if _is_known(office) or office.endswith(ORDERS):
        return office
    return office if shaped and re.fullmatch(f"[{HAN}]{{2,8}}", office) else None


def _invalid(text: str, what: str) -> InvalidNumber:
    near = near_misses(text)
    remedy = f"Did you mean {' or '.join(map(str, near))}?" if near else FORMS
    return InvalidNumber(f"{text.strip()[:80]!r} is {what}: {_reason(_plain(text))}.", remedy)


def _reason(text: str) -> str:
    if not text or len(text) > LONGEST:
        return "it is too long" if text else "it is empty"
    if MASKED.search(text):
        return "its year or serial is masked"
    if len(find_numbers(text)) > 1:
        return "it holds several"
    year = YEAR_GIVEN.search(text)
    stated = (year["year"] or year["plain"]) if year else ""
    if stated and read_year(stated) is None:
        return f"no notice can be of the year {stated}, only of {FIRST_YEAR} to {LAST_YEAR}"
    serial = SERIAL_GIVEN.search(text)
    if serial and not int(serial["serial"]):
        return "serials begin at 1"
    letters = LETTERS.match(text)
    if letters and read_initials(letters[0]):
        return "initials can stand for several offices"
    given = (("office", letters), ("year", stated), ("serial", serial))
    missing = [name for name, part in given if not part]
    return f"it has no {' and no '.join(missing)}" if missing else "its parts cannot be told from other words"
