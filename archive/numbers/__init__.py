"""Document numbers (发文字号): parse, format, compare and find in text."""

from archive.numbers.context import find_references
from archive.numbers.find import FoundNumber, find_numbers
from archive.numbers.parse import near_misses, parse_number, parse_partial
from archive.numbers.value import DocumentNumber, PartialNumber

__all__ = [
    "DocumentNumber",
    "FoundNumber",
    "PartialNumber",
    "find_numbers",
    "find_references",
    "near_misses",
    "parse_number",
    "parse_partial",
]
