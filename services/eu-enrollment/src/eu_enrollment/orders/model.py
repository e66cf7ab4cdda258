"""Admission orders in the database."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from eu_enrollment.database import metadata

admission_order = Table(
    "admission_order",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("date", Date, nullable=False),
    Column("effective_date", Date, nullable=False),
    Column("applications", Integer, nullable=False, comment="How many it admits"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    CheckConstraint("applications > 0", name="not_empty"),
    UniqueConstraint("organization_id", "number", "date"),
    Index("ix_admission_order_page", "campaign_id", "id"),
)

order_annulment = Table(
    "order_annulment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", ForeignKey("admission_order.id"), nullable=False, unique=True),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("account_id", Text, nullable=False),
)
