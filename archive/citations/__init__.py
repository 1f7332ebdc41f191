"""Citations: the documents that a text mentions, and what it does to each."""

from archive.citations.mentions import find_mentions
from archive.citations.relations import read_relations
from archive.models import Citation
from archive.numbers import DocumentNumber

__all__ = ["cited_in", "find_citations"]


def find_citations(body: str, own: DocumentNumber | None = None) -> tuple[Citation, ...]:
    """Every mention of another notice in `body`, in order, with its span and relation; none of them resolved to an id.

    The span is that of the number, or of 《title》 where no number stands beside it. Mentions of `own`, the number of
    the notice itself, are left out.
    """
    return tuple(
        Citation(mention.start, mention.end, relation, mention.number, mention.title)
        for mention, relation in read_relations(body, find_mentions(body))
        if own is None or mention.number != own
    )


def cited_in(text: str) -> tuple[Citation, ...]:
    """Every citation in a text from anywhere: pasted, typed, with Windows line ends."""
    return find_citations(text)
