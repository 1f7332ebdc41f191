"""A short notice, and pages that carry it."""

from datetime import UTC, datetime

from archive.extract import extract
from archive.models import Capture, RawNotice
from archive.page import read_page

TITLE = "示例省国家税务局关于示例问题的通知"
TEXT = [
    "各市国家税务局：",
    "现将有关问题通知如下：",
    "一、示例收入应当缴纳增值税。",
    "二、本通知自2009年1月1日起执行。",
]


def shown(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def read(html: str) -> RawNotice:
    """The only notice of a page."""
    (notice,) = extract(read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), html.encode()))).notices
    return notice
