"""Bodies of referrals."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from eu_enrollment.referrals.model import ReferralStatus
from servicekit.http import Body


class ReferralOut(BaseModel):
    """A referral; ``rank`` tells which of the choices it is, ``answer_by`` is the last day to answer."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    application_id: UUID
    organization_id: UUID
    group_id: UUID
    rank: int
    status: ReferralStatus
    answer_by: date


class AnswerIn(Body):
    """An answer has no content of its own."""
