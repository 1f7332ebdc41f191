"""Pages a second of `ingest` and `reparse`, notices a second of `reindex`, on varied copies of the samples.

    python -m bench.archive [COPIES]

Each copy gets another serial number, so that it is another notice; years, frames and damages are those of the samples.
Then `ingest` once more on copies of 20 KB, the size of page that the goal of 150 pages a second on two cores speaks of:
first such as are nearly all text, then such as sites send, half of it an article and half what stands around it.
Prints a table: time, processor time of the command and of its workers, and the peak memory of all of them (Linux only).
"""

import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from pathlib import Path
from time import perf_counter, sleep

from archive.clean import clean_text
from archive.clean.encoding import Decoded, decode
from archive.extract import extract
from archive.models import Capture
from archive.page import read_page
from archive.words import frequencies
from bench.memory import proportional_mb

CHECKOUT = Path(__file__).resolve().parent.parent
# shili-shuihan-2008-608.html: the serial is the last number of the name before its dots.
SERIAL = re.compile(r"-(\d+)\.")
LONG = 20_000  # bytes
ARTICLE = 9_000  # bytes
DRAWN = 8  # words
PARAGRAPH = re.compile(r"<p[^>]*>[^<&]{60,}</p>")
NUMERAL = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\d+")
# What a site puts above and below each article.
ABOVE = (
    "<style>"
    + "".join(f".box{n} li a:hover {{ margin: 0 auto; width: {n}px; color: #c00; }} " for n in range(50))
    + '</style><div class="nav">'
    + "".join(f'<a href="/{part}/">{part}</a> | ' for part in ("首页", "法规", "公告", "解读", "问答", "论坛", "下载"))
    + "</div>"
)
BELOW = (
    "<script>"
    + "".join(
        f"var s{n} = document.getElementById('ad{n}'); if (s{n}) s{n}.style.display = 'none'; " for n in range(40)
    )
    + '</script><div class="hot"><h3>热门文章</h3><ul></ul></div>'
)
LINK = '<li><a href="/law/2010/04{day}/{page}.html" title="{title}">{title}</a><span>04-{day}</span></li>\n'
TICKS = os.sysconf("SC_CLK_TCK")
SECONDS_BETWEEN_LOOKS = 0.2


@dataclass
class Watched:
    """The processes of a session: the most MB they held together, and the processor time of each."""

    session: int
    peak: float = 0.0
    ticks: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        held = 0.0
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it may end while we look
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.session:
                    self.ticks[process.name] = int(fields[11]) + int(fields[12])
                    held += proportional_mb(int(process.name))
        self.peak = max(self.peak, held)


def samples() -> list[tuple[Path, str]]:
    """The samples whose names have a number, each with its serial."""
    found = ((path, SERIAL.search(path.name)) for path in sorted((CHECKOUT / "data" / "samples").iterdir()))
    return [(path, serial[1]) for path, serial in found if serial]


def write_copies(folder: Path, copies: int) -> int:
    """Fill `folder` with varied copies of the samples; returns their size in bytes."""
    numbered = samples()
    size = 0
    for copy in range(copies):
        path, serial = numbered[copy % len(numbered)]
        content = path.read_bytes().replace(serial.encode(), str(1000 + copy).encode())
        (folder / f"{copy:05}{path.suffix}").write_bytes(content)
        size += len(content)
    return size


def write_long_copies(folder: Path, copies: int) -> int:
    """Fill `folder` with varied copies of 20 KB, nearly all of it text; returns their size."""
    return _write(folder, ((name, page.text, page.encoding) for name, page, _ in _filled(copies, LONG)))


def write_site_copies(folder: Path, copies: int) -> int:
    """Fill `folder` with varied copies of 20 KB as a site sends them; returns their size.

    Around an article of 2,500 characters stand styles, scripts, the parts of the site, and links to other notices.
    """
    pages = ((name, _framed(page, dice), page.encoding) for name, page, dice in _filled(copies, ARTICLE))
    return _write(folder, pages)


def _write(folder: Path, pages: Iterable[tuple[str, str, str]]) -> int:
    size = 0
    for name, text, encoding in pages:
        size += (folder / name).write_bytes(text.encode(encoding, "xmlcharrefreplace"))
    return size


