"""Who studies where and from when, and who may see it: the journal's copy of core's facts."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Index, or_, text
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


class MergedStudent(Base):
    """A card of core's that was merged into another one of the same child, or parted from it again (``merged_into`` empty)."""

    __tablename__ = "merged_student"

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
