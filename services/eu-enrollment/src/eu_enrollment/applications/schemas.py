"""Bodies of applications."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.stated import (
    AddressesIn,
    ApplicationNumber,
    AttendsIn,
    BenefitIn,
    Day,
    GroupIn,
    Language,
    LanguageTestIn,
    PaperIn,
    Short,
)
from eu_enrollment.campaigns.rules import Channel, Consequence, Legal
from eu_enrollment.campaigns.schemas import Instant
from identifiers import DocumentKind, InvalidIdentifier, Snils, parse_document
from servicekit.http import Body, Line, Text


def _name(value: str) -> str:
    if not any(character.isalpha() for character in value) or any(character.isdigit() for character in value):
        raise PydanticCustomError("name.format", "Имя записывается буквами")
    return " ".join(value.split())


Name = Annotated[Line, Field(max_length=100), AfterValidator(_name)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9]{10,15}$")]
Email = Annotated[
    str, StringConstraints(pattern=r"^[^@\s\x00-\x20\x7f]{1,64}@[^@\s\x00-\x20\x7f]{1,190}$", max_length=254)
]
Citizenship = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]


class Sex(StrEnum):
    """Sex as the birth certificate states it."""

    MALE = "male"
    FEMALE = "female"


class Kinship(StrEnum):
    """What a representative is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    GUARDIAN = "guardian"
    OTHER = "other"


