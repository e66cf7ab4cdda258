"""What portals read, counted until it is on record."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Integer, Table, Text

from eu_enrollment.database import metadata

portal_reading = Table(
    "portal_reading",
    metadata,
    Column("client", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("steps", Integer, nullable=False),
    Column("read_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("steps > 0", name="steps"),
    comment="How many steps of applications a portal has read on a day, until they are on record as an outward exchange",
)
