"""People as they come from an admission or a class list: already checked, identifiers in normal form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from identifiers import DocumentKind
from sgo_core.catalogue.values import Document


@dataclass(frozen=True)
class DocumentRecord:
    """An identity document, series and number in normal form."""

    kind: str
    series: str
    number: str
    issued_on: date | None = None
    issued_by: str | None = None

    @classmethod
    def of(cls, document: Document) -> "DocumentRecord":
        """A card's field as a record."""
        return cls(document.kind.value, document.series, document.number, document.issued_on, document.issued_by)

    @property
    def value(self) -> Document:
        """As a card's field."""
        return Document(
            kind=DocumentKind(self.kind),
            series=self.series,
            number=self.number,
            issued_on=self.issued_on,
            issued_by=self.issued_by,
        )


@dataclass(frozen=True)
class StudentRecord:
    """A child. ``snils`` is 11 digits; either it or the document must be there for the child to be found again.

    ``more`` holds checked values of other fields of the card.
    """

    last_name: str
    first_name: str
    middle_name: str | None
    birth_date: date
    sex: str
    citizenship: str
    snils: str | None
    document: DocumentRecord | None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """What is known of the card's fields."""
        known = {
            "last_name": self.last_name,
            "first_name": self.first_name,
            "middle_name": self.middle_name,
            "birth_date": self.birth_date,
            "sex": self.sex,
            "citizenship": self.citizenship,
            "snils": self.snils,
            "document": None if self.document is None else self.document.value,
            **self.more,
        }
        return {name: value for name, value in known.items() if value is not None}


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
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """What is known of the card's fields."""
        known = {
            "last_name": self.last_name,
            "first_name": self.first_name,
            "middle_name": self.middle_name,
            "mobile_phone": self.phone,
            "email": self.email,
            "snils": self.snils,
            **self.more,
        }
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True)
class ConsentRecord:
    """Consent to the processing of the family's data.

    One given to an organization of the register (``organization_id``), on paper, is to all fields of the child's card and of the
    guardians' that need consent; one that came with an application opens no fields.
    """

    given_at: datetime
    operator: str
    purposes: tuple[str, ...]
    valid_until: date | None = None
    organization_id: UUID | None = None


@dataclass(frozen=True)
class FamilyRecord:
    """A child with guardians and consent. ``valid_from``: since when the guardians are known to be so."""

    student: StudentRecord
    guardians: tuple[GuardianRecord, ...]
    consent: ConsentRecord | None
    valid_from: date
    traceparent: str | None = None


class Mismatch(StrEnum):
    """A number finds somebody who, by what else is known, is another person."""

    CHILD = "child_differs"
    GUARDIAN = "guardian_differs"


@dataclass(frozen=True)
class Found:
    """What is known of a family before it is registered.

    ``student_id`` is provisional for a child not known yet, the same for each mention. A ``mismatch`` with another family of
    the batch, not with a card, is ``within_batch``. ``withdrawn``: the very consent that the family comes with.
    """

    student_id: UUID
    mismatch: Mismatch | None = None
    within_batch: bool = False
    withdrawn: bool = False


@dataclass(frozen=True)
class Registered:
    """A student found or created; ``changed``: something new is known of the child or the family."""

    student_id: UUID
    statistical_id: UUID
    created: bool
    changed: bool = False
