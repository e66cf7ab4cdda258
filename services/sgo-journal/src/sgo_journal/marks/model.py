"""Cells of the journal, marks and attendance, and the history that the database keeps of them."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to

_CELL = ("organization_id", "academic_year", "lesson_id", "student_id")


class AttendanceCode(Base):
    """What may be noted of a student's presence; ``absent`` tells whether the lesson was missed. Reference data."""

    __tablename__ = "attendance_code"

    code: Mapped[str] = mapped_column(primary_key=True)
    sign: Mapped[str]
    title: Mapped[str]
    absent: Mapped[bool]
    position: Mapped[int]


class _Cell(PerYear):
    """A cell keeps its row, and goes on counting versions, when what stood in it is taken away.

    ``recorded_as``: under which student it was noted, where that card was merged into the student's since.
    """

    lesson_id: Mapped[UUID]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    version: Mapped[int]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
    reason: Mapped[str | None]


class Mark(_Cell, Base):
    """A student's mark for a work of a lesson.

    ``debt``: its value is one («точка»), as the reference to the value holds; ``due_on``: the last day the debt can be closed in time,
    by a mark in its place. An overdue one may count as another value: ``counted_as`` of the database says of every mark.
    """

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint(*_CELL, "work", name="uq_mark_cell"),
        ForeignKeyConstraint(
            ["scale_id", "value", "debt"],
            [f"scale_value.{name}" for name in ("scale_id", "code", "debt")],
            name="fk_mark_value",
        ),
        Index("ix_mark_student_id", "organization_id", "student_id"),
        Index("ix_mark_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        belongs_to("mark", "lesson"),
        CheckConstraint("value IS NOT NULL OR comment IS NULL", name="comment"),
        CheckConstraint("NOT debt OR value IS NOT NULL", name="debt"),
        CheckConstraint("debt OR due_on IS NULL", name="due_on"),
        Index("ix_mark_debt", "organization_id", "academic_year", "due_on", "id", postgresql_where=text("debt")),
        PARTITIONED,
    )

    work: Mapped[int] = mapped_column(SmallInteger)
    scale_id: Mapped[int]
    value: Mapped[str | None]
    comment: Mapped[str | None]
    debt: Mapped[bool] = mapped_column(server_default=text("false"))
    due_on: Mapped[dt.date | None]


class Attendance(_Cell, Base):
    """What was noted of a student's presence at a lesson; a student without a code was there."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint(*_CELL, name="uq_attendance_cell"),
        Index("ix_attendance_student_id", "organization_id", "student_id"),
        Index("ix_attendance_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        belongs_to("attendance", "lesson"),
        PARTITIONED,
    )

    code: Mapped[str | None] = mapped_column(ForeignKey("attendance_code.code", name="fk_attendance_code"))


class RecordChange(PerYear, Base):
    """One change of a cell or a total: what it was, what it became, who did it, when, why. Only triggers write it; it is sealed.

    A cell is of a lesson, a total of a journal, a child's day of a preschool group.
    """

    __tablename__ = "record_change"
    __table_args__ = (
        Index("ix_record_change_lesson_id", "organization_id", "academic_year", "lesson_id"),
        Index("ix_record_change_student_id", "organization_id", "student_id"),
        Index(
            "ix_record_change_journal_id",
            *("organization_id", "academic_year", "journal_id"),
            postgresql_where=text("journal_id IS NOT NULL"),
        ),
        Index(
            "ix_record_change_group_id",
            *("organization_id", "academic_year", "group_id", "day"),
            postgresql_where=text("group_id IS NOT NULL"),
        ),
        CheckConstraint("kind IN ('mark', 'attendance', 'total', 'child_day')", name="kind"),
        CheckConstraint(
            "CASE kind"
            " WHEN 'total' THEN num_nonnulls(journal_id, total_kind, period) = 3 AND num_nonnulls(lesson_id, group_id, day) = 0"
            " WHEN 'child_day' THEN num_nonnulls(group_id, day) = 2 AND num_nonnulls(lesson_id, journal_id, total_kind, period) = 0"
            " ELSE lesson_id IS NOT NULL AND num_nonnulls(journal_id, total_kind, period, group_id, day) = 0 END",
            name="of",
        ),
        PARTITIONED,
    )

    salt: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    kind: Mapped[str]
    cell_id: Mapped[UUID]
    lesson_id: Mapped[UUID | None]
    work: Mapped[int | None] = mapped_column(SmallInteger)
    journal_id: Mapped[UUID | None]
    total_kind: Mapped[str | None]
    period: Mapped[int | None] = mapped_column(SmallInteger)
    group_id: Mapped[UUID | None]
    day: Mapped[dt.date | None]
    student_id: Mapped[UUID]
    version: Mapped[int]
    old_scale_id: Mapped[int | None]
    new_scale_id: Mapped[int | None]
    old_value: Mapped[str | None]
    old_comment: Mapped[str | None]
    new_value: Mapped[str | None]
    new_comment: Mapped[str | None]
    old_due_on: Mapped[dt.date | None]
    new_due_on: Mapped[dt.date | None]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
    reason: Mapped[str | None]
