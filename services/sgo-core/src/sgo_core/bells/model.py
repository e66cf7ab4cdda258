"""Shifts and lesson times of organizations."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Shift(Recorded, Base):
    """A shift in which classes study: lessons lie between ``starts_at`` and ``ends_at`` (``HH:MM``)."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 3", name="number"),
        CheckConstraint("is_clock_time(starts_at) AND is_clock_time(ends_at) AND starts_at < ends_at", name="times"),
    )
    belongs_to = ("id", "organization_id")

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    number: Mapped[int] = mapped_column(Integer)
    starts_at: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class BellSchedule(Recorded, Base):
    """Lesson times of a shift, ``{number, starts_at, ends_at}`` in order, for some weekdays (1 to 7) of a kind of day.

    For grades ``grade_from`` to ``grade_to``, both included (0: groups without a grade), on days of [valid_from, valid_to). Of those
    in use no two fit one lesson: an ``EXCLUDE`` constraint.
    """

    __tablename__ = "bell_schedule"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "shift"], ["shift.organization_id", "shift.number"], name="fk_bell_schedule_shift"
        ),
        Index("ix_bell_schedule_organization_id", "organization_id", "id"),
        CheckConstraint("bells_in_order(lessons)", name="lessons"),
        CheckConstraint("cardinality(weekdays) > 0 AND weekdays <@ '{1,2,3,4,5,6,7}'", name="weekdays"),
        CheckConstraint("grade_from >= 0 AND grade_from <= grade_to AND grade_to <= 11", name="grades"),
        CheckConstraint("valid_to > valid_from", name="interval"),
    )
    belongs_to = ("id", "organization_id")

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text)
    shift: Mapped[int] = mapped_column(Integer)
    day_kind: Mapped[str] = mapped_column(Text)
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    grade_from: Mapped[int] = mapped_column(Integer)
    grade_to: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    lessons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
