"""Document numbers (发文字号): parse, format, compare and find in text."""

from archive.numbers.find import FoundNumber, find_numbers
from archive.numbers.parse import parse_number, parse_partial
from archive.numbers.value import DocumentNumber, PartialNumber

__all__ = ["DocumentNumber", "FoundNumber", "PartialNumber", "find_numbers", "parse_number", "parse_partial"]
