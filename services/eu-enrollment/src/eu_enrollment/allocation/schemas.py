"""Bodies of allocation."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from eu_enrollment.allocation.framing import Policy
from eu_enrollment.allocation.mechanisms import Mechanism
from servicekit.http import Body, Line


class AllocationIn(Body):
    """What does not follow from the campaign.

    ``outcome``: of the public draw that was announced for its lots. ``policy``: instead of that of the day, which is rerun until the
    campaign is frozen, fill after.
    """

    outcome: Line | None = None
    policy: Policy | None = None


class SimulationIn(Body):
    """A simulation has no parameters of its own."""


class AllocationOut(BaseModel):
    """An allocation that was carried out.

    ``seed`` is that of the lots; ``moved_up`` of the placed came from a less wanted place they held; ``blocking``: families of
    brothers and sisters that could have had better, as no stable result was found. ``input_hash`` and ``result_hash`` are of what
    the service holds, ``sha256`` and ``size`` (bytes) of the document anyone may read.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    rules: str
    mechanism: Mechanism
    policy: Policy
    seed: str
    input_hash: str
    result_hash: str
    applicants: int
    placed: int
    moved_up: int
    blocking: int
    sha256: str
    size: int


class PublishedOut(AllocationOut):
    """An allocation as anyone sees it. The document is under ``/data``; ``python -m eu_enrollment check-allocation`` proves it."""

    campaign_id: UUID


class PassedOver(BaseModel):
    """A more wanted organization, and the weakest right that got one of the places in question; whose it is nobody is told (ADR 0036)."""

    organization_id: UUID
    priority: int | None
    explanation: str


class OutcomeOut(BaseModel):
    """What the newest allocation decided for an application, and why; ``line`` is its name in the published document."""

    allocation_id: UUID
    at: datetime
    organization_id: UUID | None
    group_id: UUID | None
    rank: int | None
    tie: str
    line: str
    passed_over: list[PassedOver]
    result_hash: str
