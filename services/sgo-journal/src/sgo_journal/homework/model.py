"""Homework and what students hand in."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Homework(PerYear, Base):
    """What is given at a lesson: to all, or to named students (``individual``).

    Due on ``due_date``, or at ``due_lesson_id``, or else at the journal's next lesson after this one: the view ``homework_due``
    computes the day, so that it follows a lesson that moves and passes over a cancelled one. ``required``: it is to be handed in.
    ``minutes``: how long it should take.
    """

    __tablename__ = "homework"
    __table_args__ = (
        Index("ix_homework_id", "id"),
        Index("ix_homework_lesson_id", "organization_id", "academic_year", "lesson_id"),
        Index(
            "ix_homework_due_lesson_id",
            *("organization_id", "academic_year", "due_lesson_id"),
            postgresql_where=text("due_lesson_id IS NOT NULL"),
        ),
        belongs_to("homework", "journal"),
        belongs_to("homework", "lesson"),
        belongs_to("homework", "lesson", "due_lesson_id", "fk_homework_due_lesson"),
        CheckConstraint("due_lesson_id IS NULL OR due_date IS NULL", name="due"),
        CheckConstraint("minutes BETWEEN 1 AND 600", name="minutes"),
        PARTITIONED,
    )

    journal_id: Mapped[UUID]
    lesson_id: Mapped[UUID]
    due_lesson_id: Mapped[UUID | None]
    due_date: Mapped[dt.date | None]
    text: Mapped[str]
    individual: Mapped[bool]
    required: Mapped[bool]
    minutes: Mapped[int | None] = mapped_column(SmallInteger)
    author_id: Mapped[UUID]
    version: Mapped[int]
    created_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]


class HomeworkStudent(PerYear, Base):
    """A student whom an individual homework is for. ``recorded_as``: the card it was given to, if that was merged into this child's."""

    __tablename__ = "homework_student"
    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "academic_year", "homework_id", "student_id"), name="uq_homework_student_student_id"
        ),
        Index("ix_homework_student_student_id", "student_id"),
        Index("ix_homework_student_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        belongs_to("homework_student", "homework"),
        PARTITIONED,
    )

    homework_id: Mapped[UUID]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]


class HandIn(PerYear, Base):
    """A version of what a student handed in, and the teacher's answer to it; ``late``: after the day it was due then.

    Versions of a student's work are in the order of their ids. ``handed_in_by`` is the student or a guardian. ``recorded_as``: the
    card it was handed in under, if that was merged into this child's.
    """

    __tablename__ = "hand_in"
    __table_args__ = (
        Index("ix_hand_in_homework_id", "organization_id", "academic_year", "homework_id", "student_id", "id"),
        Index("ix_hand_in_id", "id"),
        Index("ix_hand_in_student_id", "student_id"),
        Index("ix_hand_in_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        belongs_to("hand_in", "homework"),
        CheckConstraint("state IN ('handed_in', 'accepted', 'returned')", name="state"),
        CheckConstraint(
            "(state = 'handed_in') = (answered_by IS NULL) AND (answered_by IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
        PARTITIONED,
    )

    homework_id: Mapped[UUID]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    text: Mapped[str | None]
    late: Mapped[bool]
    handed_in_by: Mapped[UUID]
    handed_in_at: Mapped[dt.datetime]
    state: Mapped[str]
    comment: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[dt.datetime | None]
    version: Mapped[int]
