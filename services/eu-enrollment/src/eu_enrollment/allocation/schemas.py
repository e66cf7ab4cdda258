"""Bodies of allocation."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from servicekit.http import Body


class AllocationIn(Body):
    """An allocation has no parameters of its own: everything follows from the campaign."""


class AllocationOut(BaseModel):
    """An allocation that was carried out.

    Rules, seed of the lots and hashes let anyone who has the input carry it out again and compare.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    rules: str
    seed: str
    input_hash: str
    result_hash: str
    applicants: int
    placed: int


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
