"""Norms a curriculum is checked against, in dated editions: nothing of an edition is ever changed, a later one replaces it."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class NormEdition(Base):
    """An edition in force from a day until the next one of its kind; of two of one day, the one entered later."""

    __tablename__ = "norm_edition"
    __table_args__ = (
        UniqueConstraint("id", "kind"),
        Index("ix_norm_edition_kind", "kind", "valid_from", "recorded_at"),
        CheckConstraint("kind IN ('maximum_load', 'obligatory_subjects')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[str] = mapped_column(Text)


class MaximumLoad(Base):
    """Most hours a week for a grade and a week of five or six days; a week without a row is not allowed to the grade."""

    __tablename__ = "maximum_load"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "kind"], ["norm_edition.id", "norm_edition.kind"], name="fk_maximum_load_edition"
        ),
        CheckConstraint("kind = 'maximum_load'", name="kind"),
        CheckConstraint("grade BETWEEN 1 AND 12", name="grade"),
        CheckConstraint("week_days IN (5, 6)", name="week_days"),
        CheckConstraint("hours > 0 AND hours <= 60", name="hours"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, server_default=text("'maximum_load'"))
    grade: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    week_days: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hours: Mapped[Decimal] = mapped_column(Numeric(4, 1))


class ObligatorySubject(Base):
    """A subject that the curriculum of a grade must have."""

    __tablename__ = "obligatory_subject"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "kind"], ["norm_edition.id", "norm_edition.kind"], name="fk_obligatory_subject_edition"
        ),
        CheckConstraint("kind = 'obligatory_subjects'", name="kind"),
        CheckConstraint("grade BETWEEN 1 AND 12", name="grade"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, server_default=text("'obligatory_subjects'"))
    grade: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    subject_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("subject.id"), primary_key=True)
