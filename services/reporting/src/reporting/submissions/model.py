"""Tables of forms handed in."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata

submission = Table(
    "submission",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("form", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("organization_id", Uuid),
    Column("municipality", Text),
    Column("state", Text, nullable=False),
    Column("report_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("form", "as_of", "municipality", "organization_id", postgresql_nulls_not_distinct=True),
    ForeignKeyConstraint(["report_id"], ["report.id"]),
    Index("ix_submission_report_id", "report_id"),
    CheckConstraint("state IN ('draft', 'checked', 'approved', 'taken', 'returned')", name="state"),
    CheckConstraint("organization_id IS NULL OR municipality IS NOT NULL", name="unit"),
    comment="Where a unit is with handing a form in: one a form, day and unit",
)

submission_step = Table(
    "submission_step",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("submission_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("report_id", Uuid, nullable=False),
    Column("remark", Text),
    Column("explanations", JSONB, nullable=False),
    ForeignKeyConstraint(["submission_id"], ["submission.id"]),
    ForeignKeyConstraint(["report_id"], ["report.id"]),
    Index("ix_submission_step_submission_id", "submission_id"),
    comment="Immutable: who did what with a form that is handed in",
)
