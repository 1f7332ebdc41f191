from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.ingest import Workshop, workshop
from archive.settings import Settings


@pytest.fixture
def to(tmp_path: Path) -> Iterator[Workshop]:
    """An empty archive, with one worker in this process."""
    with workshop(Settings(home=tmp_path / "home", workers=1)) as opened:
        yield opened
