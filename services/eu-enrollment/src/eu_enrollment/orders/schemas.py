"""Bodies of orders."""

from uuid import UUID

from pydantic import BaseModel, Field

from eu_enrollment.applications.stated import Day
from servicekit.http import Body, Line


class OrderCreate(Body):
    """An admission order of one organization, over every place accepted there.

    An application that needs an operator's attention, as the registry has refused it before, is left out unless it is named in
    ``attended``.
    """

    organization_id: UUID
    number: Line
    date: Day
    effective_date: Day
    attended: frozenset[UUID] = Field(default=frozenset(), max_length=500)


class OrderOut(BaseModel):
    """An issued order and how many applications are in it."""

    id: UUID
    applications: int
