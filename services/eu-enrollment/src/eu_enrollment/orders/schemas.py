"""Bodies of orders."""

from uuid import UUID

from pydantic import BaseModel

from eu_enrollment.applications.schemas import Day
from servicekit.http import Body, Line


class OrderCreate(Body):
    """An admission order of one organization, over every place accepted there."""

    organization_id: UUID
    number: Line
    date: Day
    effective_date: Day


class OrderOut(BaseModel):
    """An issued order and how many applications are in it."""

    id: UUID
    applications: int
