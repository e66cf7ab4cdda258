"""Teaching load: who teaches which subject to whom, how many hours a week, from and to."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded

_TIME = (func.daterange(text("valid_from"), text("valid_to")), "&&")


class TeachingLoad(Recorded, Base):
    """A line of the load over [valid_from, valid_to): a class, or a teaching group, by one employment of a worker.

    A dismissal ends it, and another title of its subject is a version to tell of (triggers see to it). ``told_version``: the version
    that others know.
    """

    belongs_to = ("worker_id",)
    quiet = ("told_version",)

    __tablename__ = "teaching_load"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["study_group.organization_id", "study_group.id"],
            name="fk_teaching_load_group",
        ),
        ForeignKeyConstraint(
            ["organization_id", "teaching_group_id"],
            ["teaching_group.organization_id", "teaching_group.id"],
            name="fk_teaching_load_teaching_group",
        ),
        ExcludeConstraint(
            ("group_id", "="), ("subject_id", "="), ("employment_id", "="), _TIME, name="ex_teaching_load_group"
        ),
        ExcludeConstraint(
            ("teaching_group_id", "="),
            ("subject_id", "="),
            ("employment_id", "="),
            _TIME,
            name="ex_teaching_load_teaching_group",
        ),
        CheckConstraint("num_nonnulls(group_id, teaching_group_id) = 1", name="taught"),
        CheckConstraint("hours_week > 0 AND hours_week <= 40 AND hours_week * 2 = trunc(hours_week * 2)", name="hours"),
        CheckConstraint("valid_to >= valid_from", name="interval"),
        Index("ix_teaching_load_organization_id", "organization_id", "id"),
        Index("ix_teaching_load_worker_id", "worker_id"),
        Index("ix_teaching_load_employment_id", "employment_id"),
        Index("ix_teaching_load_untold", "id", postgresql_where=text("told_version < version")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    group_id: Mapped[UUID | None] = mapped_column(Uuid)
    teaching_group_id: Mapped[UUID | None] = mapped_column(Uuid)
    subject_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("subject.id"))
    worker_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("worker.id"))
    employment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("employment.id"))
    hours_week: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    told_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))

    def holds_on(self, day: date) -> bool:
        """Whether the line is in force on a day."""
        return self.valid_from <= day < self.valid_to
