"""HTTP shapes of academic debts."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import ABSENT, Body, Text
from sgo_core.cards.schemas import Masked, Values
from sgo_core.catalogue.values import Day

State = Literal["open", "overdue", "cleared"]
_MOST_PAUSED = 1100
"""Three years: the longest leave to care for a child."""


class AttemptIn(Body):
    """An attempt to clear a debt."""

    held_on: Day
    mark: Literal["5", "4", "3", "2", "з", "нз", "н/а"]


class DebtPatch(Body):
    """Another last day, and days of illness and leave, which are not counted in the year that the law gives; and why."""

    reason: Text
    due_on: Day = ABSENT
    paused_days: Annotated[int, Field(ge=0, le=_MOST_PAUSED)] = ABSENT


class AttemptOut(Body):
    """An attempt, and who recorded it."""

    held_on: date
    mark: str
    passed: bool
    recorded_by: str


class AcademicDebtOut(Body):
    """A debt, of a student who studies in ``organization_id`` now; ``last_on`` is the last day that the law leaves for it."""

    id: UUID
    student_id: UUID
    values: Values
    masked: Masked
    organization_id: UUID
    group: str | None
    arose_in: UUID
    academic_year: int
    subject: str
    arose_on: date
    due_on: date
    last_on: date
    paused_days: int
    attempts: list[AttemptOut]
    attempts_left: int
    cleared_on: date | None
    overdue: bool
    version: int
