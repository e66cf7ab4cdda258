"""Lessons with their marks and attendance, and the history that keeps every change of these."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear

_LESSON_KEY = ("organization_id", "academic_year", "lesson_id")


def _of_lesson(table: str) -> ForeignKeyConstraint:
    key = ["lesson.organization_id", "lesson.academic_year", "lesson.id"]
    return ForeignKeyConstraint(_LESSON_KEY, key, name=f"fk_{table}_lesson")


class MarkValue(Base):
    """A value a mark may have: ``code`` in the API, ``sign`` in the journal's cell. Reference data."""

    __tablename__ = "mark_value"

    code: Mapped[str] = mapped_column(primary_key=True)
    sign: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]


class AttendanceCode(Base):
    """What may be noted of a student's presence; ``absent`` tells whether the lesson was missed. Reference data."""

    __tablename__ = "attendance_code"

    code: Mapped[str] = mapped_column(primary_key=True)
    sign: Mapped[str]
    title: Mapped[str]
    absent: Mapped[bool]
    position: Mapped[int]


class Lesson(PerYear, Base):
    """A lesson of a class or group. Two subgroups may have the same hour, one teacher may not be there twice.

    ``version`` is raised by every saved record. The counts are those of the last record, as it was published.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint(
            "organization_id", "academic_year", "group_id", "date", "number", "teacher_id", name="uq_lesson_hour"
        ),
        Index("ix_lesson_id", "id"),
        Index("ix_lesson_teacher_id", "organization_id", "teacher_id", "date"),
        CheckConstraint("number BETWEEN 1 AND 20", name="number"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(recorded_at IS NULL) = (version = 1)", name="recorded"),
        PARTITIONED,
    )

    group_id: Mapped[UUID]
    date: Mapped[dt.date]
    number: Mapped[int]
    subject: Mapped[str]
    teacher_id: Mapped[UUID]
    topic: Mapped[str | None]
    homework: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[dt.datetime]
    recorded_at: Mapped[dt.datetime | None]
    learners: Mapped[int]
    absent: Mapped[int]
    marks: Mapped[int]


class Mark(PerYear, Base):
    """A student's mark for a lesson; ``recorded_as``: under which id, where that card was merged into the student's since."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint(*_LESSON_KEY, "student_id", name="uq_mark_student"),
        Index("ix_mark_student_id", "organization_id", "student_id"),
        Index("ix_mark_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        _of_lesson("mark"),
        PARTITIONED,
    )

    lesson_id: Mapped[UUID]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    value: Mapped[str] = mapped_column(ForeignKey("mark_value.code"))
    comment: Mapped[str | None]


class Attendance(PerYear, Base):
    """What was noted of a student's presence at a lesson; a student without a row was there. ``recorded_as`` as of a mark."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint(*_LESSON_KEY, "student_id", name="uq_attendance_student"),
        Index("ix_attendance_student_id", "organization_id", "student_id"),
        Index("ix_attendance_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        _of_lesson("attendance"),
        PARTITIONED,
    )

    lesson_id: Mapped[UUID]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    code: Mapped[str] = mapped_column(ForeignKey("attendance_code.code"))


class RecordChange(PerYear, Base):
    """One change of a mark or of attendance: what it was, what it became, who did it, when. Append-only."""

    __tablename__ = "record_change"
    __table_args__ = (
        Index("ix_record_change_lesson_id", *_LESSON_KEY),
        Index("ix_record_change_student_id", "organization_id", "student_id"),
        CheckConstraint("kind IN ('mark', 'attendance')", name="kind"),
        PARTITIONED,
    )

    lesson_id: Mapped[UUID]
    lesson_version: Mapped[int]
    student_id: Mapped[UUID]
    kind: Mapped[str]
    old_value: Mapped[str | None]
    old_comment: Mapped[str | None]
    new_value: Mapped[str | None]
    new_comment: Mapped[str | None]
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime]
