"""The numerals of document numbers: Arabic, full-width and Chinese."""

DIGIT = "[0-9０-９]"
CHINESE = "[〇○Ｏ零一二三四五六七八九十百千两]"
FIRST_YEAR, LAST_YEAR = 1949, 2099
LONGEST_SERIAL = 5

_SAME = str.maketrans({"○": "〇", "Ｏ": "〇", "零": "〇"})


def read_numeral(text: str) -> int | None:
    """The value of 608, ６０８, 六百零八 or 六〇八; None for anything else."""
    text = text.strip()
    if text.isdecimal():
        return int(text)
    import cn2an  # only when needed: importing it takes longer than most commands

    text = text.translate(_SAME)
    try:
        return int(cn2an.cn2an(text, "normal"))
    except ValueError:
        return None


def read_year(text: str) -> int | None:
    """The year of 2008, 二〇〇八 or 86 (1986); None where no notice can be of that year."""
    year = read_numeral(text)
    if year is None:
        return None
    if len(text.strip()) == 2:
        year += 1900 if year >= FIRST_YEAR % 100 else 2000
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
