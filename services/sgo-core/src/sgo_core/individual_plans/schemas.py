"""HTTP shapes of individual plans."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from servicekit.http import ABSENT, Body
from sgo_core.curricula.schemas import Code, Hours, Level


class Elective(Body):
    """A subject beside the curriculum of the class."""

    subject_id: UUID
    component: Code
    level: Level = "base"
    hours_week: Hours


Chosen = Annotated[list[UUID], Field(max_length=150, title="Строки учебного плана класса")]
Electives = Annotated[list[Elective], Field(max_length=50)]


class PlanIn(Body):
    """A plan to draft: lines chosen of an approved curriculum of the student's class, and electives beside them."""

    curriculum_id: UUID
    chosen: Chosen = Field(default_factory=list)
    electives: Electives = Field(default_factory=list)


class PlanPatch(Body):
    """What changes in a draft: each list sent replaces the one there was."""

    chosen: Chosen = ABSENT
    electives: Electives = ABSENT


class StudentLine(Body):
    """A subject that the student studies; ``line_id`` of one chosen of the curriculum, null for an elective.

    ``period_hours``: hours a week in each period of the curriculum, where they differ.
    """

    line_id: UUID | None
    subject_id: UUID
    component: str
    level: Level
    hours_week: Decimal
    period_hours: list[Decimal] | None = None

    def hours_in(self, period: int) -> Decimal:
        """Hours a week in a period, counted from 0."""
        return self.hours_week if self.period_hours is None else self.period_hours[period]


LINES = TypeAdapter(list[StudentLine])


class StudentLineOut(Body):
    """A subject that the student studies."""

    line_id: UUID | None
    subject_id: UUID
    component: str
    level: Level
    hours_week: str
    period_hours: list[str] | None


class PlanOut(Body):
    """A student's plan; approved, it is in force over [valid_from, valid_to)."""

    id: UUID
    organization_id: UUID
    student_id: UUID
    curriculum_id: UUID
    state: Literal["draft", "approved", "withdrawn"]
    lines: list[StudentLineOut]
    hours_week: str
    document_number: str | None
    document_date: date | None
    valid_from: date | None
    valid_to: date | None
    version: int


class PlansOut(Body):
    """Plans of a student."""

    items: list[PlanOut]
