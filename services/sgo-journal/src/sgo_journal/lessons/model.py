"""Dated lessons of journals and the works set at them."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    column,
    false,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Mapped, column_property, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Lesson(PerYear, Base):
    """A lesson of a journal on a day. It is bound to the day, not to the timetable that it came from (``line_id``).

    ``learners_id`` are the journal's, as the reference holds: rosters, closed periods and rights are asked for by the lesson alone.
    ``teacher_id`` is who gives it, a substitute too. ``state``: planned (which a lesson that took place stays) or cancelled;
    ``mode``: on_site or remote; ``note`` says why it was cancelled or changed. ``topic`` is what was taught, ``topic_id`` the topic of
    the plan it fulfils.
    ``homework``: what is given there to all, as it stands in its own table. ``recorded_at``: when something was last recorded of it.

    ``planned_date`` and ``planned_number`` are the place a timetable gave it, none of a lesson added by hand. ``by_hand``: somebody has
    decided on it since; ``switch_id``: the bulk switch it is under, the latest of several. Neither lets a timetable move it.

    ``version`` is raised by every change of the lesson itself, ``told_version`` by whatever others are told of, its marks too. The
    counts are those of the last record.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        Index(
            "uq_lesson_hour",
            *("organization_id", "academic_year", "journal_id", "date", "number"),
            unique=True,
            postgresql_where=text("state = 'planned'"),
        ),
        Index("ix_lesson_journal_id", *("organization_id", "academic_year", "journal_id", "date", "number", "id")),
        Index("ix_lesson_id", "id"),
        Index("ix_lesson_date", "organization_id", "date", "number", "id"),
        Index("ix_lesson_learners_id", "organization_id", "learners_id", "date"),
        Index("ix_lesson_teacher_id", "organization_id", "teacher_id", "date"),
        Index("ix_lesson_room_id", "organization_id", "room_id", "date"),
        ForeignKeyConstraint(
            ["organization_id", "academic_year", "journal_id", "learners_id"],
            [f"journal.{name}" for name in ("organization_id", "academic_year", "id", "learners_id")],
            name="fk_lesson_journal",
        ),
        belongs_to("lesson", "plan_topic", "topic_id"),
        Index(
            "ix_lesson_topic_id",
            *("organization_id", "academic_year", "topic_id"),
            postgresql_where=text("topic_id IS NOT NULL"),
        ),
        CheckConstraint("number BETWEEN 0 AND 20", name="number"),
        CheckConstraint("state IN ('planned', 'cancelled')", name="state"),
        CheckConstraint("mode IN ('on_site', 'remote')", name="mode"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("(planned_date IS NULL) = (planned_number IS NULL)", name="planned"),
        Index(
            "ix_lesson_planned_date",
            *("organization_id", "academic_year", "planned_date"),
            postgresql_where=text("planned_date IS NOT NULL"),
        ),
        CheckConstraint("version >= 1 AND told_version >= 0", name="version"),
        PARTITIONED,
    )

    journal_id: Mapped[UUID]
    learners_id: Mapped[UUID]
    date: Mapped[dt.date]
    number: Mapped[int] = mapped_column(SmallInteger)
    starts_at: Mapped[dt.time | None] = mapped_column(Time)
    ends_at: Mapped[dt.time | None] = mapped_column(Time)
    teacher_id: Mapped[UUID | None]
    room_id: Mapped[UUID | None]
    line_id: Mapped[UUID | None]
    planned_date: Mapped[dt.date | None]
    planned_number: Mapped[int | None] = mapped_column(SmallInteger)
    by_hand: Mapped[bool] = mapped_column(server_default=false())
    switch_id: Mapped[UUID | None]
    state: Mapped[str]
    mode: Mapped[str]
    video_link: Mapped[str | None]
    note: Mapped[str | None]
    topic: Mapped[str | None]
    topic_id: Mapped[UUID | None]
    if TYPE_CHECKING:
        homework: Mapped[str | None]
    attendance_checked: Mapped[bool]
    version: Mapped[int]
    told_version: Mapped[int]
    created_at: Mapped[dt.datetime]
    recorded_at: Mapped[dt.datetime | None]
    learners: Mapped[int]
    absent: Mapped[int]
    marks: Mapped[int]


_homework = table(
    "homework",
    *(column("organization_id", Uuid), column("academic_year", Integer), column("id", Uuid), column("lesson_id", Uuid)),
    *(column("text", Text), column("individual", Boolean), column("removed_at", DateTime)),
)
Lesson.homework = column_property(
    select(func.string_agg(_homework.c.text, aggregate_order_by(literal("\n"), _homework.c.id)))
    .where(
        _homework.c.organization_id == Lesson.organization_id,
        _homework.c.academic_year == Lesson.academic_year,
        _homework.c.lesson_id == Lesson.id,
        ~_homework.c.individual,
        _homework.c.removed_at.is_(None),
    )
    .correlate_except(_homework)
    .scalar_subquery()
)


class LessonWork(PerYear, Base):
    """A work that marks of a lesson are for: its kind (a code of the reference book), what it is called, what it weighs.

    Work 1 of a lesson needs no row: it is work in class of weight 1.
    """

    __tablename__ = "lesson_work"
    __table_args__ = (
        UniqueConstraint("organization_id", "academic_year", "lesson_id", "number", name="uq_lesson_work_number"),
        belongs_to("lesson_work", "lesson"),
        CheckConstraint("number BETWEEN 1 AND 9", name="number"),
        CheckConstraint("weight BETWEEN 0 AND 10", name="weight"),
        PARTITIONED,
    )

    lesson_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    title: Mapped[str | None]
    weight: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    version: Mapped[int]


class LessonChange(PerYear, Base):
    """What was decided on a lesson's time, teacher, room or state: how it was, how it became, who, when and why. Append-only."""

    __tablename__ = "lesson_change"
    __table_args__ = (
        Index("ix_lesson_change_lesson_id", "organization_id", "academic_year", "lesson_id", "id"),
        CheckConstraint("action IN ('added', 'changed', 'cancelled', 'restored', 'removed', 'works')", name="action"),
        PARTITIONED,
    )

    lesson_id: Mapped[UUID]
    action: Mapped[str]
    old: Mapped[dict[str, Any]] = mapped_column(JSONB)
    new: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
