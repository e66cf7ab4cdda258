"""HTTP shapes of class teachers."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from servicekit.http import Body, Text
from sgo_core.cards.schemas import Masked, Values
from sgo_core.catalogue.values import Day


class AppointmentIn(Body):
    """Who is to lead a group from a day; ``replace``: instead of the class teacher of that day, who leads it until then."""

    worker_id: UUID
    valid_from: Annotated[Day, Field(title="С какой даты")]
    valid_to: Annotated[Day | None, Field(title="По какую дату (не включая)")] = None
    replace: Annotated[bool, Field(title="Вместо нынешнего")] = False
    reason: Text = "Назначение"


class AppointmentPatch(Body):
    """When it ends (the first day after; null: with the year of the group), and why."""

    reason: Text
    valid_to: Day | None


class AppointmentOut(Body):
    """A worker leads a group [valid_from, valid_to). ``role``: class_teacher, educator, leader (of a club)."""

    id: UUID
    organization_id: UUID
    group_id: UUID
    group_name: str
    worker_id: UUID
    values: Values
    masked: Masked
    role: str
    valid_from: date
    valid_to: date | None
    version: int
