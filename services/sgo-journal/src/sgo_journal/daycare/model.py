"""Preschool groups day by day (табель учёта посещаемости детей, form 0504608): who was there, who was not and why."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear

_NAMESPACE = UUID("0f6a3c52-8d0e-5a8e-9f43-2b7c1d9e6a54")


def month_id(group_id: UUID, month: dt.date) -> UUID:
    """Id of a group's month, named by its first day."""
    return uuid5(_NAMESPACE, f"{group_id}/{month:%Y-%m}")


class DaycareCode(Base):
    """What may be noted of a child's day. Reference data.

    ``missed``: what 85-К counts it as, `illness` or `other`, none for a day the child was there; ``payable``: whether the parents
    pay for the day.
    """

    __tablename__ = "daycare_code"
    __table_args__ = (CheckConstraint("missed IN ('illness', 'other')", name="missed"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    sign: Mapped[str]
    title: Mapped[str]
    missed: Mapped[str | None]
    payable: Mapped[bool]
    position: Mapped[int]


class ChildDay(PerYear, Base):
    """A child's day in a group. Without a code nothing is known of it; the row stays and goes on counting versions.

    ``recorded_as``: under which student it was noted, where that card was merged into the student's since.
    """

    __tablename__ = "child_day"
    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "academic_year", "group_id", "day", "student_id"), name="uq_child_day_cell"
        ),
        Index("ix_child_day_student_id", "student_id", "organization_id"),
        Index("ix_child_day_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        PARTITIONED,
    )

    group_id: Mapped[UUID]
    day: Mapped[dt.date]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    code: Mapped[str | None] = mapped_column(ForeignKey("daycare_code.code", name="fk_child_day_code"))
    version: Mapped[int]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
    reason: Mapped[str | None]


class DaycareClosure(PerYear, Base):
    """A group is closed on the days [first_day, last_day] though the calendar has them, unless it was withdrawn."""

    __tablename__ = "daycare_closure"
    __table_args__ = (
        Index("ix_daycare_closure_group_id", "organization_id", "academic_year", "group_id"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn"),
        PARTITIONED,
    )

    group_id: Mapped[UUID]
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    reason: Mapped[str]
    made_by: Mapped[UUID]
    made_at: Mapped[dt.datetime]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[dt.datetime | None]


class DaycareMonth(PerYear, Base):
    """What others were told last of a group's month, since it was closed for the first time: child-days, no names."""

    __tablename__ = "daycare_month"
    __table_args__ = (
        UniqueConstraint("organization_id", "academic_year", "group_id", "month", name="uq_daycare_month_group"),
        Index("ix_daycare_month_id", "id"),
        PARTITIONED,
    )

    group_id: Mapped[UUID]
    month: Mapped[dt.date]
    working_days: Mapped[int]
    planned: Mapped[int]
    attended: Mapped[int]
    missed_illness: Mapped[int]
    missed_other: Mapped[int]
    by_code: Mapped[dict[str, Any]] = mapped_column(JSONB)
    told_version: Mapped[int]
    told_at: Mapped[dt.datetime]


class DaycareRecount(PerYear, Base):
    """A group whose told months may be otherwise by now, put here by triggers in the transaction of what changed; many may name one."""

    __tablename__ = "daycare_recount"
    __table_args__ = (
        Index("ix_daycare_recount_group_id", "organization_id", "academic_year", "group_id"),
        PARTITIONED,
    )

    group_id: Mapped[UUID]
