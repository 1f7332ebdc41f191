"""From bytes to text: which encoding a page is really in, whatever it says."""

import codecs
from dataclasses import dataclass

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, and the encoding it was found to be in."""

    text: str
    encoding: str


def decode(content: bytes, declared: str = "") -> Decoded:
    """The text of `content`; `declared` is what its server or its head says."""
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return Decoded(content[len(bom) :].decode(encoding, "replace"), encoding)
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return Decoded(content.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    return Decoded(content.decode("gb18030", "replace"), "gb18030")
