"""Absences of teachers, and who gives their lessons instead."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Absence(PerYear, Base):
    """A teacher is away over [valid_from, valid_to), at some ``numbers`` of lessons or at all.

    The reason may tell of health: the office alone reads it, it goes to no lesson, board or report.
    """

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_id", "id"),
        Index("ix_absence_valid_to", "organization_id", "academic_year", "valid_to"),
        CheckConstraint("valid_from < valid_to", name="interval"),
        CheckConstraint("cardinality(numbers) > 0", name="numbers"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        PARTITIONED,
    )

    teacher_id: Mapped[UUID]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date]
    numbers: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    reason: Mapped[str]
    order_number: Mapped[str | None]
    order_date: Mapped[dt.date | None]
    version: Mapped[int]
    made_by: Mapped[UUID]
    made_at: Mapped[dt.datetime]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[dt.datetime | None]


class Substitution(PerYear, Base):
    """What was arranged for a lesson of an absent teacher, until it was ended; a lesson has one at a time.

    ``kind`` is what hours are paid by: ``subject``, the substitute teaches the subject; ``other``, another one; ``combined``, the
    subgroup is taught with another one's; ``cancelled``, nobody gives the lesson. ``own_teacher_id``, ``own_room_id`` and
    ``was_by_hand`` are what restoring puts back.
    """

    __tablename__ = "substitution"
    __table_args__ = (
        belongs_to("substitution", "absence"),
        belongs_to("substitution", "lesson"),
        Index(
            "uq_substitution_lesson",
            *("organization_id", "academic_year", "lesson_id"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_substitution_absence_id", "organization_id", "academic_year", "absence_id"),
        CheckConstraint("kind IN ('subject', 'other', 'combined', 'cancelled')", name="kind"),
        CheckConstraint(
            "(kind = 'cancelled') = (teacher_id IS NULL) AND teacher_id IS DISTINCT FROM own_teacher_id",
            name="teacher",
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        PARTITIONED,
    )

    absence_id: Mapped[UUID]
    lesson_id: Mapped[UUID]
    kind: Mapped[str]
    own_teacher_id: Mapped[UUID]
    own_room_id: Mapped[UUID | None]
    was_by_hand: Mapped[bool]
    teacher_id: Mapped[UUID | None]
    arranged_by: Mapped[UUID]
    arranged_at: Mapped[dt.datetime]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[dt.datetime | None]
