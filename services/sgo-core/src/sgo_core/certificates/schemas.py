"""HTTP shapes of certificates of education."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Text
from sgo_core.groups.schemas import Year
from sgo_core.movements.schemas import Day, OrderIn
from sgo_core.year_closing.schemas import Mark, Subject

CertificateKind = Literal["basic", "secondary", "study_note"]
CertificateState = Literal["draft", "withdrawn", "registered", "handed"]
Blank = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{14}$"), Field(description="Номер бланка, 14 цифр (серия и номер подряд)")
]


class MarkOut(Body):
    """A subject and its final mark."""

    subject: Subject
    mark: Mark


class CertificatesIn(Body):
    """Certificates to draft: for everyone who finished the level in the closed year, or for those named."""

    academic_year: Year
    kind: CertificateKind
    order: OrderIn
    student_ids: Annotated[list[UUID] | None, Field(min_length=1, max_length=500)] = None


class DraftedOut(Body):
    """Drafts made; ``without_marks``: those whose final marks are missing or unsatisfactory."""

    drafted: int
    without_marks: list[UUID]


class CertificatePatch(Body):
    """What changes in a draft; ``marks`` replaces all of them."""

    honours: bool = ABSENT
    marks: Annotated[list[MarkOut], Field(max_length=60)] = ABSENT
    order: OrderIn = ABSENT


class RegistrationIn(Body):
    """The blank and the day of entry into the book."""

    blank: Blank | None = None
    registered_on: Day


class SpoiltIn(Body):
    """A spoilt blank: its successor, why, the act."""

    blank: Blank
    reason: Text
    act: Text


class HandingIn(Body):
    """To whom and when it was handed over; ``note``: the power of attorney, the postal receipt."""

    handed_on: Day
    handed_to: Literal["graduate", "representative", "post"]
    note: Text | None = None


class DuplicateIn(Body):
    """Why a duplicate is issued, and by which order."""

    reason: Text
    order: OrderIn


class FederalAnswerIn(Body):
    """What the federal register answered."""

    state: Literal["accepted", "rejected"]
    note: Text | None = None


class FederalFileIn(Body):
    """Which certificates go into the file; ``again``: also those that were sent and not answered."""

    academic_year: Year
    again: bool = False


class CertificateOut(Body):
    """A certificate of education."""

    id: UUID
    organization_id: UUID
    student_id: UUID
    kind: CertificateKind
    academic_year: int
    state: CertificateState
    honours: bool
    last_name: str
    first_name: str
    middle_name: str | None
    birth_date: date
    marks: list[MarkOut]
    order_number: str
    order_date: date
    duplicate_of: UUID | None
    duplicate_reason: str | None
    registration_number: int | None
    registered_on: date | None
    blank: str | None
    handed_on: date | None
    handed_to: str | None
    handed_note: str | None
    federal_state: Literal["not_sent", "sent", "accepted", "rejected"]
    federal_on: date | None
    federal_note: str | None
    version: int
