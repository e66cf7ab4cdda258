"""Stored allocations: what went in, what came out, and why for each application. Never changed."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from eu_enrollment.database import metadata

allocation = Table(
    "allocation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False),
    Column("run_id", Uuid, nullable=False, unique=True),
    Column("rules", Text, nullable=False),
    Column("mechanism", Text, nullable=False),
    Column("policy", Text, nullable=False, comment="Whether places offered to families were allocated anew"),
    Column("seed", Text, nullable=False),
    Column("input_hash", Text, nullable=False),
    Column("result_hash", Text, nullable=False),
    Column("applicants", Integer, nullable=False),
    Column("placed", Integer, nullable=False),
    Column("moved_up", Integer, nullable=False, comment="Of the placed: from a less wanted place they held"),
    Column(
        "blocking", Integer, nullable=False, comment="Families that could have had better: no stable result was found"
    ),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("policy IN ('rerun', 'fill')", name="policy"),
    Index("ix_allocation_page", "campaign_id", "id"),
)

allocation_outcome = Table(
    "allocation_outcome",
    metadata,
    Column("allocation_id", ForeignKey("allocation.id"), primary_key=True),
    Column("application_id", ForeignKey("application.id"), primary_key=True),
    Column("organization_id", Uuid),
    Column("group_id", Uuid),
    Column("rank", SmallInteger, comment="Which choice came true, from 1; null: none"),
    Column("tie", Text, nullable=False, comment="Tie key used: register number or lot"),
    Column("line", Text, nullable=False, comment="Name in the published document"),
    Column(
        "passed_over",
        JSONB,
        nullable=False,
        comment="More wanted organizations: own right there, whether a group fits, the weakest key that got in, by block too",
    ),
    Index("ix_allocation_outcome_application_id", "application_id"),
)

allocation_document = Table(
    "allocation_document",
    metadata,
    Column("allocation_id", ForeignKey("allocation.id"), primary_key=True),
    Column("sha256", Text, nullable=False, comment="Of the text"),
    Column("size", Integer, nullable=False, comment="Of the text, bytes"),
)

allocation_document_part = Table(
    "allocation_document_part",
    metadata,
    Column("allocation_id", ForeignKey("allocation_document.allocation_id"), primary_key=True),
    Column("part", Integer, primary_key=True, comment="From 0"),
    Column("content", LargeBinary, nullable=False, comment="A part of the text compressed by gzip"),
)
