"""Bodies of campaigns."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from pydantic_core import PydanticCustomError

from eu_enrollment.campaigns.model import Campaign
from eu_enrollment.campaigns.rules import CampaignKind, RuleSet
from servicekit.http import Body, Line

_YEARS = range(2000, 2101)


def _plausible(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise PydanticCustomError("instant.implausible", "Дата вне допустимых пределов")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_plausible)]
"""An instant with its offset, of the years 2000 to 2100."""


def _plausible_day(value: date) -> date:
    if value.year not in _YEARS:
        raise PydanticCustomError("day.implausible", "Дата вне допустимых пределов")
    return value


PlausibleDay = Annotated[date, AfterValidator(_plausible_day)]
"""A day of the years 2000 to 2100."""


RulesId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]


class CampaignCreate(Body):
    """A campaign to open. ``municipality`` is ОКТМО; ``rules`` the id of a rule set, else the one in force on the first day.

    ``boarding`` are the organizations that have a boarding house: some rights are to a place in these alone.
    ``beacon`` names a public draw after the end of acceptance whose outcome is mixed into the lots. From
    ``freeze_on`` on places that families have been offered are not allocated anew: only free ones go to the waiting list.
    """

    municipality: str = Field(pattern=r"^[0-9]{8}$")
    kind: CampaignKind
    academic_year: int = Field(ge=2020, le=2100)
    title: Line
    rules: RulesId | None = None
    opens_at: Instant
    closes_at: Instant
    freeze_on: PlausibleDay | None = None
    boarding: list[UUID] = Field(default_factory=list, max_length=500)
    beacon: Line | None = None


class CampaignOut(BaseModel):
    """A campaign."""

    id: UUID
    municipality: str
    kind: CampaignKind
    academic_year: int
    title: str
    rules: str
    opens_at: datetime
    closes_at: datetime
    freeze_on: date | None
    boarding: list[UUID]

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignOut":
        """From the model."""
        return cls(
            id=campaign.id,
            municipality=campaign.municipality,
            kind=campaign.kind,
            academic_year=campaign.academic_year,
            title=campaign.title,
            rules=campaign.rules.id,
            opens_at=campaign.opens_at,
            closes_at=campaign.closes_at,
            freeze_on=campaign.freeze_on,
            boarding=sorted(campaign.boarding),
        )


class OpenPoint(BaseModel):
    """A point of the rules that the authority has yet to confirm."""

    where: str
    what: str


class RulesOut(RuleSet):
    """A rule set as people see it: all of it, with its legal references and what has yet to be confirmed."""

    to_confirm: tuple[OpenPoint, ...]

    @classmethod
    def of(cls, rules: RuleSet) -> "RulesOut":
        """From the rules."""
        points = tuple(OpenPoint(where=where, what=what) for where, what in rules.unconfirmed())
        return cls.model_construct(**{name: getattr(rules, name) for name in RuleSet.model_fields}, to_confirm=points)
