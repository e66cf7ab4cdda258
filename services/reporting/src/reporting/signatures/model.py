"""Table of outside signatures."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata

report_signature = Table(
    "report_signature",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("attached_at", DateTime(timezone=True), nullable=False),
    Column("attached_by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("signers", JSONB, nullable=False),
    UniqueConstraint("report_id", "sha256"),
    CheckConstraint("jsonb_array_length(signers) > 0", name="signers"),
    ForeignKeyConstraint(["report_id"], ["report.id"]),
    comment="Immutable: detached signatures under the canonical bytes of reports; content is encrypted, as it names officials",
)
