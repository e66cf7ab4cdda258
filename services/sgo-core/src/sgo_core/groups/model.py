"""Academic years; classes, preschool groups and groups of additional education with capacity and occupancy."""

from datetime import date
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
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class AcademicYear(Base):
    """A regional academic year, named by the calendar year it begins in: [starts_on, ends_on)."""

    __tablename__ = "academic_year"
    __table_args__ = (CheckConstraint("ends_on > starts_on", name="interval"),)

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)


class StudyGroup(Recorded, Base):
    """A class, a preschool group or a group of additional education, of one academic year.

    ``occupied`` counts the placements that hold a place; it changes only under this row's lock and can never pass
    ``capacity``. It is no news for the history: who asks for the past counts placements. ``reference_headcount`` is the number of
    students on 20 September that the office states for the statistics.
    """

    quiet = ("occupied",)

    __tablename__ = "study_group"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        ForeignKeyConstraint(
            ["organization_id", "programme_id"],
            ["programme.organization_id", "programme.id"],
            name="fk_study_group_programme",
        ),
        Index("uq_study_group_name", "organization_id", "academic_year", func.lower(text("name")), unique=True),
        Index("ix_study_group_programme_id", "programme_id"),
        CheckConstraint("kind IN ('class', 'preschool_group', 'additional_group')", name="kind"),
        CheckConstraint("occupied BETWEEN 0 AND capacity", name="occupied"),
        CheckConstraint("(kind = 'class') = (grade IS NOT NULL)", name="grade"),
        CheckConstraint("grade BETWEEN 1 AND 11", name="grade_range"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    grade: Mapped[int | None] = mapped_column(Integer)
    letter: Mapped[str | None] = mapped_column(Text)
    class_type: Mapped[str | None] = mapped_column(Text)
    plan_type: Mapped[str | None] = mapped_column(Text)
    profile: Mapped[str | None] = mapped_column(Text)
    combined_set: Mapped[str | None] = mapped_column(Text)
    age_from: Mapped[int | None] = mapped_column(Integer)
    age_to: Mapped[int | None] = mapped_column(Integer)
    orientation: Mapped[str | None] = mapped_column(Text)
    disorder: Mapped[str | None] = mapped_column(Text)
    stay_mode: Mapped[str | None] = mapped_column(Text)
    programme_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift: Mapped[int | None] = mapped_column(Integer)
    room_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("room.id"))
    reference_headcount: Mapped[int | None] = mapped_column(Integer)
    capacity: Mapped[int] = mapped_column(Integer)
    occupied: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))

    def runs_on(self, day: date) -> bool:
        """Whether the group exists on a day."""
        return self.active and self.starts_on <= day < self.ends_on

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return self.capacity - self.occupied

    @property
    def main(self) -> bool:
        """Whether a place in it is somebody's main place of study: not so in a group of additional education."""
        return self.programme_id is None
