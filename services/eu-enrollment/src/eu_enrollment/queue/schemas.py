"""Bodies of the queue."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.campaigns.rules import BenefitClass
from eu_enrollment.queue.causes import Cause, Federal
from servicekit.http import Body


class PlacesFor(BaseModel):
    """Free places of one block: reserved for a ``kind`` of children, or open to all (``kind`` is null).

    ``ahead``: how many of those who stand before may take them; ``yours``: whether the application may, null in a look-up without
    signing in. Reserved places that nobody of their kind takes go to the others.
    """

    kind: str | None
    title: str
    places: int
    ahead: int
    yours: bool | None


class OrganizationPosition(BaseModel):
    """Place in the queue of one wanted organization, among children who compete for the same places: of an age and a kind.

    ``ahead`` is how many stand before; ``ahead_by_class`` the same by class of right; ``total`` everybody who competes, the
    application with them; ``equal`` how many have the same right where the lot is not drawn yet; ``seats`` the free places that the
    child could take, in ``blocks`` where some of them are reserved. ``position`` is null before the lot, and for an application that
    takes no part in the next allocation: an operator has yet to check it, the place is wanted after the academic year, or there is no
    kind of place left that the child can take.
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
    blocks: list[PlacesFor]
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


class LookUpCodeOut(BaseModel):
    """What a family that files on paper is given beside the receipt, to look its application up without signing in."""

    number: str
    code: str


class LookUpPlace(OrganizationPosition):
    """Place in the queue of an organization by its name."""

    name: str


class LookUpOut(BaseModel):
    """Where an application stands as of ``at``, without personal data."""

    number: str
    campaign: str
    status: ApplicationStatus
    status_title: str
    status_changed_at: datetime
    at: datetime
    organizations: list[LookUpPlace]


class Verdict(StrEnum):
    """How the family's own value compares with that of the child who got in last."""

    WEAKER = "weaker"
    EQUAL = "equal"
    STRONGER = "stronger"


class Compared(BaseModel):
    """A step of comparison: by what, on what act it rests, the own value and that of the child who got in last."""

    by: str
    title: str
    act: str
    clause: str
    yours: str
    last: str
    verdict: Verdict


class Decided(BaseModel):
    """Why a place did not come true: steps of comparison up to the one that decided; none where nobody got in."""

    compared: list[Compared]
    decided_by: str | None
    explanation: str


class WhyNotThese(Decided):
    """The same of the places of one block: reserved for a ``kind`` of children, or open to all (``kind`` is null).

    ``yours``: whether the child could have had one of them; of places for others nothing is compared.
    """

    kind: str | None
    title: str
    places: int
    yours: bool


class WhyNot(Decided):
    """Why a more wanted organization did not come true, and the same by block where some of its places were reserved."""

    organization_id: UUID
    name: str
    blocks: list[WhyNotThese]


class Certificate(BaseModel):
    """What an allocation decided for one application and why; nobody else's number, name or lot."""

    kind: str
    number: str
    campaign: str
    rules: str
    rules_title: str
    allocation_id: UUID
    allocated_at: datetime
    result_hash: str
    placed_in: str | None
    rank: int | None
    wanted_more: list[WhyNot]
    issued_at: datetime


class CertificateOut(BaseModel):
    """A certificate and its detached JWS over ``certificate`` in canonical JSON, by a key of ``GET /receipts/keys``."""

    certificate: Certificate
    signature: str


class ForecastIn(Body):
    """How far to look, and rates a month; those left out are measured.

    ``inflow`` and ``leaving`` are shares of those who wait, ``declining`` the share of families that decline a place.
    """

    months: int = Field(default=3, ge=1, le=12)
    inflow: float | None = Field(default=None, ge=0, le=1)
    leaving: float | None = Field(default=None, ge=0, le=1)
    declining: float | None = Field(default=None, ge=0, le=1)


class Band(StrEnum):
    """A chance in words: at least four of five, at most one of five, between."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ByMonth(BaseModel):
    """Between which whole percents the chance lies that the place has come true by a day."""

    until: date
    low: int
    high: int


class WishForecast(BaseModel):
    """The chance of one wanted organization; a child that gets a more wanted one does not get this."""

    organization_id: UUID
    rank: int
    chance: Band
    by_month: list[ByMonth]
    explanation: str


class ForecastOut(BaseModel):
    """What re-runs of the allocation came to for an application: a calculation as of ``at``, no promise."""

    application_id: UUID
    at: datetime
    inflow: float
    leaving: float
    declining: float
    rounds: int
    wishes: list[WishForecast]
    note: str
