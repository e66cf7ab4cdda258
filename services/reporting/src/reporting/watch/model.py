"""What was measured last."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Double, Table, Text

from reporting.metadata import metadata

ingest_state = Table(
    "ingest_state",
    metadata,
    Column("type", Text, primary_key=True),
    Column("events", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("last_occurred_at", DateTime(timezone=True), nullable=False),
    Column("last_received_at", DateTime(timezone=True), nullable=False),
    Column("lag_seconds", Double, nullable=False),
    CheckConstraint("events > 0", name="events"),
    comment="The log by event type up to the position it was measured to; the lag is of the events that came last",
)
ingest_gap = Table(
    "ingest_gap",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("missing", BigInteger, nullable=False),
    Column("measured_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("missing >= 0", name="missing"),
    comment="How many objects facts name that no event has told of",
)
