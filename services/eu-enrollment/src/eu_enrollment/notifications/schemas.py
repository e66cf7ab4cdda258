"""Bodies of notifications."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.notifications.model import Means
from servicekit.http import Body


class ToldOut(BaseModel):
    """Who has told the family, by what means, when."""

    means: Means
    told_at: datetime
    told_by: str


class NotificationOut(BaseModel):
    """What a family is told of a step. ``version`` names the step; ``due_on``: last day of whoever is to act next."""

    version: int
    at: datetime
    reason: str
    title: str
    text: str
    status: ApplicationStatus
    organization_id: UUID | None
    due_on: date | None
    told: list[ToldOut]


class TellingIn(Body):
    """How the family has been told."""

    means: Means
