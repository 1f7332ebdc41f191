"""The values: a document number whole or in part, its canonical form and its ASCII slug."""

from dataclasses import dataclass

from archive.numbers import spelling
from archive.numbers.kinds import ANNOUNCEMENTS, ORDERS, PERIODICALS


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """A document number (发文字号): office code, year, serial. `str()` is the canonical form 国税函〔2008〕608号.

    Orders such as 财政部令第65号 carry no year: theirs is 0. Announcements and orders have the issuing authorities as
    the first part of their office, those of joint ones separated by a space: 财政部 税务总局公告.
    """

    office: str
    year: int
    serial: int

    def __str__(self) -> str:
        unit = "期" if self.office.endswith(PERIODICALS) else "号"
        if self.year == 0:
            return f"{self.office}第{self.serial}{unit}"
        if self.office.endswith(ANNOUNCEMENTS + ORDERS):
            return f"{self.office}{self.year}年第{self.serial}号"
        return f"{self.office}〔{self.year}〕{self.serial}{unit}"

    @property
    def slug(self) -> str:
        """The number in ASCII, as ids and addresses carry it: guoshuihan-2008-608; `parse_number` reads it back."""
        year = [str(self.year)] if self.year else []
        return "-".join([spelling.spell(self.office), *year, str(self.serial)])


@dataclass(frozen=True, slots=True)
class PartialNumber:
    """What a reader gave of a number: "" or 0 for the parts not given (608号, 国税函608号, 国税函〔2008〕)."""

    office: str = ""
    year: int = 0
    serial: int = 0
