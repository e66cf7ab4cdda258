"""Who has told a family of a step, and when."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Integer, Table, Text, Uuid

from eu_enrollment.database import metadata


class Means(StrEnum):
    """How a family is told."""

    PORTAL = "portal"
    EMAIL = "email"
    PHONE = "phone"
    PAPER = "paper"


notification_told = Table(
    "notification_told",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, comment="Of the application: the step that is told"),
    Column("means", Text, primary_key=True),
    Column("told_at", DateTime(timezone=True), nullable=False),
    Column("told_by", Text, nullable=False, comment="Account or machine client"),
    ForeignKeyConstraint(
        ["application_id", "version"], ["application_history.application_id", "application_history.version"]
    ),
    CheckConstraint("means IN ('portal', 'email', 'phone', 'paper')", name="means"),
)
