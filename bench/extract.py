"""How fast captures become notices, on one core: `python -m bench.extract [FOLDER]` prints a table.

FOLDER holds pages of any kind; without one the golden pages of the tests serve. Each page is also padded to 20 KB with
its own paragraphs, the size of page that the goal of 75 pages a second on a core speaks of.
"""

import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from archive.clean import clean_text
from archive.errors import BadInput
from archive.extract import extract
from archive.models import Capture
from archive.page import read_page

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "extract" / "golden"
SIZE = 20_000
ROUNDS = 3
PARAGRAPH = re.compile(rb"<p>.*?</p>", re.DOTALL)


def padded(content: bytes) -> bytes | None:
    """The page with its longest paragraph repeated until it has 20 KB; None for a page without paragraphs."""
    longest = max(PARAGRAPH.findall(content), key=len, default=b"")
    if len(longest) < 100:
        return None
    missing = max(0, SIZE - len(content))
    return content.replace(longest, longest * (1 + missing // len(longest)), 1)


def measure(name: str, contents: list[bytes]) -> str:
    """One row of the table: processor milliseconds a page for each part of the way, and pages a second of a core."""
    captures = [Capture("page.html", datetime.now(UTC), content) for content in contents]
    seconds = dict.fromkeys(("read", "characters", "all"), 0.0)
    for _ in range(ROUNDS):
        for capture in captures:
            start = time.process_time()
            try:
                page = read_page(capture)
            except BadInput:
                continue
            read = time.process_time()
            extract(page)
            done = time.process_time()
            clean_text(page.text)
            seconds["read"] += read - start
            seconds["all"] += done - start
            seconds["characters"] += time.process_time() - done
    each = {part: 1000 * value / (ROUNDS * len(captures)) for part, value in seconds.items()}
    structure = each["all"] - each["read"] - each["characters"]
    size = sum(map(len, contents)) / len(contents) / 1000
    return (
        f"{name:<8} {len(contents):5} {size:7.1f} {each['read']:8.2f} {each['characters']:11.2f} {structure:10.2f} "
        f"{each['all']:7.2f} {1000 / each['all']:8.0f}"
    )


def main(folder: Path) -> None:
    """Print the table for the pages of a folder."""
    contents = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".html", ".htm", ".txt")]
    measure("warm", contents[:20])
    print("pages    count      KB  read ms  characters  structure  all ms  pages/s")
    print(measure("as is", contents))
    print(measure("padded", [page for content in contents if (page := padded(content))]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
