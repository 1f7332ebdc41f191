"""No English page falls back to Chinese because a message was forgotten."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from archive.clean import gbk, misread, mojibake
from archive.clean.changes import LIKELIEST
from archive.clean.damage import SIGNS
from archive.extract.span import REASONS as REMOVALS
from web import labels

WEB = Path(__file__).resolve().parents[2] / "web"
CATALOGUE = WEB / "translations/en/LC_MESSAGES/messages.po"


def test_the_english_catalogue_is_complete_and_compiled() -> None:
    with (WEB / "translations/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "_l": None, "gettext": None}
    sentences = extract_from_dir(WEB.parent / "archive/search", methods, options, {"Remark": None})
    used = {message for _, _, message, _, _ in sentences} | {
        message for _, _, message, _, _ in extract_from_dir(WEB, methods, options, keywords)
    }
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    translated = {message.id for message in catalogue if message.id and message.string}
    assert used == translated
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    assert compiled == {message.id: message.string for message in catalogue if message.id}


def test_every_reading_of_bytes_is_told_in_the_readers_language() -> None:
    reasons = {mojibake.REASON, gbk.REASON, *(f"{encoding} read as Windows-1252" for encoding in misread.ENCODINGS)}
    assert reasons | {reason + LIKELIEST for reason in reasons} <= labels.REASONS.keys()


def test_every_damage_and_removal_is_told_in_the_readers_language() -> None:
    told = {reason for reason, _ in SIGNS} | {reason for _, reason in REMOVALS.values()}
    assert told <= labels.REASONS.keys()
