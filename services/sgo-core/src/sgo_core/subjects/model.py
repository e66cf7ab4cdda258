"""Subjects of the region and of organizations, and the terms of the curriculum: areas, components."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
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
from sgo_core.history.recorded import Recorded


class CurriculumTerm(Recorded, Base):
    """Reference data of the region: a subject area or a component of the curriculum, valid [from, to).

    ``counts_in_load``: whether hours of a component count towards the maximum weekly load.
    """

    __tablename__ = "curriculum_term"
    __table_args__ = (
        UniqueConstraint("kind", "code"),
        CheckConstraint("kind IN ('area', 'component')", name="kind"),
        CheckConstraint("(kind = 'component') = (counts_in_load IS NOT NULL)", name="counts"),
        CheckConstraint("valid_to > valid_from", name="interval"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    counts_in_load: Mapped[bool | None] = mapped_column(Boolean)
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Subject(Recorded, Base):
    """A subject or course: of the whole region, or an organization's own; taught in the years [valid_from, valid_to).

    An own subject may stand for one of the region's (``counts_as``): where that one is obligatory, it will do. ``told_version``: the
    version that others know, none yet of the subjects a new registry begins with.
    """

    quiet = ("told_version",)

    __tablename__ = "subject"
    __table_args__ = (
        Index("uq_subject_region_code", "code", unique=True, postgresql_where=text("organization_id IS NULL")),
        Index(
            "uq_subject_own_code",
            "organization_id",
            "code",
            unique=True,
            postgresql_where=text("organization_id IS NOT NULL"),
        ),
        Index(
            "uq_subject_region_title",
            func.lower(text("title")),
            unique=True,
            postgresql_where=text("organization_id IS NULL AND valid_to IS NULL"),
        ),
        Index(
            "uq_subject_own_title",
            "organization_id",
            func.lower(text("title")),
            unique=True,
            postgresql_where=text("organization_id IS NOT NULL AND valid_to IS NULL"),
        ),
        CheckConstraint("grade_from BETWEEN 1 AND grade_to AND grade_to <= 12", name="grades"),
        CheckConstraint("valid_to > valid_from", name="interval"),
        CheckConstraint(
            "counts_as IS NULL OR (organization_id IS NOT NULL AND counts_as <> id)",
            name="counts_as",
        ),
        Index("ix_subject_untold", "id", postgresql_where=text("told_version < version")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    short_title: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    grade_from: Mapped[int] = mapped_column(Integer)
    grade_to: Mapped[int] = mapped_column(Integer)
    counts_as: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("subject.id"))
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    told_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))

    def taught_on(self, day: date) -> bool:
        """Whether the subject is in use on a day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)

    @property
    def stands_for(self) -> UUID:
        """The subject it counts as where one is obligatory: the region's it names, else itself."""
        return self.counts_as or self.id
