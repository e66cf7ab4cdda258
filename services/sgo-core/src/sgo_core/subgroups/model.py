"""Groups in which students are taught beside their class: subgroups of a class, and groups across classes."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    ARRAY,
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
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Division(Recorded, Base):
    """A class divided into subgroups by a rule, for one subject or for any (Appendix 2, 3.1.4)."""

    belongs_to = ("id", "group_id")

    __tablename__ = "division"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["study_group.organization_id", "study_group.id"],
            name="fk_division_group",
        ),
        Index("uq_division_name", "group_id", func.lower(text("name")), unique=True, postgresql_where=text("active")),
        CheckConstraint("rule IN ('by_hand', 'alphabet', 'sex', 'foreign_language')", name="rule"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    group_id: Mapped[UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID | None] = mapped_column(Uuid)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class TeachingGroup(Recorded, Base):
    """A subgroup of a division, or a group across classes.

    The latter is of individual plans, elective, of the extended day, extracurricular, or of those taught at home.

    ``told_version``: the version that others know.
    """

    belongs_to = ("id", "division_id")
    quiet = ("told_version",)

    __tablename__ = "teaching_group"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        ForeignKeyConstraint(
            ["organization_id", "division_id"],
            ["division.organization_id", "division.id"],
            name="fk_teaching_group_division",
        ),
        ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["study_group.organization_id", "study_group.id"],
            name="fk_teaching_group_group",
        ),
        Index(
            "uq_teaching_group_name",
            "organization_id",
            "academic_year",
            "kind",
            func.lower(text("name")),
            unique=True,
            postgresql_where=text("division_id IS NULL AND active"),
        ),
        Index(
            "uq_teaching_group_subgroup",
            "division_id",
            func.lower(text("name")),
            unique=True,
            postgresql_where=text("active"),
        ),
        Index("ix_teaching_group_group_id", "group_id"),
        Index("ix_teaching_group_organization_id", "organization_id", "id"),
        Index("ix_teaching_group_untold", "id", postgresql_where=text("told_version < version")),
        CheckConstraint(
            "(kind = 'subgroup') = (division_id IS NOT NULL) AND (kind = 'subgroup') = (group_id IS NOT NULL)",
            name="subgroup",
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    division_id: Mapped[UUID | None] = mapped_column(Uuid)
    group_id: Mapped[UUID | None] = mapped_column(Uuid)
    grade_from: Mapped[int | None] = mapped_column(Integer)
    grade_to: Mapped[int | None] = mapped_column(Integer)
    subject_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    capacity: Mapped[int | None] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    told_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class TeachingGroupStay(Recorded, Base):
    """A student in a teaching group over [valid_from, valid_to).

    It rests on the stay in the organization, that in a subgroup on the stay in the class too, and ends with it (triggers see to it).
    """

    belongs_to = ("student_id", "teaching_group_id")

    __tablename__ = "teaching_group_stay"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "teaching_group_id"],
            ["teaching_group.organization_id", "teaching_group.id"],
            name="fk_teaching_group_stay_teaching_group",
        ),
        ExcludeConstraint(
            ("division_id", "="),
            ("student_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_teaching_group_stay_division",
        ),
        ExcludeConstraint(
            ("teaching_group_id", "="),
            ("student_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_teaching_group_stay_group",
        ),
        CheckConstraint("valid_to >= valid_from", name="interval"),
        CheckConstraint("(division_id IS NULL) = (placement_id IS NULL)", name="subgroup"),
        Index("ix_teaching_group_stay_teaching_group_id", "teaching_group_id", "valid_from"),
        Index("ix_teaching_group_stay_student_id", "student_id"),
        Index("ix_teaching_group_stay_placement_id", "placement_id"),
        Index("ix_teaching_group_stay_membership_id", "membership_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    teaching_group_id: Mapped[UUID] = mapped_column(Uuid)
    division_id: Mapped[UUID | None] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    membership_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("membership.id"))
    placement_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("placement.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
