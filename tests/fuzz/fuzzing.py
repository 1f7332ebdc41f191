"""Hostile pages by the thousand: small damaged pages, mutated as bytes and as text, and what must hold of each.

usage: python -m tests.fuzz.fuzzing SECONDS [SEED]
Prints each input that breaks a promise or takes more than two seconds, as its seed and a folder to find it in.
"""

import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from archive.clean.changes import apply, undo
from archive.errors import BadInput
from archive.extract import extract
from archive.models import Capture
from archive.page import read_page
from tests.clean.damages import as_windows_1252, lose_a_lead_byte, push_a_note_between, to_traditional, with_notes
from tests.clean.sentences import sentences

SENTENCES = sentences(60, seed=4)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLOW = 2.0
PAGE = """<html><head><meta charset="{charset}"><title>{title}</title></head><body><div class="content"><h1>{title}</h1>
<p>示例函〔2008〕608号</p><p>各省、自治区、直辖市税务局：</p>{body}<p align="right">示例税务总局</p>
<p align="right">二〇〇八年六月十九日</p></div></body></html>"""
DAMAGES: tuple[Callable[[str, random.Random], str | None], ...] = (
    lambda text, _: text,
    lambda text, _: to_traditional(text),
    with_notes,
    lose_a_lead_byte,
    push_a_note_between,
    lambda text, _: as_windows_1252(text.encode()),
    lambda text, _: as_windows_1252(text.encode("gbk")),
    lambda text, _: text.encode().decode("latin-1"),
    lambda text, _: text.encode("gbk").decode("latin-1"),
)
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16")
PIECES = (
    *("?", "??", "\ufffd", "(guó)", "å½", "å·", "ï¿½", "\xa0\xa0", "\u200b", "\u202e", "囮", "⼈", "&#0;", "&nbsp;"),
    *("<p>", "</p>", "<br>", "<table><tr><td>", "</td></tr></table>", "<!--", "-->", '<span style="display:none">'),
    *(
        "一、",
        "（一）",
        "第一条",
        "附件：",
        "国税发〔2009〕1号",
        "特此公告。",
        "(",
        "”",
        "\n",
        "\t",
        "𠀀",
        "\x00",
        "\x1a",
    ),
)
BYTES = tuple(
    bytes([byte]) for byte in (0, 0x0A, 0x1B, 0x3C, 0x3F, 0x80, 0x81, 0x8D, 0xA0, 0xA1, 0xAD, 0xE5, 0xFE, 0xFF)
)


def make_page(seed: int) -> bytes:
    """A page with damaged paragraphs, then mutated up to a dozen times: the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 (pages, not secrets)
    damaged = (chance.choice(DAMAGES)(text, chance) or text for text in chance.sample(SENTENCES, chance.randint(1, 5)))
    title = f"示例税务总局关于{chance.choice(['增值税', '征管', '发票', '契税'])}有关问题的通知"
    charset = chance.choice(ENCODINGS)
    text = PAGE.format(charset=charset, title=title, body="".join(f"<p>{line}</p>" for line in damaged))
    for _ in range(chance.choice((0, 1, 3, 12))):
        at = chance.randrange(len(text))
        text = (
            text[:at] + chance.choice(PIECES) * chance.choice((1, 1, 1, 30)) + text[at + chance.choice((0, 0, 1, 9)) :]
        )
    content = text.encode(charset, "replace")
    for _ in range(chance.choice((0, 0, 1, 3, 12))):
        at = chance.randrange(len(content))
        content = content[:at] + chance.choice((b"", *BYTES)) + content[at + chance.choice((0, 1, 1, 7)) :]
    return content


def check(content: bytes, media_type: str = "text/html") -> None:
    """Read a page; raises AssertionError if changes do not lead from page to body and back, or damage is not there."""
    try:
        page = read_page(Capture("fuzz.html", NOW, content, media_type))
    except BadInput:
        return
    for notice in extract(page).notices:
        assert apply(page.text, notice.changes) == notice.body
        assert undo(notice.body, notice.changes) == page.text
        above = f"{notice.title}\n"  # where places of the title are
        assert all((above + notice.body).startswith(place.text, len(above) + place.at) for place in notice.damage)


def main(seconds: float, first: int = 0) -> int:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    end = time.monotonic() + seconds
    seed = first
    failures = 0
    while time.monotonic() < end:
        start = time.process_time()
        try:
            check(make_page(seed), "text/plain" if seed % 10 == 9 else "text/html")
            wrong = f"{taken:.1f} s" if (taken := time.process_time() - start) > SLOW else ""
        except Exception:  # noqa: BLE001 (whatever it is, it is what we look for)
            wrong = traceback.format_exc()
        if wrong:
            failures += 1
            (folder / f"{seed}.html").write_bytes(make_page(seed))
            print(f"seed {seed}, {folder}/{seed}.html: {wrong}", flush=True)
        seed += 1
    print(f"{seed - first:,} pages tried, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
