"""The shapes of the API's answers, from which its OpenAPI document is made; `archive.export` fills them."""

from typing import Any

from apiflask import Schema
from marshmallow import fields
from marshmallow.validate import OneOf, Range

from archive.models import Relation, Validity

COUNT = Range(min=0)


def _text(about: str, **given: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": about, **given})


def _day(about: str) -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"description": about, "format": "date"})


class CitationOut(Schema):
    """A notice that the text mentions; `id` is set where the archive holds it."""

    number = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    relation = fields.String(required=True, validate=OneOf(list(Relation)))
    id = fields.String(required=True, allow_none=True)


class CaptureOut(Schema):
    """A page that carried the notice."""

    source = _text("Address or file name of the page.")
    captured_at = _text("When it was captured.", format="date-time")
    sha256 = _text("SHA-256 of the page's bytes.")


class NoticeHead(Schema):
    """A notice without its body."""

    id = _text("Identifier, and last part of the notice's address.")
    number = fields.String(required=True, allow_none=True, metadata={"description": "Document number (发文字号)."})
    office = fields.String(required=True, allow_none=True)
    year = fields.Integer(required=True, allow_none=True)
    serial = fields.Integer(required=True, allow_none=True)
    title = _text("Title.")
    authorities = fields.List(fields.String(), required=True)
    kind = _text("Kind of document; empty where it is not known.")
    issued_on = _day("成文日期")
    published_on = _day("发布日期")
    effective_on = _day("施行日期")
    expires_on = _day("Last day of the term that it sets itself.")
    ceased_on = _day("First day on which it is no longer in force as a whole; null where that is not known.")
    validity = fields.String(required=True, validate=OneOf(list(Validity)))
    topics = fields.List(fields.String(), required=True)
    citations = fields.List(fields.Nested(CitationOut), required=True)
    source = _text("Address or file name of the best capture.")
    captures = fields.List(fields.Nested(CaptureOut), required=True)
    damage = fields.Integer(required=True, validate=COUNT, metadata={"description": "Places in doubt."})


class VersionOut(Schema):
    """An earlier edition of a notice."""

    note = _text("What it says of its last revision; empty: as first issued.")
    revised_on = _day("Day of that revision.")
    title = _text("Title.")
    body = _text("Paragraphs joined by newlines.")
    source = _text("Address or file name of its best capture.")


class ConflictOut(Schema):
    """What some captures say of a field against the value the notice has."""

    field = _text("Name of the field.")
    value = _text("What they say.")
    sources = fields.List(fields.String(), required=True)


class EvidenceOut(Schema):
    """Where a date of a notice was read."""

    field = _text("Name of the field.")
    text = _text("The sentence, the line or the page's own field that gives it.")


class NoticeOut(NoticeHead):
    """A notice."""

    body = _text("Paragraphs joined by newlines.")
    stated = _text("The validity that its pages state, whatever other notices do to it.", enum=list(Validity))
    recipients = _text("主送机关; empty where it names none.")
    contacts = fields.List(fields.String(), required=True, metadata={"description": "联系人、电话"})
    attachments = fields.List(fields.String(), required=True, metadata={"description": "Titles of its attachments."})
    evidence = fields.List(fields.Nested(EvidenceOut), required=True)
    edition = _text("What the text says of its last revision; empty: as first issued.")
    versions = fields.List(fields.Nested(VersionOut), required=True)
    conflicts = fields.List(fields.Nested(ConflictOut), required=True)


class PartOut(Schema):
    """A stretch of text and whether it matched the query."""

    text = fields.String(required=True)
    match = fields.Boolean(required=True)


class HitOut(NoticeHead):
    """A result: a notice without its body, and a snippet of it."""

    snippet = _text("The passage that matches best.")
    score = fields.Float(required=True)
    snippet_parts = fields.List(fields.Nested(PartOut), required=True)
    title_parts = fields.List(fields.Nested(PartOut), required=True)


class FacetOut(Schema):
    """A value and the number of results that have it."""

    value = fields.String(required=True)
    count = fields.Integer(required=True, validate=COUNT)


class ResultsOut(Schema):
    """A page of results. `reading` tells how the query was understood, `warnings` what may be missing.

    `suggestion` is a query that was more likely meant; empty where there is none.
    """

    query = fields.String(required=True)
    in_force_on = _day("Day on which they were in force, where that was asked for.")
    total = fields.Integer(required=True, validate=COUNT)
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    items = fields.List(fields.Nested(HitOut), required=True)
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(FacetOut)), required=True)
    reading = fields.List(fields.String(), required=True)
    suggestion = fields.String(required=True)
    warnings = fields.List(fields.String(), required=True)


class CitedOut(CitationOut):
    """A citation in a text from anywhere: its place, and title and validity of the notice where the archive has it."""

    start = fields.Integer(required=True, validate=COUNT)
    end = fields.Integer(required=True, validate=COUNT)
    validity = fields.String(required=True, allow_none=True, validate=OneOf([*Validity, None]))


class CitedListOut(Schema):
    items = fields.List(fields.Nested(CitedOut), required=True)


class CitingOut(Schema):
    """A notice that cites this one."""

    id = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    issued_on = _day("成文日期")
    relation = fields.String(required=True, validate=OneOf(list(Relation)))


class CitationsOut(Schema):
    """Citations both ways."""

    id = fields.String(required=True)
    cites = fields.List(fields.Nested(CitationOut), required=True)
    cited_by = fields.List(fields.Nested(CitingOut), required=True)


class ChangeOut(Schema):
    """One repair: at offset `at`, in the text as the changes before it left it, `before` became `after`."""

    step = fields.String(required=True)
    at = fields.Integer(required=True, validate=COUNT)
    before = fields.String(required=True)
    after = fields.String(required=True)
    reason = fields.String(required=True)


class ChangesOut(Schema):
    """Replaying `changes` on `captured` gives the notice's body."""

    id = fields.String(required=True)
    source = fields.String(required=True)
    captured = fields.String(required=True)
    changes = fields.List(fields.Nested(ChangeOut), required=True)


class SuggestionOut(Schema):
    """What the search box may offer."""

    text = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "number, title or term"})


class SuggestionsOut(Schema):
    items = fields.List(fields.Nested(SuggestionOut), required=True)


class ResolvedOut(Schema):
    """The notices whose document number is, or contains, what was asked."""

    query = fields.String(required=True)
    ids = fields.List(fields.String(), required=True)


class TopicsOut(Schema):
    items = fields.List(fields.Nested(FacetOut), required=True)


class StatsOut(Schema):
    """How much the archive holds."""

    revision = fields.Integer(required=True)
    notices = fields.Integer(required=True)
    without_number = fields.Integer(required=True)
    damaged = fields.Integer(required=True)
    imported = fields.Integer(required=True)
    captures = fields.Integer(required=True)
    sites = fields.Integer(required=True)
    citations = fields.Integer(required=True)
    resolved = fields.Integer(required=True)
    rejections = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
