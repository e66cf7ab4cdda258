"""Sets of study periods and vacations, special days, and what readers have been told of calendars."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded

_GRADES = "grade_from >= 0 AND grade_from <= grade_to AND grade_to <= 11"


class CalendarSet(Recorded, Base):
    """Study periods or vacations of an academic year for some grades, both included; ``organization_id`` empty: the region's.

    ``intervals``: ``{title, first_day, last_day}`` in order, both days included. They lie inside the year and never overlap, and
    a level has one set in use of a kind for a grade: constraints of the database.
    """

    __tablename__ = "calendar_set"
    __table_args__ = (
        Index("ix_calendar_set_organization_id", "organization_id", "academic_year"),
        CheckConstraint("grade_from >= 1 AND grade_from <= grade_to AND grade_to <= 11", name="grades"),
        CheckConstraint("intervals_apart(intervals)", name="apart"),
        CheckConstraint(
            "kind IN ('vacations', 'additional_vacations') OR jsonb_array_length(intervals) = "
            "CASE kind WHEN 'quarters' THEN 4 WHEN 'trimesters' THEN 3 WHEN 'half_years' THEN 2 WHEN 'year' THEN 1 END",
            name="number",
        ),
        CheckConstraint(
            "kind IN ('quarters', 'trimesters', 'half_years', 'year', 'vacations', 'additional_vacations')", name="kind"
        ),
    )
    belongs_to = ("id", "organization_id")

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    kind: Mapped[str] = mapped_column(Text)
    grade_from: Mapped[int] = mapped_column(Integer)
    grade_to: Mapped[int] = mapped_column(Integer)
    intervals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class SpecialDay(Recorded, Base):
    """A day on which some grades (0: preschool groups), both included, study or rest against the rule.

    On a day of study ``as_weekday`` (1 to 6) names the weekday whose timetable is kept, ``day_kind`` the kind of day in the
    reference book: lesson times go by it.
    """

    __tablename__ = "special_day"
    __table_args__ = (
        Index("ix_special_day_organization_id", "organization_id", "day"),
        CheckConstraint(_GRADES, name="grades"),
        CheckConstraint("kind IN ('study', 'off')", name="kind"),
        CheckConstraint("as_weekday BETWEEN 1 AND 6", name="as_weekday"),
        CheckConstraint("kind = 'study' OR (as_weekday IS NULL AND day_kind IS NULL)", name="rest"),
    )
    belongs_to = ("id", "organization_id")

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(Text)
    grade_from: Mapped[int] = mapped_column(Integer)
    grade_to: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    as_weekday: Mapped[int | None] = mapped_column(Integer)
    day_kind: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class CalendarDue(Base):
    """A calendar that may have changed since its readers were told: triggers put it here, telling takes it away."""

    __tablename__ = "calendar_due"

    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    academic_year: Mapped[int] = mapped_column(
        Integer, ForeignKey("academic_year.year"), primary_key=True, autoincrement=False
    )
    marked: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class ToldCalendar(Base):
    """What readers were last told of an organization's calendar of a year, and under which version."""

    __tablename__ = "told_calendar"
    __table_args__ = (Index("uq_told_calendar_year", "organization_id", "academic_year", unique=True),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
