"""Inspections of journals and the remarks made there."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Inspection(PerYear, Base):
    """Some journals over [first_day, last_day] are looked through; ``conclusion`` ends it, its remarks live on."""

    __tablename__ = "inspection"
    __table_args__ = (
        Index("ix_inspection_id", "id"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("num_nulls(conclusion, finished_by, finished_at) IN (0, 3)", name="finished"),
        PARTITIONED,
    )

    aim: Mapped[str]
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    version: Mapped[int]
    made_by: Mapped[UUID]
    made_at: Mapped[dt.datetime]
    conclusion: Mapped[str | None]
    finished_by: Mapped[UUID | None]
    finished_at: Mapped[dt.datetime | None]


class InspectedJournal(PerYear, Base):
    """A journal that an inspection looks through."""

    __tablename__ = "inspected_journal"
    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "academic_year", "inspection_id", "journal_id"), name="uq_inspected_journal_place"
        ),
        belongs_to("inspected_journal", "inspection"),
        belongs_to("inspected_journal", "journal"),
        Index("ix_inspected_journal_journal_id", "organization_id", "academic_year", "journal_id"),
        PARTITIONED,
    )

    inspection_id: Mapped[UUID]
    journal_id: Mapped[UUID]


class Remark(PerYear, Base):
    """A remark on a journal, on a lesson of it, on a student there or at that lesson.

    ``found_as``: by what the check list knows a gap it has found, so that it is found once. ``comment`` is the last word said of it:
    the teacher's answer, the inspector's reason. ``changed_by`` and ``changed_at`` say whose and when; all of it stays in
    ``remark_change``.
    """

    __tablename__ = "remark"
    __table_args__ = (
        UniqueConstraint(*("organization_id", "academic_year", "inspection_id", "found_as"), name="uq_remark_found_as"),
        ForeignKeyConstraint(
            ["organization_id", "academic_year", "inspection_id", "journal_id"],
            [
                f"inspected_journal.{name}"
                for name in ("organization_id", "academic_year", "inspection_id", "journal_id")
            ],
            name="fk_remark_inspected_journal",
        ),
        belongs_to("remark", "lesson"),
        Index("ix_remark_id", "id"),
        Index("ix_remark_journal_id", "organization_id", "academic_year", "journal_id"),
        Index("ix_remark_lesson_id", "organization_id", "academic_year", "lesson_id"),
        Index("ix_remark_inspection_id", "organization_id", "academic_year", "inspection_id", "id"),
        Index("ix_remark_teacher_id", "organization_id", "academic_year", "teacher_id", "id"),
        Index(
            "ix_remark_standing",
            *("organization_id", "academic_year", "id"),
            postgresql_where=text("state IN ('open', 'mended')"),
        ),
        CheckConstraint(
            "kind IN ('topic', 'attendance', 'homework', 'total', 'debt', 'marks', 'programme', 'other')", name="kind"
        ),
        CheckConstraint(
            "state IN ('proposed', 'open', 'mended', 'cleared', 'dismissed', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "state IN ('proposed', 'dismissed') OR num_nulls(teacher_id, due_on) = 0",
            name="made",
        ),
        PARTITIONED,
    )

    inspection_id: Mapped[UUID]
    journal_id: Mapped[UUID]
    lesson_id: Mapped[UUID | None]
    student_id: Mapped[UUID | None]
    teacher_id: Mapped[UUID | None]
    kind: Mapped[str]
    text: Mapped[str]
    found_as: Mapped[str | None]
    due_on: Mapped[dt.date | None]
    state: Mapped[str]
    comment: Mapped[str | None]
    version: Mapped[int]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]


class RemarkChange(PerYear, Base):
    """What a remark became by each change. Only a trigger writes it."""

    __tablename__ = "remark_change"
    __table_args__ = (
        Index("ix_remark_change_remark_id", "organization_id", "academic_year", "remark_id", "version"),
        PARTITIONED,
    )

    remark_id: Mapped[UUID]
    version: Mapped[int]
    state: Mapped[str]
    text: Mapped[str]
    teacher_id: Mapped[UUID | None]
    due_on: Mapped[dt.date | None]
    comment: Mapped[str | None]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
