"""Where pages were found, as far as a client may know it."""

from dataclasses import replace

from archive.models import Notice, Results


def public(source: str) -> str:
    """An address as it is, of a file only its name: in which folder of the server it lies is nobody's business."""
    if source.lower().startswith(("http://", "https://")):
        return source
    return source.replace("\\", "/").rpartition("/")[2]


def with_public_sources(notice: Notice) -> Notice:
    """`notice` with every source as `public` has it."""
    return replace(
        notice,
        source=public(notice.source),
        captures=tuple(replace(one, source=public(one.source)) for one in notice.captures),
        versions=tuple(replace(one, source=public(one.source)) for one in notice.versions),
        conflicts=tuple(replace(one, sources=tuple(map(public, one.sources))) for one in notice.conflicts),
    )


def with_public_hits(results: Results) -> Results:
    """`results` with every source of their notices as `public` has it."""
    hits = (replace(hit, notice=with_public_sources(hit.notice)) for hit in results.hits)
    return replace(results, hits=tuple(hits))
