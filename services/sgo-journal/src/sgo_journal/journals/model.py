"""Journals: whoever is taught together, and what; and who teaches it."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Numeric, UniqueConstraint, func, or_, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to

_NAMESPACE = UUID("6f1d5b3e-0c64-5c0a-9a75-3b1f0d0c2a11")


def journal_id(academic_year: int, learners_id: UUID, subject_id: UUID) -> UUID:
    """Id of the journal of learners and a subject: the same in whatever order loads are heard."""
    return uuid5(_NAMESPACE, f"{academic_year}/{learners_id}/{subject_id}")


class Journal(PerYear, Base):
    """The page of a class, group or teaching group (``learners_id``) and a subject.

    A journal without a subject has a title: of an extracurricular group, of the extended day. ``scale_id`` is the scale that was
    chosen, ``marked_by`` the one new marks are of: the first grade has none while nobody has set its journal up.
    ``video_link``: where its remote lessons are held.
    """

    __tablename__ = "journal"
    __table_args__ = (
        Index(
            "uq_journal_title",
            *("organization_id", "academic_year", "learners_id", "title"),
            unique=True,
            postgresql_where=text("subject_id IS NULL"),
        ),
        UniqueConstraint("organization_id", "academic_year", "id", "learners_id", name="uq_journal_learners_id"),
        Index("ix_journal_id", "id"),
        Index("ix_journal_learners_id", "organization_id", "learners_id"),
        CheckConstraint("subject_id IS NOT NULL OR title IS NOT NULL", name="named"),
        PARTITIONED,
    )

    learners_id: Mapped[UUID]
    of_teaching_group: Mapped[bool]
    subject_id: Mapped[UUID | None]
    title: Mapped[str | None]
    scale_id: Mapped[int] = mapped_column(ForeignKey("scale.id"))
    video_link: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    if TYPE_CHECKING:
        marked_by: Mapped[int]


Journal.marked_by = column_property(
    func.scale_of(
        Journal.scale_id, or_(Journal.version > 1, Journal.subject_id.is_(None)), Journal.learners_id, type_=Integer
    )
)


class Teaching(PerYear, Base):
    """A worker teaches in a journal over [valid_from, valid_to), ``hours_week`` hours.

    ``sequence`` is that of the load it follows, whose id it has; none if the office appointed the teacher here.
    """

    __tablename__ = "teaching"
    __table_args__ = (
        Index("ix_teaching_journal_id", "organization_id", "academic_year", "journal_id"),
        Index("ix_teaching_teacher_id", "organization_id", "teacher_id"),
        belongs_to("teaching", "journal"),
        PARTITIONED,
    )

    journal_id: Mapped[UUID]
    teacher_id: Mapped[UUID]
    hours_week: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    sequence: Mapped[str | None]
