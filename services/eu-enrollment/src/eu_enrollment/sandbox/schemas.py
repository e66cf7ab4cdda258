"""Bodies of the sandbox."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from eu_enrollment.campaigns.kinds import CampaignKind, Line
from servicekit.http import Body

KINDS = {Line.PRESCHOOL: CampaignKind.PRESCHOOL, Line.SCHOOL: CampaignKind.SCHOOL_FIRST_GRADE}
"""What a test campaign of a line is."""


class TrialCampaignIn(Body):
    """A test campaign: of which line, with how many places in each of its organizations."""

    line: Line = Line.PRESCHOOL
    places: int = Field(default=5, ge=1, le=100)


class TrialCampaignOut(BaseModel):
    """A test campaign and the organizations that may be chosen in it."""

    campaign_id: UUID
    organizations: list[UUID]


class Act(StrEnum):
    """What the authority, an organization or the registry of students does with an application."""

    REQUEST_DOCUMENTS = "request_documents"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    EXTEND = "extend"
    NO_SHOW = "no_show"
    OFFER_CONTRACT = "offer_contract"
    SIGN_CONTRACT = "sign_contract"
    ORDER = "order"
    ENROLL = "enroll"
    REJECT = "reject"


class ActIn(Body):
    """An act over an application."""

    act: Act
