"""Commitments and draws. Both are written once and never changed: the database refuses to."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Table, Text

from eu_enrollment.database import metadata

lottery = Table(
    "lottery",
    metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("commitment", Text, nullable=False, comment="SHA-256 of the seed, shown from the first day"),
    Column("sealed", Text, nullable=False, comment="The seed, encrypted"),
    Column("beacon", Text, comment="Which later public draw is mixed in; null: none"),
    Column("committed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("commitment ~ '^[0-9a-f]{64}$'", name="commitment"),
)

lottery_draw = Table(
    "lottery_draw",
    metadata,
    Column("campaign_id", ForeignKey("lottery.campaign_id"), primary_key=True),
    Column("seed", Text, nullable=False, comment="What was committed to"),
    Column("outcome", Text, comment="What the public draw came to; null: none is mixed in"),
    Column("drawn_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("seed ~ '^[0-9a-f]{64}$'", name="seed"),
)
