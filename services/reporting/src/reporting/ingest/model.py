"""Table of the event log."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata

event_log = Table(
    "event_log",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sequence", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("payload", JSONB, nullable=False),
    Index("ix_event_log_position", "position"),
    comment="Every received event, without names and without ids others know a person by",
    postgresql_partition_by="RANGE (id)",
)
