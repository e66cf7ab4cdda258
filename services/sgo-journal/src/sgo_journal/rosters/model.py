"""Who studies where and from when, and who may see it: the journal's copy of core's facts."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Index, Integer, UniqueConstraint, Uuid, column, or_, table, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear


class Placement(PerYear, Base):
    """One stay of a student in a class or group: [valid_from, valid_to), put together from movements in any order.

    The opening movement sets ``valid_from``, the closing one ``valid_to``. While only the closing is known the placement is
    pending: it is in no roster.

    ``recorded_as`` is the id core told it under, where that card was merged into the student's since.
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index("ix_placement_group_id", "organization_id", "group_id"),
        Index("ix_placement_student_id", "student_id"),
        Index("ix_placement_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        PARTITIONED,
    )

    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    group_id: Mapped[UUID]
    grade: Mapped[int | None]
    main: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    @classmethod
    def active_on(cls, day: date) -> ColumnElement[bool]:
        """Whether the placement counts on the date."""
        return (cls.valid_from <= day) & or_(cls.valid_to.is_(None), cls.valid_to > day)


class TeachingGroup(Base):
    """Students taught together beside their class: a subgroup of a class (``group_id``), or a group across classes.

    A student is in one subgroup of a division at a time. ``subject_ids`` names the subjects it is for, none for any.
    """

    __tablename__ = "teaching_group"
    __table_args__ = (
        Index("ix_teaching_group_organization_id", "organization_id", "academic_year", "id"),
        Index("ix_teaching_group_group_id", "group_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    academic_year: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    division_id: Mapped[UUID | None]
    group_id: Mapped[UUID | None]
    grade_from: Mapped[int | None]
    grade_to: Mapped[int | None]
    subject_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    active: Mapped[bool]
    sequence: Mapped[str]


class TeachingGroupStay(PerYear, Base):
    """A student in a teaching group over [valid_from, valid_to), as the newest state of the group has it.

    ``recorded_as`` is the id core told it under, where that card was merged into the student's since.
    """

    __tablename__ = "teaching_group_stay"
    __table_args__ = (
        UniqueConstraint(
            "organization_id",
            "academic_year",
            "teaching_group_id",
            "student_id",
            "recorded_as",
            "valid_from",
            name="uq_teaching_group_stay_student",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_teaching_group_stay_student_id", "student_id"),
        Index("ix_teaching_group_stay_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        PARTITIONED,
    )

    teaching_group_id: Mapped[UUID]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


roster_stay = table(
    "roster_stay",
    column("organization_id", Uuid),
    column("academic_year", Integer),
    column("learners_id", Uuid),
    column("student_id", Uuid),
    column("valid_from", Date),
    column("valid_to", Date),
)
"""A view: who is taught with whom over [valid_from, valid_to), in a class, a group or a teaching group (``learners_id``)."""


def taught_on(day: date) -> ColumnElement[bool]:
    """Whether a row of ``roster_stay`` counts on the date."""
    return (roster_stay.c.valid_from <= day) & or_(roster_stay.c.valid_to.is_(None), roster_stay.c.valid_to > day)


class StudyForm(Base):
    """A form in which a student studies in an organization over [valid_from, valid_to); ``recorded_as`` as of a stay."""

    __tablename__ = "study_form"
    __table_args__ = (
        Index("ix_study_form_student_id", "student_id"),
        Index("ix_study_form_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    kind: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    sequence: Mapped[str]

    @classmethod
    def active_on(cls, day: date) -> ColumnElement[bool]:
        """Whether the student studies in the form on the date."""
        return (cls.valid_from <= day) & or_(cls.valid_to.is_(None), cls.valid_to > day)


class MergedStudent(Base):
    """A card of core's that was merged into another one of the same child, or parted from it again (``merged_into`` empty)."""

    __tablename__ = "merged_student"
    __table_args__ = (
        Index("ix_merged_student_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )

    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    merged_into: Mapped[UUID | None]
    sequence: Mapped[str]


class StudentName(Base):
    """The name under which a student stands in the journal. It may arrive after the placement: until then there is none."""

    __tablename__ = "student_name"

    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    sequence: Mapped[str]


class Guardianship(Base):
    """Who may see a child's diary, in [valid_from, valid_to)."""

    __tablename__ = "guardianship"
    __table_args__ = (Index("ix_guardianship_guardian_id", "guardian_id", "student_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    guardian_id: Mapped[UUID]
    student_id: Mapped[UUID]
    may_see: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    sequence: Mapped[str]

    @classmethod
    def opens_diary(cls, guardian_id: UUID, day: date) -> ColumnElement[bool]:
        """Whether it lets the guardian see the child's data on the date."""
        in_force = (cls.valid_from <= day) & or_(cls.valid_to.is_(None), cls.valid_to > day)
        return (cls.guardian_id == guardian_id) & cls.may_see & in_force
