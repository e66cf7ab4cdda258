"""Stays in the queue that are over: who stood before an organization with what right, since when, until when, and why.

The database keeps them itself whenever an application or its choices change (``migrations/tables``). Stays that last are the choices
of waiting applications: the view ``queue_standing``.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
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

queue_stay = Table(
    "queue_stay",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("campaign_id", Uuid, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("application_id", ForeignKey("application.id"), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("queue_seq", BigInteger, nullable=False),
    Column("age", SmallInteger, nullable=False),
    Column("grade", SmallInteger),
    Column("desired_from", Date, nullable=False),
    Column("kinds", JSONB(none_as_null=True)),
    Column("entered_at", DateTime(timezone=True), nullable=False),
    Column("entered_by", Text, nullable=False, comment="Step of the application that began the stay"),
    Column("left_at", DateTime(timezone=True), nullable=False),
    Column("left_by", Text, nullable=False, comment="Step that ended it"),
    CheckConstraint("left_at > entered_at", name="lasted"),
    Index("ix_queue_stay_organization_id", "campaign_id", "organization_id", "left_at"),
    Index("ix_queue_stay_application_id", "application_id", "organization_id"),
)

queue_look_up = Table(
    "queue_look_up",
    metadata,
    Column("key", LargeBinary, primary_key=True, comment="Keyed hash of the number asked for"),
    Column("full_until", DateTime(timezone=True), nullable=False),
    Index("ix_queue_look_up_full_until", "full_until"),
    comment="Wrong codes of look-ups by number, as leaky buckets",
)

queue_forecast = Table(
    "queue_forecast",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("months", SmallInteger, nullable=False),
    Column("rounds", SmallInteger, nullable=False),
    Column("inflow", Double, nullable=False),
    Column("leaving", Double, nullable=False),
    Column("declining", Double, nullable=False),
)

queue_forecast_line = Table(
    "queue_forecast_line",
    metadata,
    Column("application_id", ForeignKey("application.id"), primary_key=True),
    Column("organization_id", Uuid, primary_key=True),
    Column("forecast_id", ForeignKey("queue_forecast.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column(
        "counts",
        ARRAY(SmallInteger),
        nullable=False,
        comment="By month: in how many of the rounds the place had come true by its end",
    ),
)
