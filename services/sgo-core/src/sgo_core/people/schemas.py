"""HTTP shapes of people's cards. Identity numbers are shown masked."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from identifiers import DocumentKind, InvalidIdentifier, Snils, parse_document
from servicekit.http import ABSENT, Body, Line, Text

Sex = Literal["male", "female"]
Name = Annotated[Line, StringConstraints(max_length=100)]
Citizenship = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
BirthDate = Annotated[date, Field(ge=date(1950, 1, 1))]
NumberText = Annotated[str, StringConstraints(max_length=40)]


class DocumentOut(Body):
    """An identity document; only the last digits of the number are shown."""

    kind: str
    number: str
    issued_on: date | None


class GuardianOut(Body):
    """A guardian of the student."""

    id: UUID
    last_name: str
    first_name: str
    middle_name: str | None
    kinship: str
    phone: str | None
    email: str | None
    snils: str | None
    may_see: bool
    valid_from: date
    valid_to: date | None
    version: int


class ConsentOut(Body):
    """A consent to the processing of personal data."""

    given_at: datetime
    operator: str
    purposes: list[str]
    valid_until: date | None


class DuplicateOut(Body):
    """Another card that may be the same child."""

    student_id: UUID
    reason: Literal["same_name_and_birth_date", "same_document"]


class StudentOut(Body):
    """A student's card."""

    id: UUID
    last_name: str
    first_name: str
    middle_name: str | None
    birth_date: date
    sex: Sex
    citizenship: str
    snils: str | None
    document: DocumentOut | None
    guardians: list[GuardianOut]
    consents: list[ConsentOut]
    possible_duplicates: list[DuplicateOut]
    version: int


class DocumentIn(Body):
    """An identity document to set."""

    kind: DocumentKind
    series: NumberText = ""
    number: NumberText
    issued_on: date | None = None

    @model_validator(mode="after")
    def _reads(self) -> Self:
        try:
            parse_document(self.kind, self.series, self.number)
        except InvalidIdentifier as error:
            raise PydanticCustomError(error.code.replace("_", "-"), error.title_ru) from None
        return self


class StudentPatch(Body):
    """Fields to change, and why; what is absent stays, null takes away what a card may lack."""

    reason: Text
    last_name: Name = ABSENT
    first_name: Name = ABSENT
    middle_name: Name | None = None
    birth_date: BirthDate = ABSENT
    sex: Sex = ABSENT
    citizenship: Citizenship = ABSENT
    snils: Snils | None = None
    document: DocumentIn | None = None


class GuardianshipPatch(Body):
    """What changes in a guardianship, and why: may the guardian see the child's data, until when (exclusive; null: no end)."""

    reason: Text
    may_see: bool = ABSENT
    valid_to: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))] | None = None


class CardChangeOut(Body):
    """A change of a card: old and new value by field; sealed numbers are not shown."""

    id: UUID
    changed_at: datetime
    changed_by: str
    reason: str
    changes: dict[str, Any]
