"""Totals of a student in a subject: of periods, of the year, of an exam, final."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Total(PerYear, Base):
    """A total a teacher has set or confirmed; ``changed_by`` and ``changed_at`` say who and when.

    There is one of a student, a course and a period in an organization, whatever journals the student passed through: ``course_id``
    is the subject, or of a journal without one the journal itself. ``journal_id`` is where it was written last. ``period`` is the
    number of a period of the calendar, 0 for others. [first_day, last_day] are the days it is about; closed when all of them are.
    A total keeps its row, and goes on counting versions, when it is taken away. ``recorded_as``: as of a mark. ``retold`` counts how
    often the registry was told anew whose it is, with nothing changed in it.
    """

    __tablename__ = "total"
    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "academic_year", "course_id", "student_id", "kind", "period"), name="uq_total_cell"
        ),
        ForeignKeyConstraint(
            ["scale_id", "value"], ["scale_value.scale_id", "scale_value.code"], name="fk_total_value"
        ),
        belongs_to("total", "journal"),
        CheckConstraint("kind IN ('period', 'year', 'exam', 'final')", name="kind"),
        CheckConstraint("(kind = 'period') = (period > 0) AND period BETWEEN 0 AND 20", name="period"),
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_total_student_id", "organization_id", "student_id"),
        Index("ix_total_journal_id", "organization_id", "academic_year", "journal_id"),
        Index("ix_total_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        PARTITIONED,
    )

    journal_id: Mapped[UUID]
    course_id: Mapped[UUID]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    kind: Mapped[str]
    period: Mapped[int] = mapped_column(SmallInteger)
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    scale_id: Mapped[int]
    value: Mapped[str | None]
    version: Mapped[int]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
    reason: Mapped[str | None]
    retold: Mapped[int] = mapped_column(server_default=text("0"))
