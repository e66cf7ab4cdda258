"""Verifications in the database."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)

from eu_enrollment.database import metadata
from eu_enrollment.verifications.kinds import CheckKind


class State(StrEnum):
    """Where a verification stands: an operator is to decide, the family is to bring documents, or how it ended.

    ``dropped``: there is nothing to check any more, for the family states it no longer, or states it otherwise.
    """

    OPEN = "open"
    AWAITING = "awaiting"
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    DROPPED = "dropped"


UNDECIDED = (State.OPEN, State.AWAITING)
_UNDECIDED = "state IN ('open', 'awaiting')"
_DECIDED = "state IN ('confirmed', 'not_confirmed', 'dropped')"


def _among(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


verification = Table(
    "verification",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", ForeignKey("application.id"), nullable=False),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False),
    Column("municipality", Text, nullable=False, comment="Of the campaign"),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="What of its kind; a code or an id, no personal data"),
    Column("state", Text, nullable=False),
    Column("due_on", Date, nullable=False, comment="Last day for whoever is to act next"),
    Column("assignee", Text, comment="Account of the operator who has taken it"),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("asked", Boolean, nullable=False, server_default="false", comment="The registries have been asked"),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text, comment="Account; null where a registry, or the service itself, decided"),
    Column("source", Text, comment="The registry that confirmed"),
    Column("note", Text),
    Column(
        "holds_until",
        Date,
        comment="Of a renewed document: while it is undecided, the last day of what was confirmed before",
    ),
    Column("metres", Integer, comment="From home to the organization, as the operator has measured"),
    CheckConstraint(_among("kind", CheckKind), name="kind"),
    CheckConstraint(_among("state", State), name="state"),
    CheckConstraint(f"({_DECIDED}) = (decided_at IS NOT NULL)", name="decided"),
    CheckConstraint("metres IS NULL OR (kind = 'distance' AND metres BETWEEN 0 AND 1000000)", name="metres"),
    CheckConstraint("metres IS NOT NULL OR kind <> 'distance' OR state <> 'confirmed'", name="measured"),
    CheckConstraint("state <> 'not_confirmed' OR note IS NOT NULL", name="said_why"),
    Index(
        "uq_verification_undecided",
        "application_id",
        "kind",
        "subject",
        unique=True,
        postgresql_where=text(_UNDECIDED),
    ),
    Index("ix_verification_application_id", "application_id"),
    Index("ix_verification_due", "municipality", "due_on", "id", postgresql_where=text(_UNDECIDED)),
    Index("ix_verification_unasked", "id", postgresql_where=text("state = 'open' AND NOT asked")),
)
