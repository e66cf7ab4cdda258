"""Academic years; classes and preschool groups with capacity and occupancy."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class AcademicYear(Base):
    """A regional academic year, named by the calendar year it begins in: [starts_on, ends_on)."""

    __tablename__ = "academic_year"
    __table_args__ = (CheckConstraint("ends_on > starts_on", name="interval"),)

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)


class StudyGroup(Base):
    """A class or a preschool group of one academic year.

    ``occupied`` counts the placements that hold a place; it changes only under this row's lock and can never pass
    ``capacity``.
    """

    __tablename__ = "study_group"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        Index("uq_study_group_name", "organization_id", "academic_year", func.lower(text("name")), unique=True),
        CheckConstraint("kind IN ('class', 'preschool_group')", name="kind"),
        CheckConstraint("occupied BETWEEN 0 AND capacity", name="occupied"),
        CheckConstraint("(kind = 'class') = (grade IS NOT NULL)", name="grade"),
        CheckConstraint("grade BETWEEN 1 AND 11", name="grade_range"),
        CheckConstraint("(kind = 'class') = (age_from IS NULL AND age_to IS NULL)", name="ages"),
        CheckConstraint("age_from >= 0 AND age_from <= age_to AND age_to <= 8", name="age_range"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    grade: Mapped[int | None] = mapped_column(Integer)
    age_from: Mapped[int | None] = mapped_column(Integer)
    age_to: Mapped[int | None] = mapped_column(Integer)
    capacity: Mapped[int] = mapped_column(Integer)
    occupied: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    def runs_on(self, day: date) -> bool:
        """Whether the group exists on a day."""
        return self.active and self.starts_on <= day < self.ends_on

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return self.capacity - self.occupied