def _filled(copies: int, size: int) -> Iterator[tuple[str, Decoded, random.Random]]:
    """Varied copies of at least `size` bytes of the samples that give one notice with its number, and dice for each.

    They are filled up with undamaged paragraphs of all samples, each with other numerals and a clause of drawn words.
    """
    numbered = [(path, serial) for path, serial in samples() if _is_one_notice(path)]
    texts = {path: decode(path.read_bytes()) for path, _ in numbered}
    found = [paragraph for decoded in texts.values() for paragraph in PARAGRAPH.findall(decoded.text)]
    pool = [paragraph for paragraph in found if not clean_text(paragraph).changes]
    for copy in range(copies):
        dice = random.Random(copy)
        path, serial = numbered[copy % len(numbered)]
        text, encoding = texts[path].text, texts[path].encoding
        longest = max(PARAGRAPH.findall(text), key=len)
        missing = size - len(text.encode(encoding))
        filling = []
        while missing > 0:
            filling.append(_varied(dice.choice(pool), dice))
            missing -= len(filling[-1].encode(encoding, "xmlcharrefreplace"))
        text = text.replace(longest, "".join((longest, *filling)), 1).replace(serial, str(1000 + copy))
        yield f"{copy:05}{path.suffix}", replace(texts[path], text=text), dice


def _framed(page: Decoded, dice: random.Random) -> str:
    """The text of `page` between the styles and parts of a site and its scripts and links, of 20 KB together."""
    start, end = page.text.find("<body"), page.text.rfind("</body>")
    start, end = page.text.find(">", start) + 1 if start >= 0 else 0, end if end >= 0 else len(page.text)
    missing = LONG - len((page.text + ABOVE + BELOW).encode(page.encoding, "xmlcharrefreplace"))
    links = []
    while missing > 0:
        links.append(LINK.format(day=dice.randrange(10, 29), page=dice.randrange(10**6), title=_drawn(dice)))
        missing -= len(links[-1].encode(page.encoding, "xmlcharrefreplace"))
    below = BELOW.replace("</ul>", "".join((*links, "</ul>")))
    return "".join((page.text[:start], ABOVE, page.text[start:end], below, page.text[end:]))


def _is_one_notice(path: Path) -> bool:
    content = path.read_bytes()
    notices = extract(read_page(Capture(path.name, datetime.now(UTC), content))).notices
    return PARAGRAPH.search(decode(content).text) is not None and [n.number is not None for n in notices] == [True]


@cache
def _words() -> tuple[Sequence[str], Sequence[int]]:
    """The words of the dictionary, and how often each and all before it occur."""
    return tuple(frequencies()), tuple(accumulate(frequencies().values()))


def _drawn(dice: random.Random) -> str:
    """Words drawn as often as they occur."""
    words, counts = _words()
    return "".join(dice.choices(words, cum_weights=counts, k=DRAWN))


def _varied(paragraph: str, dice: random.Random) -> str:
    """A paragraph with other numerals, and drawn words behind its first comma."""
    before, comma, after = NUMERAL.sub(lambda m: m[0][:-1] + str(dice.randrange(1, 10)), paragraph).partition("，")
    return f"{before}，{_drawn(dice)}{comma}{after}"


def measure(home: Path, count: int, *arguments: str) -> str:
    """Run a command of the archive; returns its row of the table."""
    command = [sys.executable, "-m", "archive", "--home", str(home), *arguments]
    begun = perf_counter()
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        watched = Watched(process.pid)
        while process.poll() is None:
            watched.look()
            sleep(SECONDS_BETWEEN_LOOKS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    seconds = perf_counter() - begun
    own = watched.ticks.pop(str(process.pid)) / TICKS
    workers = sum(watched.ticks.values()) / TICKS
    used = f"{own:10.1f}{workers:10.1f}{watched.peak:10.0f}"
    return f"{arguments[0]:10}{count:8,}{seconds:10.1f}{count / seconds:10.0f}{used}"


def run(copies: int, write: Callable[[Path, int], int], commands: Sequence[str]) -> None:
    """Print the table of `commands` on the pages that `write` makes."""
    with tempfile.TemporaryDirectory() as folder:
        pages, home = Path(folder, "pages"), Path(folder, "home")
        pages.mkdir()
        size = write(pages, copies)
        print(f"{copies:,} pages of {size / copies / 1000:.1f} KB on {os.cpu_count()} cores")
        print(f"{'command':10}{'pages':>8}{'seconds':>10}{'a second':>10}{'CPU s':>10}{'workers':>10}{'peak MB':>10}")
        for command in commands:
            print(measure(home, copies, command, *([str(pages)] if command == "ingest" else [])), flush=True)


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    run(copies, write_copies, ("ingest", "ingest", "reparse", "reindex"))
    run(copies, write_long_copies, ("ingest",))
    run(copies, write_site_copies, ("ingest",))


if __name__ == "__main__":
    main()
