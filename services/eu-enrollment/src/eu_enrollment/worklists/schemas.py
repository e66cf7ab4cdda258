"""Bodies of working lists."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.registration import document_key, snils_key
from eu_enrollment.applications.schemas import DocumentIn
from eu_enrollment.applications.stated import Day
from eu_enrollment.applications.statuses import KnownStatus
from eu_enrollment.campaigns.rules import BenefitClass, Channel, Orientation, Stay
from eu_enrollment.referrals.schemas import ReferralStatus
from eu_enrollment.verifications.kinds import CheckKind
from identifiers import DocumentKind, Snils
from servicekit.crypto import KeyedHash
from servicekit.http import Body

Age = Annotated[int, Field(ge=0, le=25)]
Client = Annotated[str, Field(max_length=100, description="Кем подано: учётная запись или портал")]
Attention = Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+$", description="Код отметки; none — без отметки")]
Number = Annotated[str, Field(max_length=40, pattern=r"^[0-9-]+$", description="Начало номера")]


class Filters(Body):
    """Which applications to list: every filter that is given narrows the list.

    ``organization_id``: wanted by the family, or where a place is held. ``orientation``: of the preschool group that the child needs;
    ``stay_mode``: one of those that suit it.
    ``check``: something of the kind is still to be verified. ``attention``: a note's code, or ``none``.
    """

    status: list[KnownStatus] = Field(default_factory=list, max_length=20)
    benefit_class: BenefitClass | None = None
    organization_id: UUID | None = None
    age: Age | None = None
    of_age: bool | None = None
    desired_until: Day | None = None
    accepted_from: Day | None = None
    accepted_until: Day | None = None
    client: Client | None = None
    channel: Channel | None = None
    orientation: Orientation | None = None
    stay_mode: Stay | None = None
    check: CheckKind | None = None
    attention: Attention | None = None
    number: Number | None = None


def _from_query(
    status: Annotated[list[KnownStatus] | None, Query(max_length=20)] = None,
    benefit_class: BenefitClass | None = None,
    organization_id: UUID | None = None,
    age: Age | None = None,
    of_age: bool | None = None,
    desired_until: Day | None = None,
    accepted_from: Day | None = None,
    accepted_until: Day | None = None,
    client: Client | None = None,
    channel: Channel | None = None,
    orientation: Orientation | None = None,
    stay_mode: Stay | None = None,
    check: CheckKind | None = None,
    attention: Attention | None = None,
    number: Number | None = None,
) -> Filters:
    return Filters(
        status=status or [],
        benefit_class=benefit_class,
        organization_id=organization_id,
        age=age,
        of_age=of_age,
        desired_until=desired_until,
        accepted_from=accepted_from,
        accepted_until=accepted_until,
        client=client,
        channel=channel,
        orientation=orientation,
        stay_mode=stay_mode,
        check=check,
        attention=attention,
        number=number,
    )


FiltersQuery = Annotated[Filters, Depends(_from_query)]
"""Filters as parameters of a list's address."""


class NextStep(BaseModel):
    """Why an application came back, and what can be done."""

    code: str
    title: str
    actions: list[str]


class WorkItem(BaseModel):
    """An application as it waits: no names. ``channel``: how it came; ``orientation``, ``stay_modes``: of the preschool group needed.

    ``due_on`` is the last day of the step, ``organization_id`` where a place is held.
    """

    id: UUID
    number: str
    status: ApplicationStatus
    status_title: str
    attention: str | None
    rejection: NextStep | None
    benefit: str | None
    benefit_class: BenefitClass
    age: int
    of_age: bool
    desired_from: date
    accepted_at: datetime
    client: str
    channel: Channel
    orientation: str | None
    stay_modes: list[str] | None
    organization_id: UUID | None
    group_id: UUID | None
    referral_id: UUID | None
    referral_status: ReferralStatus | None
    due_on: date | None
    overdue: bool
    version: int


class QueueCount(BaseModel):
    """How many wait in a queue."""

    name: str
    title: str
    count: int


class QueuesOut(BaseModel):
    """The working queues of a campaign as of ``at``."""

    at: datetime
    queues: list[QueueCount]


class DemandLine(BaseModel):
    """How many live applications of a class of right want an organization, of them as the first choice."""

    benefit_class: BenefitClass
    wanted: int
    first: int


class DemandOut(BaseModel):
    """How much an organization is wanted: counts alone."""

    organization_id: UUID
    wanted: int
    first: int
    lines: list[DemandLine]


class SearchIn(Body):
    """Whose applications to find: by СНИЛС or by the document, exactly."""

    snils: Snils | None = None
    document: DocumentIn | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.snils is None) == (self.document is None):
            raise PydanticCustomError("search.one", "Укажите СНИЛС или документ")
        if self.document is not None and self.document.kind is DocumentKind.OTHER:
            raise PydanticCustomError("search.document", "По такому документу ребёнка не найти: укажите СНИЛС")
        return self

    def key(self, hasher: KeyedHash) -> tuple[str, bytes]:
        """The column of the register and the hash to find there."""
        if self.document is not None:
            return "document_key", document_key(hasher, self.document)
        assert self.snils is not None
        return "child_key", snils_key(hasher, self.snils)
