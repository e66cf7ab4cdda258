"""Tables of indicators: what was counted, when and from what; what organizations are like; alerts."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata


def _unit() -> tuple[Column[Any], ...]:
    """Whose value it is (an organization's, a municipality's, without both the region's), and of what part of it."""
    return (
        Column("organization_id", Uuid),
        Column("municipality", Text),
        Column("subject", Text),
        Column("grade", Integer),
        Column("group_id", Uuid),
    )


_ONE_UNIT = "organization_id IS NULL OR municipality IS NULL"
_WHOLE = text("organization_id IS NOT NULL AND subject IS NULL AND grade IS NULL AND group_id IS NULL")

indicator_count = Table(
    "indicator_count",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("indicator", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("period", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("log_position", BigInteger, nullable=False),
    Column("exam_import_id", Uuid),
    Column("counted_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("first_day <= last_day", name="days"),
    comment="Immutable: an indicator was counted for a period, by which declaration, from the log and the exams up to where",
)
"""Of counts those that something came out otherwise of."""

indicator_period = Table(
    "indicator_period",
    metadata,
    Column("indicator", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("digest", Text, nullable=False),
    Column("log_position", BigInteger, nullable=False),
    Column("exam_import_id", Uuid),
    Column("counted_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("indicator", "period"),
    comment="Periods an indicator was counted for, and from what it was the last time, whatever came of it",
)

indicator_value = Table(
    "indicator_value",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("count_id", Uuid, nullable=False),
    Column("indicator", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("series", Text, nullable=False),
    *_unit(),
    Column("revision", Integer, nullable=False),
    Column("value", Numeric(16, 4)),
    Column("numerator", Numeric),
    Column("denominator", Numeric),
    Column("minus_numerator", Numeric),
    Column("minus_denominator", Numeric),
    Column("people", BigInteger, nullable=False),
    CheckConstraint(_ONE_UNIT, name="unit"),
    CheckConstraint("revision > 0", name="revision"),
    UniqueConstraint("indicator", "period", "series", "revision"),
    ForeignKeyConstraint(["count_id"], ["indicator_count.id"]),
    Index("ix_indicator_value_series", "indicator", "series", "last_day"),
    Index("ix_indicator_value_whole", "indicator", "period", "series", "revision", postgresql_where=_WHOLE),
    comment="Immutable: a value as it was counted; one that came out otherwise later is another revision, empty if nothing is left",
)
"""``series`` is the unit and the part as one word: values of it differ by period and revision."""

peer = Table(
    "peer",
    metadata,
    Column("day", Date, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("peers", Text, nullable=False),
    PrimaryKeyConstraint("day", "organization_id"),
    comment="Which organizations were similar on a day: those with the same peers",
)

quality_alert = Table(
    "quality_alert",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("indicator", Text, nullable=False),
    Column("series", Text, nullable=False),
    *_unit(),
    Column("value_id", BigInteger, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False),
    CheckConstraint(_ONE_UNIT, name="unit"),
    ForeignKeyConstraint(["value_id"], ["indicator_value.id"]),
    Index("uq_quality_alert_open", "indicator", "series", unique=True, postgresql_where=text("closed_at IS NULL")),
    comment="A value is beyond a threshold, until it is not; one open alert a series",
)
"""``value_id``: the value it was last judged by."""

quality_alert_step = Table(
    "quality_alert_step",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("alert_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value_id", BigInteger, nullable=False),
    Column("low", Numeric),
    Column("high", Numeric),
    Column("by", Text),
    Column("words", Text),
    CheckConstraint("kind IN ('opened', 'changed', 'acknowledged', 'closed')", name="kind"),
    CheckConstraint("(kind = 'acknowledged') = (by IS NOT NULL AND words IS NOT NULL)", name="words"),
    ForeignKeyConstraint(["alert_id"], ["quality_alert.id"]),
    ForeignKeyConstraint(["value_id"], ["indicator_value.id"]),
    Index("ix_quality_alert_step_alert_id", "alert_id"),
    comment="Immutable: what became of an alert, by which value and threshold, and what was said about it",
)
