"""Captures and what they tell, made by hand, so that the store is tested without the cleaning."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from archive.merge import Outcome, Told, understand
from archive.models import CaptureRef, RawNotice
from archive.numbers import DocumentNumber, parse_number
from archive.store import Store
from archive.writer import Fate, writing

A = parse_number("国税函〔2008〕608号")
B = parse_number("国税发〔2011〕2号")


def ref(source: str, content: str = "", day: int = 1) -> CaptureRef:
    digest = hashlib.sha256((content or source).encode()).hexdigest()
    return CaptureRef(source, datetime(2020, 1, day, tzinfo=UTC), digest, "some.warc.gz", 0)


def told(number: DocumentNumber | None, body: str, title: str = "关于测试的通知", **fields: Any) -> Told:
    topics = fields.pop("topics", ())
    return understand(RawNotice(title, body, number, **fields), given_topics=topics)


def put(store: Store, capture: CaptureRef, *notices: Told, site: str = "site") -> dict[str, Fate]:
    """Archive one capture that tells `notices`; none: it is rejected."""
    return put_all(store, [(capture, notices)], site)


def put_all(store: Store, captures: Sequence[tuple[CaptureRef, Sequence[Told]]], site: str = "site") -> dict[str, Fate]:
    with writing(store) as transaction:
        keys = transaction.add_captures([(capture, site) for capture, _ in captures])
        outcomes = [Outcome(tuple(notices)) if notices else Outcome((), "list", "a list") for _, notices in captures]
        transaction.put_outcomes(list(zip(keys, outcomes, strict=True)))
    return transaction.fates
