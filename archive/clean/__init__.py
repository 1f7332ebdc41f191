"""The text of a page, repaired character by character; `STEPS` alone decides the order."""

from archive.clean.changes import Repaired
from archive.clean.gbk import undo_gbk_shift
from archive.clean.invisible import remove_invisible
from archive.clean.pinyin import remove_pinyin_notes
from archive.clean.simplify import to_simplified
from archive.models import Change

STEPS = (remove_invisible, undo_gbk_shift, remove_pinyin_notes, to_simplified)


def clean_text(text: str) -> Repaired:
    """The text with its characters repaired and each repair on record; lines are neither added nor removed."""
    changes: list[Change] = []
    for step in STEPS:
        repaired = step(text)
        text = repaired.text
        changes += repaired.changes
    return Repaired(text, tuple(changes))
