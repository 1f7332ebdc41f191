"""The tables of the store, in SQLAlchemy Core and portable SQL; `archive.rows` says what stands in them."""

import json
from datetime import UTC, datetime
from typing import Any

from isal import isal_zlib
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

# The newest migration in archive/migrations/versions; a test holds the two together.
REVISION = "0001"


class Utc(TypeDecorator[datetime]):
    """A moment in UTC: SQLite keeps no time zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and value.replace(tzinfo=UTC)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
EMPTY = isal_zlib.compress(b"[]")
LEVEL = 3  # isal's highest: a fifth of the time that zlib takes, and a tenth more space


def packed(value: Any) -> bytes:
    """`value` as columns of the kind `Packed` keep it; a worker does this for the process that writes."""
    return isal_zlib.compress(_encode(value).encode(), LEVEL) if value else EMPTY


class Packed(TypeDecorator[Any]):
    """Compressed JSON, given as such or `packed` already.

    The changes of one page repeat few reasons hundreds of times: a tenth of the size remains.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes:  # noqa: ARG002
        return value if isinstance(value, bytes) else packed(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(isal_zlib.decompress(value))


Record = Row[*tuple[Any, ...]]  # a row of any columns

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta", metadata, Column("name", String(32), primary_key=True), Column("value", BigInteger, nullable=False)
)

captures = Table(
    "captures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("captured_at", Utc, nullable=False),
    Column("warc", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("site", Text, nullable=False),
    # Empty for a capture that notices were read from, else the code of its rejection.
    Column("rejection", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("sha256", "source"),
    Index("ix_captures_site", "site", "sha256"),  # from which the pages of a site are counted
)

# What one capture, or one line of an imported file, says a notice is. Imported readings have no capture; `origin`
# keeps what their file said about source, captures and topics. `own` is the id that follows from the reading alone,
# `notice_id` that of the notice it belongs to: another one where it is a copy that bears no number.
readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("capture_id", Integer, ForeignKey("captures.id"), index=True),
    Column("ordinal", Integer, nullable=False),
    Column("own", Text, nullable=False, index=True),
    Column("numbered", Boolean, nullable=False),
    Column("notice_id", Text, nullable=False, index=True),
    Column("raw", Packed, nullable=False),
    Column("changes", Packed, nullable=False),
    Column("origin", JSON(none_as_null=True)),
)

# Keys of which readings of nearly the same text share some (archive.copies), and the pairs found to be copies.
# Where rows are short and many SQLite keeps them in their primary key, and not a second time by a number of the row.
bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("numbered", Boolean, primary_key=True),
    Column("reading_id", Integer, ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
copies = Table(
    "copies",
    metadata,
    Column("reading_id", Integer, ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", Integer, ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True, index=True),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("authorities", JSON, nullable=False),
    Column("kind", Text, nullable=False),
    Column("issued_on", Date),
    Column("published_on", Date),
    Column("day", Date, index=True),  # the first of the two that is known: what the newest are told by
    Column("effective_on", Date),
    Column("expires_on", Date),
    Column("ceased_on", Date),
    # What follows from the page's own statement (`stated`) and the notices that repeal this one.
    Column("validity", String(32), nullable=False),
    Column("stated", String(32), nullable=False),
    Column("topics", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("damage", Integer, nullable=False, index=True),
    Column("edition", Text, nullable=False),
    Column("reading_id", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False, index=True),
    # What can be long stands last: a database reads a row only as far as it must.
    Column("recipients", Text, nullable=False),
    Column("contacts", JSON, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("captures", JSON, nullable=False),
    Column("conflicts", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("versions", Packed, nullable=False),
    Column("filled", Packed, nullable=False),  # changes made to that reading's body from other copies
    Index("ix_notices_number", "serial", "year", "office"),
    Index("ix_notices_office", "office", "year", "serial"),
    Index("ix_notices_title_key", "title_key", "id"),
)

# The topics of each notice once more, to be counted and listed by: `day` is that of its notice.
topics = Table(
    "topics",
    metadata,
    Column("notice_id", Text, ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("day", Date),
    Index("ix_topics_topic", "topic", "day", "notice_id"),
)

# `slug` is that of the cited number; `target` is the notice it was resolved to. Of repeals alone are told `place`, in
# words, where in the citing notice it stands, and `since`, the day its sentence names.
citations = Table(
    "citations",
    metadata,
    Column("notice_id", Text, ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("relation", String(32), nullable=False),
    Column("place", Text, nullable=False),
    Column("since", Date),
    Column("office", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("slug", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False, index=True),
    Column("target", Text),
    Index("ix_citations_target", "target", "relation", "notice_id"),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False, index=True),
)

# On how many pages of a site a line stands; lines are kept as 64-bit hashes.
site_lines = Table(
    "site_lines",
    metadata,
    Column("site", Text, primary_key=True),
    Column("line", BigInteger, primary_key=True, autoincrement=False),
    Column("pages", Integer, nullable=False),
    sqlite_with_rowid=False,
)
