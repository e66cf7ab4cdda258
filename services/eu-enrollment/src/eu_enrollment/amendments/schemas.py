"""Bodies of amendments."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from eu_enrollment.applications.schemas import ChildIn, ChoiceIn, RepresentativeIn, nobody_twice
from eu_enrollment.applications.stated import AddressesIn, ApplicationNumber, BenefitIn, Day, GroupIn, Language, PaperIn
from eu_enrollment.campaigns.rules import Changeable
from servicekit.http import ABSENT, Body, Text


class AmendmentIn(Body):
    """What is to be changed: a field that is named is replaced as a whole; others stay as they are."""

    choices: Annotated[list[ChoiceIn], Field(min_length=1, max_length=20)] = ABSENT
    agree_other: bool = ABSENT
    benefits: Annotated[list[BenefitIn], Field(max_length=20)] = ABSENT
    siblings_in: Annotated[list[UUID], Field(max_length=20)] = ABSENT
    desired_from: Day = ABSENT
    address: AddressesIn = ABSENT
    representatives: Annotated[list[RepresentativeIn], Field(min_length=1, max_length=4)] = ABSENT
    group: GroupIn = ABSENT
    language: Language = ABSENT
    together_with: Annotated[list[ApplicationNumber], Field(max_length=10)] = ABSENT
    apart_allowed: bool = ABSENT

    @model_validator(mode="after")
    def _nobody_twice(self) -> Self:
        nobody_twice(self.choices or (), self.representatives or ())
        return self


class CorrectionIn(Body):
    """What the application is to say of its child, as a whole; ``ground`` in words, without personal data; ``document`` shows it."""

    child: ChildIn
    ground: Text
    document: PaperIn


class CorrectedOut(BaseModel):
    """What of the child's data has changed, by names."""

    version: int
    fields: list[str]


class CorrectionOut(BaseModel):
    """What was put right: by whom, why, by which document, and what was said of the child ``before``."""

    version: int
    at: datetime
    account_id: str
    fields: list[str]
    ground: str
    document: PaperIn
    before: ChildIn


class AmendmentOut(BaseModel):
    """What has changed. ``date_kept``: the original date stays; else the application stands in the queue by the day of the change."""

    version: int
    fields: list[Changeable]
    date_kept: bool
