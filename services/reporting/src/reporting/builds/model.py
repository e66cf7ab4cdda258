"""Table of built forms."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata

report = Table(
    "report",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("form", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("definition_digest", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("organization_id", Uuid),
    Column("municipality", Text),
    Column("unit_name", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("known_at", DateTime(timezone=True)),
    Column("log_position", BigInteger, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("controls", JSONB, nullable=False),
    Column("counted_as", Uuid, nullable=False),
    Column("corrects", Uuid),
    Column("corrections", JSONB, nullable=False),
    Column("parts", ARRAY(Uuid)),
    Column("previous_id", Uuid),
    Column("built_at", DateTime(timezone=True), nullable=False),
    Column("built_by", Text, nullable=False),
    CheckConstraint("log_position >= 0", name="log_position"),
    CheckConstraint("organization_id IS NULL OR municipality IS NOT NULL", name="unit"),
    UniqueConstraint("corrects"),
    ForeignKeyConstraint(["corrects"], ["report.id"]),
    ForeignKeyConstraint(["counted_as"], ["report.id"]),
    ForeignKeyConstraint(["previous_id"], ["report.id"]),
    Index("ix_report_unit", "form", "municipality", "organization_id", "as_of"),
    comment="Immutable: what was counted, by which definition, from the log up to which position; a correction is a report of its own",
)

report_fact = Table(
    "report_fact",
    metadata,
    Column("report_id", Uuid, nullable=False),
    Column("dataset", Text, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("statistical_id", Uuid),
    Column("group_id", Uuid),
    Column("set_id", Uuid),
    Column("fields", JSONB, nullable=False),
    PrimaryKeyConstraint("report_id", "dataset", "id"),
    ForeignKeyConstraint(["report_id"], ["report.id"]),
    comment="Immutable: what a report of an organization was counted over, so that each cell opens to exactly its members",
)
"""``id`` is a placement, a post, a group or a month of it, by the dataset; ``fields`` those the form counts it by; ``set_id`` is made of
the name of a set of classes, where the form counts these."""
