"""Document numbers (发文字号): parse, format, compare and find in text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """A document number: office code, year, serial. `str()` is the canonical form 国税函〔2008〕608号.

    Orders such as 财政部令第65号 carry no year: theirs is 0.
    """

    office: str
    year: int
    serial: int

    def __str__(self) -> str:
        if self.year == 0:
            return f"{self.office}第{self.serial}号"
        if self.office.endswith(("公告", "通告")):
            return f"{self.office}{self.year}年第{self.serial}号"
        return f"{self.office}〔{self.year}〕{self.serial}号"
