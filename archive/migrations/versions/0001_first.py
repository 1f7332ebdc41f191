"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("captured_at", sa.DateTime(), nullable=False),
        sa.Column("warc", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("rejection", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.UniqueConstraint("sha256", "source", name="uq_captures_sha256_source"),
    )
    op.create_index("ix_captures_site", "captures", ["site", "sha256"])
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("authorities", sa.JSON(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("ceased_on", sa.Date(), nullable=True),
        sa.Column("validity", sa.String(length=32), nullable=False),
        sa.Column("stated", sa.String(length=32), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("damage", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("captures", sa.JSON(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("versions", sa.LargeBinary(), nullable=False),
        sa.Column("filled", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_day", "notices", ["day"])
    op.create_index("ix_notices_damage", "notices", ["damage"])
    op.create_index("ix_notices_office", "notices", ["office", "year", "serial"])
    op.create_index("ix_notices_number", "notices", ["serial", "year", "office"])
    op.create_index("ix_notices_revision", "notices", ["revision"])
    op.create_index("ix_notices_title_key", "notices", ["title_key", "id"])
    op.create_table(
        "site_lines",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site", "line", name="pk_site_lines"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tombstones",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_revision", "tombstones", ["revision"])
    op.create_table(
        "citations",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_citations_notice_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("notice_id", "ordinal", name="pk_citations"),
    )
    op.create_index("ix_citations_slug", "citations", ["slug"])
    op.create_index("ix_citations_target", "citations", ["target", "relation", "notice_id"])
    op.create_index("ix_citations_title_key", "citations", ["title_key"])
    op.create_table(
        "topics",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_topics_notice_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("notice_id", "topic", name="pk_topics"),
    )
    op.create_index("ix_topics_topic", "topics", ["topic", "day", "notice_id"])
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("numbered", sa.Boolean(), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("changes", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name="fk_readings_capture_id"),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
    )
    op.create_index("ix_readings_capture_id", "readings", ["capture_id"])
    op.create_index("ix_readings_notice_id", "readings", ["notice_id"])
    op.create_index("ix_readings_own", "readings", ["own"])
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("numbered", sa.Boolean(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name="fk_bands_reading_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("band", "numbered", "reading_id", name="pk_bands"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bands_reading_id", "bands", ["reading_id"])
    op.create_table(
        "copies",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["readings.id"], name="fk_copies_other_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name="fk_copies_reading_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reading_id", "other_id", name="pk_copies"),
    )
    op.create_index("ix_copies_other_id", "copies", ["other_id"])
    op.execute("INSERT INTO meta (name, value) VALUES ('revision', 0)")
