"""A notice as a Word document in the layout of an official document."""

from collections.abc import Iterable
from io import BytesIO
from typing import cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from archive.models import Notice
from web.official import Paragraph, Part

RED = RGBColor(0xA3, 0x27, 0x1C)
# GB/T 9704-2012: text in 三号 (16 pt) 仿宋, indented by two characters, lines 28 pt apart; the title in 二号 (22 pt);
# first headings in 黑体, second ones in 楷体.
SIZE, TITLE_SIZE, SMALL, LINE, INDENT = Pt(16), Pt(22), Pt(9), Pt(28), Pt(32)
ATTACHED = Pt(80)  # below what stands behind 附件：
FONTS: dict[str, str] = {
    Part.HEADING: "黑体",
    Part.SUBHEADING: "楷体",
    "issuer": "黑体",
    "title": "宋体",
    "source": "宋体",
}
OTHER_PARTS = ("issuer", "number", "title", "signature", "source")


def to_docx(notice: Notice, paragraphs: Iterable[Paragraph], source: str) -> bytes:
    """The bytes of a .docx file; `source` says at its end where the text is from."""
    document = Document()
    document.core_properties.title = notice.title
    document.core_properties.author = "、".join(notice.authorities)
    styles = _styles(document)
    for name in notice.authorities:
        document.add_paragraph(name, styles["issuer"])
    if notice.number:
        document.add_paragraph(str(notice.number), styles["number"])
    document.add_paragraph(notice.title, styles["title"])
    for paragraph in paragraphs:
        document.add_paragraph("".join(run.text for run in paragraph.runs), styles[paragraph.part])
    document.add_paragraph("", styles["signature"])
    for name in notice.authorities:
        document.add_paragraph(name, styles["signature"])
    if day := notice.issued_on:
        document.add_paragraph(f"{day.year}年{day.month}月{day.day}日", styles["signature"])
    document.add_paragraph(source, styles["source"])
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _styles(document: DocumentObject) -> dict[str, ParagraphStyle]:
    """The styles of all parts, by name; a writer can change each in one place."""
    styles = {name: _style(document, name, FONTS.get(name, "仿宋")) for name in (*Part, *OTHER_PARTS)}
    for name in ("issuer", "number", "title"):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in (Part.TEXT, Part.HEADING, Part.SUBHEADING, Part.ATTACHMENT):
        styles[part].paragraph_format.first_line_indent = INDENT
    styles[Part.ATTACHED].paragraph_format.left_indent = ATTACHED
    styles["issuer"].font.color.rgb = RED
    title, signature, source = (styles[name] for name in ("title", "signature", "source"))
    title.font.size, title.font.bold = TITLE_SIZE, True
    title.paragraph_format.space_before = title.paragraph_format.space_after = SIZE
    signature.paragraph_format.alignment, signature.paragraph_format.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, INDENT
    source.font.size, source.paragraph_format.space_before = SMALL, LINE
    return styles


def _style(document: DocumentObject, name: str, font: str) -> ParagraphStyle:
    made = cast(ParagraphStyle, document.styles.add_style(f"Shuiwen {name}", WD_STYLE_TYPE.PARAGRAPH))
    made.font.name, made.font.size = font, SIZE
    made.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    made.paragraph_format.line_spacing, made.paragraph_format.space_after = LINE, Pt(0)
    return made
