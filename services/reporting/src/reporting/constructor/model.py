"""Tables of saved and published reports."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata

saved_report = Table(
    "saved_report",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("organization_id", Uuid),
    Column("municipality", Text),
    Column("founder_id", Uuid),
    Column("version", Integer, nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
    CheckConstraint("unit_kind IN ('region', 'department', 'municipality', 'organization')", name="unit_kind"),
    Index("ix_saved_report_account_id_id", "account_id", "id"),
    comment="Reports that accounts put together, each in its unit; what stands is in the version",
)

saved_report_version = Table(
    "saved_report_version",
    metadata,
    Column("saved_report_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("query", JSONB, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("saved_report_id", "version"),
    ForeignKeyConstraint(["saved_report_id"], ["saved_report.id"]),
    comment="Immutable: what a saved report asked for, version by version",
)

published_report = Table(
    "published_report",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("saved_report_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("answer", JSONB, nullable=False),
    ForeignKeyConstraint(
        ["saved_report_id", "version"], ["saved_report_version.saved_report_id", "saved_report_version.version"]
    ),
    Index(
        "uq_published_report_saved_report_id",
        "saved_report_id",
        unique=True,
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
    comment="What everybody may read: an answer as it was, small counts hidden, until it is withdrawn",
)
