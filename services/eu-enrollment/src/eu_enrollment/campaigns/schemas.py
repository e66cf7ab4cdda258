"""Bodies of campaigns."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from pydantic_core import PydanticCustomError

from eu_enrollment.campaigns.model import Campaign
from eu_enrollment.campaigns.rules import Benefit, CampaignKind
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


class CampaignCreate(Body):
    """A campaign to open. ``municipality`` is ОКТМО; ``rules`` the id of a rule set.

    ``beacon`` names a public draw after the end of acceptance whose outcome is mixed into the lots. From
    ``freeze_on`` on places that families have been offered are not allocated anew: only free ones go to the waiting list.
    """

    municipality: str = Field(pattern=r"^[0-9]{8}$")
    kind: CampaignKind
    academic_year: int = Field(ge=2020, le=2100)
    title: Line
    rules: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    opens_at: Instant
    closes_at: Instant
    freeze_on: PlausibleDay | None = None
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
        )


class OpenPoint(BaseModel):
    """A point of the rules that the authority has yet to confirm."""

    where: str
    what: str


class RulesOut(BaseModel):
    """A rule set as people see it."""

    id: str
    kind: CampaignKind
    title: str
    max_choices: int
    tie: str
    benefits: tuple[Benefit, ...]
    to_confirm: list[OpenPoint]
