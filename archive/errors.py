"""Every error a user can meet: what went wrong, and what to do about it."""

from typing import ClassVar


class ArchiveError(Exception):
    """An error with a remedy.

    The command line prints both lines and exits with 1; the JSON API makes `message` its `title`,
    `remedy` its `detail`, and answers with `status`.
    """

    status: ClassVar[int] = 500

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}"

    def __reduce__(self) -> tuple[type["ArchiveError"], tuple[str, str]]:
        # Exceptions are pickled by their args, and ours has one fewer than its constructor takes.
        return type(self), (self.message, self.remedy)


class NotFound(ArchiveError):
    """What was asked for is not in the archive."""

    status = 404


class BadInput(ArchiveError):
    """What was given cannot be read: a date, a number, a query, a file."""

    status = 400


class InvalidNumber(BadInput):
    """A text that is not a document number, with the reason."""


class IndexUnavailable(ArchiveError):
    """The search index is missing, broken, of another version or behind the store."""

    status = 503


class StoreUnavailable(ArchiveError):
    """The store cannot be opened or written: read-only, locked, full, or not a store."""

    status = 503


class LexiconError(ArchiveError):
    """A file in data/lexicon has a mistake; the message names file and line."""
