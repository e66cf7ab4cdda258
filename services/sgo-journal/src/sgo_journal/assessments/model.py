"""The schedule of assessments: which lessons hold a control work, and how many a class may have."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Assessment(PerYear, Base):
    """A control work at a lesson: it goes where the lesson goes. ``kind`` is a code of the book ``work_kinds``.

    ``level``: whose work it is; those of the region and federal ones are set from above. Families see it once it is published.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        belongs_to("assessment", "lesson"),
        UniqueConstraint("organization_id", "academic_year", "lesson_id", name="uq_assessment_lesson"),
        Index("ix_assessment_id", "id"),
        CheckConstraint("level IN ('organization', 'region', 'federal')", name="level"),
        PARTITIONED,
    )

    lesson_id: Mapped[UUID]
    kind: Mapped[str]
    title: Mapped[str]
    level: Mapped[str]
    version: Mapped[int]
    made_by: Mapped[UUID]
    made_at: Mapped[dt.datetime]
    published_at: Mapped[dt.datetime | None]


class AssessmentLimits(Base):
    """How many assessments a class may have a day and, if it is limited, a week; an organization without a row has the default."""

    __tablename__ = "assessment_limits"
    __table_args__ = (
        CheckConstraint("per_day BETWEEN 1 AND 10", name="per_day"),
        CheckConstraint("per_week BETWEEN 1 AND 50", name="per_week"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    per_day: Mapped[int]
    per_week: Mapped[int | None]
    version: Mapped[int]
