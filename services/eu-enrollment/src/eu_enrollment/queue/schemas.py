"""Bodies of the queue."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.campaigns.rules import BenefitClass
from eu_enrollment.queue.causes import Cause, Federal


class OrganizationPosition(BaseModel):
    """Place in the queue of one wanted organization, among children of ages that compete for the same groups.

    ``ahead`` is how many stand before; ``ahead_by_class`` the same by class of right; ``total`` everybody who competes, the
    application with them; ``equal`` how many have the same right where the lot is not drawn yet; ``seats`` the free places for the
    age. ``position`` is null before the lot, and for an application that takes no part in the next allocation: an operator has yet
    to check it, or the place is wanted after the academic year.
    """

    organization_id: UUID
    rank: int
    total: int
    total_by_class: dict[BenefitClass, int]
    ahead: int
    ahead_by_class: dict[BenefitClass, int]
    equal: int
    position: int | None
    seats: int
    explanation: str


class PositionOut(BaseModel):
    """Place in the queue as of ``at``; ``organizations`` is empty for an application that does not wait."""

    application_id: UUID
    status: ApplicationStatus
    at: datetime
    organizations: list[OrganizationPosition]


class ChangeLine(BaseModel):
    """Changes of a business day by one cause: ``change`` more (or fewer) stand ahead; ``federal`` is its number in the federal answer."""

    day: date
    cause: Cause
    federal: Federal
    change: int
    title: str


class OrganizationChanges(BaseModel):
    """How the place at one organization moved: ``position_now`` = ``position_then`` + ``change``, the sum of the lines.

    ``position_then`` is the place at the instant asked about, or when the application entered the queue after it, null if it has
    not; ``position_now`` is null for one that does not stand there any more: the lines tell of the time it did. ``federal`` are the
    three numbers of GetApplicationQueueReason: ``change`` = ``increase_queue`` + ``increase_benefits`` − ``got_a_place``.
    """

    organization_id: UUID
    rank: int
    position_then: int | None
    position_now: int | None
    change: int
    federal: dict[Federal, int]
    lines: list[ChangeLine]


class PositionChangesOut(BaseModel):
    """Changes of place between ``since`` and ``at``. Before the lots are drawn only stronger rights stand ahead."""

    application_id: UUID
    since: datetime
    at: datetime
    organizations: list[OrganizationChanges]
