"""Individual plans: what one student studies of the curriculum of the class, and beside it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class IndividualPlan(Recorded, Base):
    """A student's plan by a curriculum of the class; approved, it is in force over [valid_from, valid_to), one at a time.

    ``lines``: what was chosen of the curriculum and the electives, as ``schemas.StudentLine`` writes them.
    """

    belongs_to = ("student_id",)

    __tablename__ = "individual_plan"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "curriculum_id"],
            ["curriculum.organization_id", "curriculum.id"],
            name="fk_individual_plan_curriculum",
        ),
        CheckConstraint("state IN ('draft', 'approved', 'withdrawn')", name="state"),
        CheckConstraint("jsonb_typeof(lines) = 'array'", name="lines"),
        CheckConstraint("valid_to >= valid_from", name="interval"),
        CheckConstraint(
            "(state = 'approved') = (valid_from IS NOT NULL) "
            "AND num_nulls(document_number, document_date, approved_by, valid_from, valid_to) IN (0, 5)",
            name="approved",
        ),
        ExcludeConstraint(
            ("student_id", "="),
            ("organization_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_individual_plan_one_in_force",
            where=text("state = 'approved'"),
        ),
        Index("ix_individual_plan_organization_id", "organization_id", "id"),
        Index("ix_individual_plan_student_id", "student_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    curriculum_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(Text)
    lines: Mapped[Any] = mapped_column(JSONB)
    document_number: Mapped[str | None] = mapped_column(Text)
    document_date: Mapped[date | None] = mapped_column(Date)
    approved_by: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
