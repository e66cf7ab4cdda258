"""Actions over many applications in the database: what was shown, of which versions, what became of each."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from eu_enrollment.database import metadata

bulk_action = Table(
    "bulk_action",
    metadata,
    Column("id", Uuid, primary_key=True, comment="The token of what was shown"),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False),
    Column("action", Text, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("principal", JSONB, nullable=False, comment="The position it is carried out in"),
    Column("shown_at", DateTime(timezone=True), nullable=False),
    Column("run_id", Uuid, unique=True, comment="Set once it is carried out"),
    Index("ix_bulk_action_page", "account_id", "id"),
)

bulk_item = Table(
    "bulk_item",
    metadata,
    Column("bulk_id", ForeignKey("bulk_action.id"), primary_key=True),
    Column("application_id", ForeignKey("application.id"), primary_key=True),
    Column("number", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="Of the application as shown"),
    Column("allowed", Boolean, nullable=False),
    Column("done", Boolean, comment="Null until its turn comes"),
    Column("code", Text, comment="Why it is refused"),
    Column("title", Text, comment="The same in words"),
    CheckConstraint("allowed OR done IS NULL", name="allowed"),
    CheckConstraint("(code IS NULL) = (title IS NULL)", name="refusal"),
)
