"""Our segments as Whoosh sees them: a codec, so that its index, readers, searchers and scoring models work on them.

Whoosh keeps what it is good at: the list of segments and its commits, the write lock, statistics over all segments,
BM25F. Its own codec costs a Python call a posting, ours gives whole arrays (see archive.search.scoring); for Whoosh's
own matchers they become lists, which the tests use to hold our results against Whoosh's.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh.codec.base import Codec, PerDocumentReader, TermsReader
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.matching import ListMatcher
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader, TermInfo

from archive.search.postings import Postings
from archive.search.segment import Segment

EXTENSION = ".arrays"
SCHEMA = Schema(id=ID(stored=True), words=TEXT(phrase=False), grams=TEXT(phrase=False))
FIELDS = ("words", "grams")


class ArraySegment(WhooshSegment):  # type: ignore[misc]
    """What the table of contents says of a segment: its name, size and deleted documents."""

    def __init__(self, indexname: str, count: int, deleted: set[int] | None = None, segid: str = "") -> None:
        super().__init__(indexname)
        self.segid: str = segid or self._random_id()
        self.count = count
        self.deleted = deleted or set()

    def path(self, storage: FileStorage) -> Path:
        return Path(storage.folder, self.make_filename(EXTENSION))

    def doc_count_all(self) -> int:
        return self.count

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(sorted(self.deleted))

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        (self.deleted.add if delete else self.deleted.discard)(docnum)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.deleted


class ArrayCodec(Codec):  # type: ignore[misc]
    """Reads one opened segment; segments are written whole by archive.search.index."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def terms_reader(self, storage: FileStorage, facts: ArraySegment) -> "ArrayTerms":  # noqa: ARG002  # Whoosh's
        return ArrayTerms(self.segment)

    def per_document_reader(self, storage: FileStorage, facts: ArraySegment) -> "ArrayDocuments":  # noqa: ARG002
        return ArrayDocuments(self.segment, facts)


def reader_of(storage: FileStorage, segments: Sequence[tuple[ArraySegment, Segment]]) -> IndexReader:
    """Whoosh's reader over opened segments."""
    readers = [SegmentReader(storage, SCHEMA, facts, codec=ArrayCodec(segment)) for facts, segment in segments]
    if not readers:
        return EmptyReader(SCHEMA)
    return readers[0] if len(readers) == 1 else MultiReader(readers)


class ArrayTerms(TermsReader):  # type: ignore[misc]
    """The terms and postings of one segment; `segment` is where the arrays themselves are."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._place(*term) is not None

    def indexed_field_names(self) -> tuple[str, ...]:
        return FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        grams = self.segment.gram_terms["grams"]
        for key in grams.between(0, len(grams)).tolist():
            yield "grams", _gram_bytes(key)
        for term in self.segment.word_terms:
            yield "words", term

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        place = self._found(fieldname, text)
        postings = self._postings(fieldname)
        docs, weights = postings.having(place).docs, postings.counts(place)
        lengths = self.segment.arrays[f"{fieldname}.lengths"][docs]
        return TermInfo(
            weight=float(weights.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return self._postings(fieldname).size(self._found(fieldname, text))

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        place = self._found(fieldname, text)
        postings = self._postings(fieldname)
        return ListMatcher(
            postings.having(place).docs.tolist(),
            postings.counts(place).tolist(),
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def _postings(self, fieldname: str) -> Postings:
        return self.segment.words if fieldname == "words" else self.segment.grams[fieldname]

    def _place(self, fieldname: str, text: bytes) -> int | None:
        term = text.decode("utf-8", "surrogatepass")
        if fieldname == "words":
            return self.segment.word(term)
        units = term.encode("utf-16-be", "surrogatepass")
        return self.segment.gram(fieldname, int.from_bytes(units)) if len(units) == 4 else None

    def _found(self, fieldname: str, text: bytes) -> int:
        place = self._place(fieldname, text)
        if place is None:
            raise KeyError((fieldname, text))
        return place


class ArrayDocuments(PerDocumentReader):  # type: ignore[misc]
    """The documents of one segment: how many, which are deleted, how long their fields are."""

    def __init__(self, segment: Segment, facts: ArraySegment) -> None:
        self.segment = segment
        self.facts = facts

    def doc_count(self) -> int:
        return int(self.facts.doc_count())

    def doc_count_all(self) -> int:
        return self.facts.count

    def has_deletions(self) -> bool:
        return bool(self.facts.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.facts.deleted

    def deleted_docs(self) -> Iterator[int]:
        return self.facts.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:  # noqa: ARG002  # Whoosh's
        return int(self.segment.arrays[f"{fieldname}.lengths"][docnum])

    def field_length(self, fieldname: str) -> int:
        return int(self.segment.arrays[f"{fieldname}.lengths"].sum())

    def min_field_length(self, fieldname: str) -> int:
        return int(self.segment.arrays[f"{fieldname}.lengths"].min())

    def max_field_length(self, fieldname: str) -> int:
        return int(self.segment.arrays[f"{fieldname}.lengths"].max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {"id": self.segment.id(docnum)}


def _gram_bytes(key: int) -> bytes:
    return key.to_bytes(4).decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
