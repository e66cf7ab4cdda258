"""Lists ordered as files in the database; the files are sealed in the store and live a day."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from eu_enrollment.database import metadata

list_file = Table(
    "list_file",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False),
    Column("account_id", Text, nullable=False),
    Column("principal", JSONB, nullable=False, comment="The position it was ordered in"),
    Column("parameters", JSONB, nullable=False, comment="The order's body"),
    Column("run_id", Uuid, nullable=False, unique=True),
    Column("ordered_at", DateTime(timezone=True), nullable=False),
    Column("name", Text, comment="Of the file, with its ending"),
    Column("rows", Integer),
    CheckConstraint("(name IS NULL) = (rows IS NULL)", name="made"),
    Index("ix_list_file_ordered_at", "ordered_at"),
)
