"""What portals read, counted until it is on record."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Integer, Table, Text, Uuid

from eu_enrollment.database import metadata

portal_reading = Table(
    "portal_reading",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("steps", Integer, nullable=False),
    Column("read_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("steps > 0", name="steps"),
    comment="Steps of applications a portal has read on a day: a row each time, summed up each hour until on record as an outward exchange",
)
