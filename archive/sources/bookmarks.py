"""How far large files have been read, so that an ingest that was interrupted goes on there.

Reading runs ahead of archiving, so a bookmark is saved once every page before it has been reported on, and it is
believed only while the archive has the last of these pages.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from archive.models import Capture
from archive.sources.finds import Unread
from archive.sources.streams import Place

Identity = tuple[str, str]  # SHA-256 and source of a page


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Where to go on in `file` once `handed` pages are in the archive, `last` being the last of them; None: nowhere,
    the file was read to its end."""

    file: str
    handed: int
    last: Identity
    place: Place | None


class Bookmarks:
    """The bookmarks in the file at `path`, saved every so many seconds; `holds` says whether the archive has a page.

    Without `path` there are none.
    """

    def __init__(self, path: Path | None, holds: Callable[[Identity], bool], every: float = 1.0) -> None:
        self._path, self._holds, self._every = path, holds, every
        self._saved = self._load()
        self._saved_at = 0.0
        self._handed = self._kept = 0
        self.start: Place | None = None  # where to go on in the file that is read now; None: at its beginning
        self._file = ""
        self._last: Identity | None = None  # of the pages of this file
        self._waiting: deque[_Waiting] = deque()
        self._reached: dict[str, _Waiting] = {}  # since the last time this was saved

    def open(self, path: Path) -> None:
        """The file at `path` is read now; a bookmark in it counts as long as the file was not changed."""
        about = path.stat()
        self._file, self._last = f"{path.absolute()} {about.st_size} {about.st_mtime_ns}", None
        self.start = None
        with suppress(KeyError, TypeError, ValueError):
            saved = self._saved[self._file]
            place, last = Place(int(saved["member"]), int(saved["inner"])), (saved["sha256"], saved["source"])
            if self._holds(last):
                self.start, self._last = place, last

    def counting(self, pages: Iterable[Capture | Unread]) -> Iterator[Capture | Unread]:
        """`pages`, each counted as it is handed out."""
        for page in pages:
            self._handed += 1
            if isinstance(page, Capture):
                self._last = page.sha256, page.source
            yield page

    def put(self, place: Place | None) -> None:
        """All before `place` of the file that is read now was handed out; None: all of it."""
        if self._last is None:
            return
        last = self._waiting[-1] if self._waiting else None
        if last and (last.handed, last.file) == (self._handed, self._file):
            self._waiting.pop()
        self._waiting.append(_Waiting(self._file, self._handed, self._last, place))

    def keep(self) -> None:
        """The oldest of the pages handed out was archived, or rejected for good."""
        self._kept += 1
        while self._waiting and self._waiting[0].handed <= self._kept:
            one = self._waiting.popleft()
            self._reached[one.file] = one
        if monotonic() - self._saved_at >= self._every:
            self.save()

    def save(self) -> None:
        """Write down what was reached since the last time."""
        if not self._path or not self._reached:
            return
        self._saved = self._load()  # another process may have saved its own
        for file, one in self._reached.items():
            self._saved.pop(file, None)
            if one.place:
                digest, source = one.last
                self._saved[file] = asdict(one.place) | {"sha256": digest, "source": source}
        self._reached, self._saved_at = {}, monotonic()
        draft = self._path.with_suffix(".new")
        with suppress(OSError):  # a full disk: the archive itself will say so
            draft.write_text(json.dumps(self._saved, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(self._path)

    def _load(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._path.read_text(encoding="utf-8"))) if self._path else {}
        except (OSError, ValueError, TypeError):
            return {}  # none yet, or torn by a power cut


def no_bookmarks() -> Bookmarks:
    """Every file is read from its beginning."""
    return Bookmarks(None, lambda _: False)
