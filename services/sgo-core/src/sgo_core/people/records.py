"""People as they come from an admission or a class list: already checked, identifiers in normal form."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True)
class DocumentRecord:
    """An identity document, series and number in normal form."""

    kind: str
    series: str
    number: str
    issued_on: date | None = None


@dataclass(frozen=True)
class StudentRecord:
    """A child. ``snils`` is 11 digits; either it or the document must be there for the child to be found again."""

    last_name: str
    first_name: str
    middle_name: str | None
    birth_date: date
    sex: str
    citizenship: str
    snils: str | None
    document: DocumentRecord | None


@dataclass(frozen=True)
class GuardianRecord:
    """A parent or another representative of one child."""

    last_name: str
    first_name: str
    middle_name: str | None
    kinship: str
    phone: str | None = None
    email: str | None = None
    snils: str | None = None


@dataclass(frozen=True)
class ConsentRecord:
    """Consent to the processing of the child's data."""

    given_at: datetime
    operator: str
    purposes: tuple[str, ...]
    valid_until: date | None = None


@dataclass(frozen=True)
class FamilyRecord:
    """A child with guardians and consent. ``valid_from``: since when the guardians are known to be so."""

    student: StudentRecord
    guardians: tuple[GuardianRecord, ...]
    consent: ConsentRecord | None
    valid_from: date
    traceparent: str | None = None


@dataclass(frozen=True)
class Author:
    """Who changes cards and why: for their history."""

    account_id: str
    reason: str


class Mismatch(StrEnum):
    """A number finds somebody who, by what else is known, is another person."""

    CHILD = "child_differs"
    GUARDIAN = "guardian_differs"


@dataclass(frozen=True)
class Found:
    """What is known of a family before it is registered.

    ``student_id`` is provisional for a child not known yet, the same for each mention. A ``mismatch`` with another family of
    the batch, not with a card, is ``within_batch``.
    """

    student_id: UUID
    mismatch: Mismatch | None = None
    within_batch: bool = False


@dataclass(frozen=True)
class Registered:
    """A student found or created."""

    student_id: UUID
    statistical_id: UUID
    created: bool
