"""Tables of additional forms and answers."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata

additional_form = Table(
    "additional_form",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid),
    Column("municipality", Text),
    Column("title", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("respondents", ARRAY(Text), nullable=False),
    Column("deadline", Date),
    Column("version", Integer, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("published_at", DateTime(timezone=True)),
    CheckConstraint("organization_id IS NULL OR municipality IS NOT NULL", name="unit"),
    CheckConstraint("(organization_id IS NULL) = (cardinality(respondents) > 0)", name="respondents"),
    Index("ix_additional_form_unit", "municipality", "organization_id"),
    comment="Forms that an organization, a municipality or the region asks by itself; frozen once published, by a trigger",
)
additional_answer = Table(
    "additional_answer",
    metadata,
    Column("form_id", ForeignKey("additional_form.id"), nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", Text, nullable=False),
    PrimaryKeyConstraint("form_id", "organization_id"),
    comment="What an organization filled in last, sent or not: values by row and column",
)
additional_answer_sent = Table(
    "additional_answer_sent",
    metadata,
    Column("form_id", Uuid, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("sent_by", Text, nullable=False),
    PrimaryKeyConstraint("form_id", "organization_id", "version"),
    ForeignKeyConstraint(
        ["form_id", "organization_id"], ["additional_answer.form_id", "additional_answer.organization_id"]
    ),
    comment="Immutable: answers as they were sent; the newest stands until another is sent",
)
