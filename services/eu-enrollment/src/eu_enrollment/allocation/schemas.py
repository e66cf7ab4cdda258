"""Bodies of allocation."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from servicekit.http import Body


class AllocationIn(Body):
    """An allocation has no parameters of its own: everything follows from the campaign."""


class PassedOver(BaseModel):
    """A more wanted organization, and the weakest right and tie key that got one of the places in question."""

    organization_id: UUID
    priority: int | None
    tie: str | None
    explanation: str


class OutcomeOut(BaseModel):
    """What the newest allocation decided for an application, and why."""

    allocation_id: UUID
    at: datetime
    organization_id: UUID | None
    group_id: UUID | None
    rank: int | None
    tie: str
    passed_over: list[PassedOver]
    result_hash: str
