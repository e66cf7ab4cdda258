"""Bodies of territories."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from eu_enrollment.applications.stated import Day
from eu_enrollment.information.schemas import BodyOut
from eu_enrollment.territories.model import TerritoryKind
from eu_enrollment.territories.service import Act, ActDraft, LineDraft, Outcome, Published
from servicekit.http import Body, Line

Municipality = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{3,500}$")]


class LineIn(Body):
    """A line of an act. ``houses`` is read as acts are written: «нечётные 1–15, 21А; чётные; кроме 10», empty for all."""

    organization_id: UUID
    settlement: Line
    street: Line | None = None
    houses: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] = ""
    shared: bool = False
    gar_id: UUID | None = None
    house_gar_id: UUID | None = None

    def draft(self, row: int) -> LineDraft:
        """For the service."""
        return LineDraft(row=row, **dict(self))


class ActFields(Body):
    """An act as its own words have it. ``valid_to`` is exclusive; ``authority`` the body that issued it."""

    municipality: Municipality
    kind: TerritoryKind
    title: Line
    number: Line
    issued_on: Day
    authority: Line
    valid_from: Day
    valid_to: Day | None = None
    url: Url | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise PydanticCustomError("territory.validity", "Действие акта должно заканчиваться позже, чем начинается")
        return self

    def draft(self) -> ActDraft:
        """For the service."""
        return ActDraft(**{name: getattr(self, name) for name in ActFields.model_fields})


class ActIn(ActFields):
    """An act to publish with its lines; ``trial``: only check."""

    lines: list[LineIn] = Field(min_length=1, max_length=10_000)
    trial: bool = False


class PublishedOut(BaseModel):
    """What was published; of a trial, what would be, without an id."""

    id: UUID | None
    edition: int | None
    lines: int
    organizations: int
    warnings: list[str]

    @classmethod
    def of(cls, published: Published) -> "PublishedOut":
        """From the service's answer."""
        return cls(
            id=published.act_id,
            edition=published.edition,
            lines=published.lines,
            organizations=published.organizations,
            warnings=list(published.warnings),
        )


class ActOut(BaseModel):
    """An act. Of acts valid from one day the last edition stands; an act stands until the next one begins."""

    id: UUID
    municipality: str
    kind: TerritoryKind
    title: str
    number: str
    issued_on: date
    authority: str
    valid_from: date
    valid_to: date | None
    edition: int
    url: str | None

    @classmethod
    def of(cls, act: Act) -> "ActOut":
        """From the model."""
        return cls(**{name: getattr(act, name) for name in cls.model_fields})


class LineOut(BaseModel):
    """A line of an act."""

    number: int
    organization_id: UUID
    organization: str | None
    settlement: str
    street: str | None
    gar_id: UUID | None
    houses: str
    house_gar_id: UUID | None
    shared: bool

    @classmethod
    def of(cls, row: Any) -> "LineOut":
        """From a row."""
        names = cls.model_fields.keys() - {"organization"}
        return cls(organization=row.short_name, **{name: getattr(row, name) for name in names})


class PlaceOut(BaseModel):
    """A street, or a settlement as a whole, that an act names."""

    id: UUID
    municipality: str
    settlement: str
    street: str | None
    gar_id: UUID | None


class PlacesOut(BaseModel):
    """Places found, the likeliest first."""

    items: list[PlaceOut]


class AssignedOut(BaseModel):
    """An organization the address is assigned to, and the houses of the line that says so."""

    organization_id: UUID
    organization: str
    houses: str
    shared: bool


class KindOut(BaseModel):
    """What the act of one kind says of an address. ``explanation`` is for people."""

    kind: TerritoryKind
    outcome: Outcome
    explanation: str
    act: ActOut | None
    organizations: list[AssignedOut]


class TerritoriesOut(BaseModel):
    """To whom an address is assigned on a day; ``body`` is whom to ask where it is to nobody, if the registry has told."""

    municipality: str
    settlement: str | None
    street: str | None
    house: str | None
    day: date
    items: list[KindOut]
    body: BodyOut | None = None
