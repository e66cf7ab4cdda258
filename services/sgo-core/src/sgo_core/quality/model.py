"""What is missing or doubtful in an organization's cards, how that has been, who answers for it, who confirmed the data."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded

_KINDS = "card_kind IN ('organization', 'worker', 'student', 'guardian')"


class CardGap(Base):
    """A mandatory field that is empty on a card the organization keeps, and since when (regulation 5.5, 5.6).

    ``without_ground``: it needs a consent that there is none of, so that nobody can be asked to fill it. Measured, not entered:
    a measurement takes away the gaps that are gone.
    """

    __tablename__ = "card_gap"
    __table_args__ = (CheckConstraint(_KINDS, name="card_kind"),)

    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    card_kind: Mapped[str] = mapped_column(Text, primary_key=True)
    card_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    field: Mapped[str] = mapped_column(Text, primary_key=True)
    since: Mapped[date] = mapped_column(Date)
    without_ground: Mapped[bool] = mapped_column(Boolean)


class QualityIssue(Recorded, Base):
    """A card that a rule of ``rules.yaml`` finds fault with, until it is ``settled_on`` the day when the rule no longer does.

    ``explanation`` says why the values are right all the same; it holds for the ``card_version`` it was given for, and history
    keeps those that held before.
    """

    belongs_to = ("id", "card_id")

    __tablename__ = "quality_issue"
    __table_args__ = (
        Index(
            "uq_quality_issue_card",
            *("organization_id", "card_kind", "card_id", "rule"),
            unique=True,
            postgresql_where=text("settled_on IS NULL"),
        ),
        Index("ix_quality_issue_organization_id", "organization_id", "id"),
        CheckConstraint(_KINDS, name="card_kind"),
        CheckConstraint("num_nulls(explanation, explained_by, explained_at, card_version) IN (0, 4)", name="explained"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    card_kind: Mapped[str] = mapped_column(Text)
    card_id: Mapped[UUID] = mapped_column(Uuid)
    rule: Mapped[str] = mapped_column(Text)
    since: Mapped[date] = mapped_column(Date)
    explanation: Mapped[str | None] = mapped_column(Text)
    explained_by: Mapped[str | None] = mapped_column(Text)
    explained_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    card_version: Mapped[int | None] = mapped_column(Integer)
    settled_on: Mapped[date | None] = mapped_column(Date)


class QualityMeasure(Base):
    """How whole an organization's cards of a kind were on a day: numbers of cards and of their mandatory fields.

    ``missing`` are empty, of them ``overdue`` longer than the term; ``without_ground`` are empty for want of consent; the rest
    is filled. ``issues`` counts those unexplained by the kind of rule.
    """

    __tablename__ = "quality_measure"
    __table_args__ = (
        CheckConstraint(_KINDS, name="card_kind"),
        CheckConstraint(
            "cards >= 0 AND overdue >= 0 AND without_ground >= 0 AND missing >= overdue "
            "AND mandatory >= missing + without_ground",
            name="numbers",
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    card_kind: Mapped[str] = mapped_column(Text, primary_key=True)
    measured_on: Mapped[date] = mapped_column(Date, primary_key=True)
    cards: Mapped[int] = mapped_column(Integer)
    mandatory: Mapped[int] = mapped_column(Integer)
    missing: Mapped[int] = mapped_column(Integer)
    without_ground: Mapped[int] = mapped_column(Integer)
    overdue: Mapped[int] = mapped_column(Integer)
    issues: Mapped[dict[str, int]] = mapped_column(JSONB)


class QualityStanding(Base):
    """When an organization was last measured and its data last confirmed; ``told`` is what the readers know, by ``version``."""

    __tablename__ = "quality_standing"

    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    measured_on: Mapped[date] = mapped_column(Date)
    confirmed_on: Mapped[date | None] = mapped_column(Date)
    told: Mapped[Any] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class QualityDuty(Recorded, Base):
    """Who in an organization answers for the cards of a kind, and in how many working days a gap is to be filled."""

    belongs_to = ("organization_id",)

    __tablename__ = "quality_duty"
    __table_args__ = (
        UniqueConstraint("organization_id", "card_kind"),
        CheckConstraint(_KINDS, name="card_kind"),
        CheckConstraint("term_days BETWEEN 1 AND 60", name="term_days"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    card_kind: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    worker_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("worker.id"))
    term_days: Mapped[int] = mapped_column(Integer)


class QualityConfirmation(Base):
    """A responsible person's word, on a day, that the data are whole and true as ``standing`` says (App.2 1.3, 1.5). Never altered."""

    __tablename__ = "quality_confirmation"
    __table_args__ = (Index("ix_quality_confirmation_organization_id", "organization_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    confirmed_on: Mapped[date] = mapped_column(Date)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    standing: Mapped[Any] = mapped_column(JSONB)
    remark: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
