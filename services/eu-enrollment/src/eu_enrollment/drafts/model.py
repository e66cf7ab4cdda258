"""Drafts in the database. A draft and the application it becomes have one id."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from eu_enrollment.database import metadata

draft = Table(
    "draft",
    metadata,
    Column("id", Uuid, primary_key=True, comment="Of the application too, once it is sent"),
    Column("client", Text, nullable=False, comment="Account or machine client that keeps it"),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False),
    Column(
        "closes_at", DateTime(timezone=True), nullable=False, comment="Of the campaign; some time later it is forgotten"
    ),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False, comment="As it was sent in, encrypted"),
    Column("remarks", JSONB, nullable=False, comment="What is wrong with it: pointers, codes, titles; no values"),
    Column(
        "prepared", JSONB(none_as_null=True), comment="What is entered in the register; null while there are remarks"
    ),
    Column("judged_on", Date, nullable=False, comment="The day it was judged for; later days judge anew"),
    Column("application_id", Uuid, comment="Another application of the same child and content that stands for it"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("(prepared IS NULL) = (remarks <> '[]'::jsonb)", name="ready"),
    Index("ix_draft_client", "client", "id"),
    Index("ix_draft_closes_at", "closes_at"),
)
