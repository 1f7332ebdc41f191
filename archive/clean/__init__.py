"""The text of a page, repaired character by character; `STEPS` alone decides the order."""

from archive.clean.changes import Repaired
from archive.clean.escapes import read_escapes, remove_codes
from archive.clean.gbk import undo_gbk_shift
from archive.clean.invisible import remove_invisible
from archive.clean.lookalikes import latin_letters, replace_lookalikes, restore_digits, unify_codes
from archive.clean.misread import undo_misreading
from archive.clean.mojibake import undo_mojibake
from archive.clean.pinyin import remove_pinyin_notes
from archive.clean.punctuation import normalise_width, restore_punctuation, restore_quotes
from archive.clean.simplify import to_simplified
from archive.clean.spacing import close_spaced
from archive.clean.tones import restore_tones
from archive.models import Change

STEPS = (
    read_escapes,
    remove_codes,
    restore_tones,
    undo_misreading,
    undo_mojibake,
    remove_invisible,
    close_spaced,
    undo_gbk_shift,
    remove_pinyin_notes,
    unify_codes,
    replace_lookalikes,
    latin_letters,
    to_simplified,
    normalise_width,
    restore_digits,
    restore_punctuation,
    restore_quotes,
)


def clean_text(text: str) -> Repaired:
    """The text with its characters repaired and each repair on record; lines are neither added nor removed."""
    changes: list[Change] = []
    for step in STEPS:
        repaired = step(text)
        text = repaired.text
        changes += repaired.changes
    return Repaired(text, tuple(changes))
