"""Absences of students that are told of ahead, by the family or by the staff: from when to when and why, nothing medical."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear

LONGEST = dt.timedelta(days=366)
"""From the first day of a notice to its last, at most; the database holds it."""


class AbsenceReason(Base):
    """Why a student may be absent, and what is offered to be noted for it: at lessons, and in a preschool group. Reference data."""

    __tablename__ = "absence_reason"

    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    attendance_code: Mapped[str] = mapped_column(
        ForeignKey("attendance_code.code", name="fk_absence_reason_attendance_code")
    )
    daycare_code: Mapped[str] = mapped_column(ForeignKey("daycare_code.code", name="fk_absence_reason_daycare_code"))
    position: Mapped[int]


class AbsenceNotice(PerYear, Base):
    """A student will be absent on the days [starts_on, ends_on], unless it was withdrawn.

    It is told to the organization of the student's main place of study in those days, which accepts it and alone reads ``note``,
    and holds wherever the student is; ``academic_year`` is that of the first day.
    ``recorded_as``: under which student it was told, where that card was merged into the student's since.
    """

    __tablename__ = "absence_notice"
    __table_args__ = (
        Index("ix_absence_notice_id", "id"),
        Index("ix_absence_notice_student_id", "student_id", "organization_id", "ends_on"),
        Index("ix_absence_notice_ends_on", "organization_id", "ends_on"),
        Index("ix_absence_notice_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        CheckConstraint("starts_on <= ends_on AND ends_on - starts_on <= 366", name="days"),
        CheckConstraint("(accepted_by IS NULL) = (accepted_at IS NULL)", name="accepted"),
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn"),
        PARTITIONED,
    )

    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(ForeignKey("absence_reason.code", name="fk_absence_notice_reason"))
    note: Mapped[str | None]
    told_by: Mapped[UUID]
    by_staff: Mapped[bool]
    told_at: Mapped[dt.datetime]
    accepted_by: Mapped[UUID | None]
    accepted_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[dt.datetime | None]
    version: Mapped[int]