class DocumentIn(Body):
    """An identity document; series and number are brought to their normal form."""

    kind: DocumentKind
    series: Annotated[str, Field(max_length=40)]
    number: Annotated[str, Field(max_length=40)]
    issued_on: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _normal(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not all(isinstance(data.get(k), str) for k in ("kind", "series", "number")):
            return data
        try:
            series, number = parse_document(DocumentKind(data["kind"]), data["series"], data["number"])
        except InvalidIdentifier as error:
            raise PydanticCustomError(error.code.replace("_", "-"), error.title_ru) from None
        except ValueError:
            return data
        return data | {"series": series, "number": number}


class ChildIn(Body):
    """The child. ``citizenship`` is ОКСМ, 3 digits."""

    last_name: Name
    first_name: Name
    middle_name: Name | None = None
    birth_date: Day
    sex: Sex
    citizenship: Citizenship = "643"
    snils: Snils | None = None
    document: DocumentIn


class RepresentativeIn(Body):
    """A parent or another legal representative."""

    last_name: Name
    first_name: Name
    middle_name: Name | None = None
    kinship: Kinship
    phone: Phone | None = None
    email: Email | None = None
    snils: Snils | None = None


class ChoiceIn(Body):
    """A wanted organization."""

    organization_id: UUID


class ConsentIn(Body):
    """Consent to the processing of personal data."""

    given_at: Instant
    operator: Line
    purposes: list[Line] = Field(min_length=1, max_length=20)
    valid_until: Day | None = None


class ApplicationIn(Body):
    """An application as a portal sends it. ``choices`` go from the most wanted; ``benefits`` are categories of the campaign's rules.

    ``channel`` is stated by an operator who enters what came otherwise than through a portal. ``grade`` and ``profile`` are of
    admission and transfer into grades 1 to 11, ``group`` of preschools, ``attends`` of who has a place already. ``agree_other``:
    any other organization may be offered. ``together_with`` names the applications of brothers and sisters in this campaign, which
    state a representative with the same СНИЛС; ``apart_allowed``: they may get places in different organizations. ``stay_document``
    and ``language_test`` are a foreign child's, ``certificate`` is that of basic education for grades 10 and 11.
    """

    campaign_id: UUID
    external_id: UUID
    filed_at: Instant
    channel: Channel | None = None
    child: ChildIn
    representatives: list[RepresentativeIn] = Field(min_length=1, max_length=4)
    address: AddressesIn | None = None
    choices: list[ChoiceIn] = Field(min_length=1, max_length=20)
    agree_other: bool = False
    desired_from: Day
    grade: int | None = Field(default=None, ge=1, le=11)
    profile: Short | None = None
    language: Language = "ru"
    group: GroupIn | None = None
    attends: AttendsIn | None = None
    benefits: list[BenefitIn] = Field(default_factory=list, max_length=20)
    siblings_in: list[UUID] = Field(default_factory=list, max_length=20)
    together_with: list[ApplicationNumber] = Field(default_factory=list, max_length=10)
    apart_allowed: bool = True
    stay_document: PaperIn | None = None
    language_test: LanguageTestIn | None = None
    certificate: PaperIn | None = None
    consent: ConsentIn

    @model_validator(mode="after")
    def _nobody_twice(self) -> Self:
        nobody_twice(self.choices, self.representatives)
        return self


def nobody_twice(choices: Sequence[ChoiceIn], representatives: Sequence[RepresentativeIn]) -> None:
    """Raise where an organization is chosen twice, or two representatives have one СНИЛС."""
    ids = [choice.organization_id for choice in choices]
    if len(set(ids)) != len(ids):
        raise PydanticCustomError("choices.repeated", "Организация выбрана дважды")
    numbers = [one.snils for one in representatives if one.snils is not None]
    if len(set(numbers)) != len(numbers):
        raise PydanticCustomError("representatives.repeated", "Один СНИЛС указан у двух представителей")


class ReceiptOut(BaseModel):
    """Proof of acceptance: the signature is a detached JWS over the other fields (``GET /receipts/keys``)."""

    id: UUID
    number: str
    accepted_at: str
    accepted_seq: int
    payload_hash: str
    signature: str


class ReasonIn(Body):
    """A decision with its ground in words, without personal data."""

    note: Text | None = None


class ChoiceOut(BaseModel):
    """A wanted organization."""

    rank: int
    organization_id: UUID


class ApplicationBrief(BaseModel):
    """An application in lists: no names. ``filed_at`` is by the clock of the sender and only informs."""

    id: UUID
    number: str
    accepted_seq: int
    accepted_at: datetime
    filed_at: datetime
    channel: Channel
    status: ApplicationStatus
    status_title: str
    portal_code: str | None
    attention: str | None
    organization_id: UUID | None
    version: int


class FindingOut(BaseModel):
    """A condition of the rules that what is stated does not meet, and what follows: a look by an operator, or documents."""

    code: str
    title: str
    consequence: Consequence
    documents: tuple[str, ...]
    legal: Legal


class ApplicationCard(ApplicationBrief):
    """An application with what was stated in it. ``benefit`` is the strongest of those stated.

    ``together_with``: live applications of brothers and sisters that are to get places together with it, by number, of those that the
    reader sees.
    """

    campaign_id: UUID
    benefit: str | None
    age: int
    of_age: bool
    grade: int | None
    desired_from: date
    findings: list[FindingOut]
    choices: list[ChoiceOut]
    together_with: list[str]
    apart_allowed: bool
    child: ChildIn
    representatives: list[RepresentativeIn]


class HistoryLine(BaseModel):
    """One step of an application.

    ``portal_code`` is the code that the exchange has for the step itself, beside the status's; ``ground`` that of a refusal by the
    rules; ``fields`` what of the contents has changed; ``date_lost``: from this step on it stands in the queue by its day.
    """

    at: datetime
    version: int
    actor: str
    reason: str
    title: str
    from_status: ApplicationStatus | None
    to_status: ApplicationStatus
    portal_code: str | None
    note: str | None
    ground: str | None
    due_on: date | None
    organization_id: UUID | None
    fields: list[str] | None
    date_lost: bool


class SummaryOut(BaseModel):
    """How many applications of a campaign stand in each status."""

    total: int
    counts: dict[ApplicationStatus, int]
    titles: dict[ApplicationStatus, str]
