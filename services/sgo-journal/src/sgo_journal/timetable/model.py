"""Weekly templates, when teachers and rooms cannot be had, which rooms several lessons share."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Timetable(PerYear, Base):
    """A weekly template of an organization for days of [valid_from, valid_to).

    ``draft`` until it is published; ``replaced`` when another one was published for all its days. Of the published no two hold on one
    day: publication cuts the one before short.
    """

    __tablename__ = "timetable"
    __table_args__ = (
        Index("ix_timetable_id", "id"),
        Index(
            "uq_timetable_from",
            *("organization_id", "academic_year", "valid_from"),
            unique=True,
            postgresql_where=text("state = 'published'"),
        ),
        CheckConstraint("state IN ('draft', 'published', 'replaced')", name="state"),
        CheckConstraint("valid_from < valid_to", name="interval"),
        CheckConstraint(
            "(state = 'draft') = (published_at IS NULL) AND (published_at IS NULL) = (published_by IS NULL)",
            name="published",
        ),
        PARTITIONED,
    )

    title: Mapped[str]
    state: Mapped[str]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date]
    version: Mapped[int]
    created_at: Mapped[dt.datetime]
    published_at: Mapped[dt.datetime | None]
    published_by: Mapped[UUID | None]


class TimetableLine(PerYear, Base):
    """A line of a template: ``values.Line``."""

    __tablename__ = "timetable_line"
    __table_args__ = (
        belongs_to("timetable_line", "timetable"),
        belongs_to("timetable_line", "journal"),
        UniqueConstraint(
            *("organization_id", "academic_year", "timetable_id", "journal_id", "weekday", "number", "parity"),
            name="uq_timetable_line_place",
        ),
        Index("ix_timetable_line_timetable_id", "organization_id", "academic_year", "timetable_id", "id"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("number BETWEEN 0 AND 20", name="number"),
        CheckConstraint("length BETWEEN 1 AND 4", name="length"),
        CheckConstraint("parity IN ('every', 'odd', 'even')", name="parity"),
        PARTITIONED,
    )

    timetable_id: Mapped[UUID]
    journal_id: Mapped[UUID]
    weekday: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int] = mapped_column(SmallInteger)
    length: Mapped[int] = mapped_column(SmallInteger)
    parity: Mapped[str]
    teacher_id: Mapped[UUID | None]
    room_id: Mapped[UUID | None]
    fixed: Mapped[bool]


class Unavailability(PerYear, Base):
    """When a teacher or a room (``resource_id``) cannot be had: ``values.Ban``."""

    __tablename__ = "unavailability"
    __table_args__ = (
        Index("ix_unavailability_id", "id"),
        CheckConstraint("kind IN ('teacher', 'room')", name="kind"),
        CheckConstraint("valid_from < valid_to", name="interval"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("cardinality(numbers) > 0", name="numbers"),
        CheckConstraint("shift BETWEEN 1 AND 3", name="shift"),
        PARTITIONED,
    )

    kind: Mapped[str]
    resource_id: Mapped[UUID]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date]
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    numbers: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    shift: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str]
    version: Mapped[int]


class SharedRoom(Base):
    """A room that takes several ``lessons`` at once, such as a sports hall."""

    __tablename__ = "shared_room"
    __table_args__ = (
        Index("ix_shared_room_organization_id", "organization_id"),
        CheckConstraint("lessons BETWEEN 1 AND 20", name="lessons"),
    )

    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    lessons: Mapped[int] = mapped_column(Integer)


class SubjectPoints(Base):
    """How hard subjects are by the organization's own judgement, ``{grade, subject, points}``; others stand in the sanitary rules."""

    __tablename__ = "subject_points"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    version: Mapped[int]
