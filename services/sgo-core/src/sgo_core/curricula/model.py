"""Curricula: what a class studies, how many hours a week, by which document."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Curriculum(Recorded, Base):
    """An edition of a curriculum of a grade and an academic year; once approved it is never edited, a new edition replaces it.

    ``kind``: ``classical``, the class studies all of it; ``individual``, the students choose from it. ``weeks`` of study a year;
    ``period_count``: into how many periods of different hours the year falls, if it does.
    """

    __tablename__ = "curriculum"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        Index("ix_curriculum_organization_id", "organization_id", "academic_year", "id"),
        Index("uq_curriculum_replaces", "replaces", unique=True, postgresql_where=text("state <> 'withdrawn'")),
        Index(
            "uq_curriculum_copied_from",
            "copied_from",
            "academic_year",
            unique=True,
            postgresql_where=text("state <> 'withdrawn' AND edition = 1"),
        ),
        CheckConstraint("grade BETWEEN 1 AND 12", name="grade"),
        CheckConstraint("kind IN ('classical', 'individual')", name="kind"),
        CheckConstraint("week_days IN (5, 6)", name="week_days"),
        CheckConstraint("weeks BETWEEN 1 AND 44", name="weeks"),
        CheckConstraint("period_count BETWEEN 2 AND 6", name="period_count"),
        CheckConstraint("state IN ('draft', 'approved', 'withdrawn')", name="state"),
        CheckConstraint("edition >= 1 AND (edition = 1) = (replaces IS NULL)", name="edition"),
        CheckConstraint(
            "(state = 'approved') = (approved_at IS NOT NULL) "
            "AND num_nulls(document_number, document_date, in_force_from, approved_by, approved_at) IN (0, 5)",
            name="approved",
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    grade: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    profile: Mapped[str | None] = mapped_column(Text)
    week_days: Mapped[int] = mapped_column(Integer)
    weeks: Mapped[int] = mapped_column(Integer)
    period_count: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    edition: Mapped[int] = mapped_column(Integer)
    replaces: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("curriculum.id"))
    copied_from: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("curriculum.id"))
    document_number: Mapped[str | None] = mapped_column(Text)
    document_date: Mapped[date | None] = mapped_column(Date)
    in_force_from: Mapped[date | None] = mapped_column(Date)
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CurriculumLine(Recorded, Base):
    """A subject of a curriculum: hours a week (half hours allowed), by period where they differ (JSON texts), hours a year if stated.

    ``subgroups``: the class is divided for it. A line taken out of a draft is ``dropped``, not deleted.
    """

    belongs_to = ("curriculum_id",)

    __tablename__ = "curriculum_line"
    __table_args__ = (
        UniqueConstraint("curriculum_id", "subject_id", "component", "level"),
        CheckConstraint("level IN ('base', 'advanced')", name="level"),
        CheckConstraint(
            "hours_week > 0 AND hours_week <= 40 AND hours_week * 2 = trunc(hours_week * 2)", name="hours_week"
        ),
        CheckConstraint("hours_year > 0", name="hours_year"),
        CheckConstraint("jsonb_typeof(period_hours) = 'array'", name="period_hours"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    curriculum_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("curriculum.id"))
    position: Mapped[int] = mapped_column(Integer)
    subject_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("subject.id"))
    component: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    hours_week: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    hours_year: Mapped[Decimal | None] = mapped_column(Numeric(6, 1))
    period_hours: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    subgroups: Mapped[bool] = mapped_column(Boolean)
    dropped: Mapped[bool] = mapped_column(Boolean)

    @property
    def key(self) -> tuple[UUID, str, str]:
        """What a line is one of in its curriculum."""
        return self.subject_id, self.component, self.level

    def hours_in(self, period: int) -> Decimal:
        """Hours a week in a period, counted from 0."""
        return self.hours_week if self.period_hours is None else Decimal(self.period_hours[period])


class CurriculumClass(Recorded, Base):
    """A class that a curriculum is for; since its approval over [valid_from, valid_to), and a class has one at a time."""

    belongs_to = ("curriculum_id",)

    __tablename__ = "curriculum_class"
    __table_args__ = (
        UniqueConstraint("curriculum_id", "group_id"),
        ForeignKeyConstraint(
            ["organization_id", "curriculum_id"],
            ["curriculum.organization_id", "curriculum.id"],
            name="fk_curriculum_class_curriculum",
        ),
        ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["study_group.organization_id", "study_group.id"],
            name="fk_curriculum_class_group",
        ),
        CheckConstraint("valid_to >= valid_from", name="interval"),
        CheckConstraint("NOT dropped OR valid_from IS NULL", name="dropped"),
        ExcludeConstraint(
            ("group_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_curriculum_class_one_in_force",
            where=text("valid_from IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    curriculum_id: Mapped[UUID] = mapped_column(Uuid)
    group_id: Mapped[UUID] = mapped_column(Uuid)
    dropped: Mapped[bool] = mapped_column(Boolean)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
