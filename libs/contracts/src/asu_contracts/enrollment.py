"""Events of eu-enrollment: applications and admissions."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime

from asu_contracts.base import PII, Encrypted, Event, OpenEnum, Payload, Semantics
from asu_contracts.exchanges import Service
from asu_contracts.outward import OutwardExchange
from asu_contracts.people import Kinship, Sex

ADMISSION_CONTEXT = "enrollment.admission"
"""Context that identity numbers of an approved admission are encrypted under on their way to core."""


class ApplicationStatus(OpenEnum):
    """Where an application stands. Contracts are signed with preschools alone; schools alone redirect."""

    REGISTERED = "registered"
    DOCUMENTS_REQUIRED = "documents_required"
    QUEUED = "queued"
    REFERRED = "referred"
    ACCEPTED = "accepted"
    CONTRACT = "contract"
    CONTRACTED = "contracted"
    DECLINED = "declined"
    NO_SHOW = "no_show"
    FROZEN = "frozen"
    REDIRECTED = "redirected"
    ORDERED = "ordered"
    ENROLLED = "enrolled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"
    UNKNOWN = "unknown"


class ApplicationStatusChanged(
    Event,
    type="enrollment.application.status-changed.v1",
    semantics=Semantics.STATE,
    subject="application_id",
    readers={Service.REPORTING},
):
    """An application moved to another status. ``organization_id`` is set once a place is referred.

    ``line`` is `preschool` or `school`; ``grade`` the one a school is asked for, ``age`` the child's full years on the day the rules
    measure it: what a place is counted by.
    """

    application_id: UUID
    campaign_id: UUID
    municipality: str
    status: ApplicationStatus
    changed_at: AwareDatetime
    organization_id: UUID | None = None
    line: str | None = None
    grade: int | None = None
    age: int | None = None


class Order(Payload):
    """The admission order (приказ о зачислении)."""

    number: str
    date: date


class IdentityDocument(Payload):
    """An identity document. Series and number travel encrypted; ``kind`` is the code of the document type."""

    kind: str
    series: Annotated[str, PII, Encrypted]
    number: Annotated[str, PII, Encrypted]
    issued_on: Annotated[date | None, PII] = None


class Child(Payload):
    """The child as stated in the application. ``citizenship`` is ОКСМ, 3 digits."""

    last_name: Annotated[str, PII]
    first_name: Annotated[str, PII]
    middle_name: Annotated[str | None, PII] = None
    birth_date: Annotated[date, PII]
    sex: Annotated[Sex, PII]
    citizenship: Annotated[str, PII] = "643"
    snils: Annotated[str | None, PII, Encrypted] = None
    document: Annotated[IdentityDocument, PII]


class Representative(Payload):
    """A parent or another legal representative as stated in the application."""

    last_name: Annotated[str, PII]
    first_name: Annotated[str, PII]
    middle_name: Annotated[str | None, PII] = None
    kinship: Annotated[Kinship, PII]
    phone: Annotated[str | None, PII] = None
    email: Annotated[str | None, PII] = None
    snils: Annotated[str | None, PII, Encrypted] = None


class Consent(Payload):
    """Consent to the processing of personal data, as given with the application."""

    given_at: AwareDatetime
    operator: str
    purposes: tuple[str, ...]
    valid_until: date | None = None


class AdmissionApproved(
    Event,
    type="enrollment.admission.approved.v1",
    semantics=Semantics.FACT,
    subject="admission_id",
    readers={Service.CORE},
    private=True,
):
    """An order admits a child to a place: core makes the student, the guardians and the membership from it.

    ``admission_id`` is new for every approval, so that an application rejected by core can be approved again.
    ``from_organization_id`` is the organization the child has a place in and comes from: until that one has released the child, core
    rejects the admission and asks it for the transfer.
    """

    admission_id: UUID
    application_id: UUID
    organization_id: UUID
    group_id: UUID
    effective_date: date
    order: Order
    from_organization_id: UUID | None = None
    child: Annotated[Child, PII]
    representatives: Annotated[tuple[Representative, ...], PII]
    consent: Consent


class RevokedAdmission(Payload):
    """An approved admission that an annulled order no longer stands for."""

    admission_id: UUID
    application_id: UUID


class AdmissionOrderAnnulled(
    Event,
    type="enrollment.admission-order.annulled.v1",
    semantics=Semantics.FACT,
    subject="annulment_id",
    readers={Service.CORE},
):
    """An admission order was issued by mistake: core carries out none of its admissions that it has not carried out yet.

    Each of these it rejects as ``revoked``; one that it has carried out stands, and is undone by an order in core alone.
    """

    annulment_id: UUID
    order_id: UUID
    organization_id: UUID
    admissions: tuple[RevokedAdmission, ...]


class OutwardExchangeRecorded(
    OutwardExchange,
    Event,
    type="enrollment.outward-exchange.recorded.v1",
    semantics=Semantics.FACT,
    subject="exchange_id",
    readers={Service.REPORTING},
):
    """Something left enrollment: notices and feeds of portals, what is published of an allocation, a list."""
