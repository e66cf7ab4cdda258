"""Bodies of referrals."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from eu_enrollment.applications.schemas import ReasonIn
from eu_enrollment.applications.stated import Day
from eu_enrollment.referrals.model import LIVE, ReferralStatus
from servicekit.http import Body, Line, Text

__all__ = [
    "LIVE",
    "AnswerIn",
    "ContractIn",
    "ContractOfferIn",
    "ExtensionIn",
    "ExtensionOut",
    "NoShowIn",
    "ReferralOut",
    "ReferralStatus",
]


class ReferralOut(BaseModel):
    """A referral.

    ``rank`` tells which of the choices it is, ``answer_by`` is the last day to answer, ``due_on`` that of the step it stands at: to
    answer, to come for the contract, to sign it, to be ordered.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    application_id: UUID
    organization_id: UUID
    group_id: UUID
    rank: int
    status: ReferralStatus
    answer_by: date
    due_on: date | None
    contract_number: str | None
    contract_date: date | None
    order_id: UUID | None


class AnswerIn(Body):
    """An answer has no content of its own."""


class NoShowIn(ReasonIn):
    """The family did not appear; ``note`` says what is known, without personal data."""


class ContractOfferIn(Body):
    """A contract to be signed by a day; by the rules' term when none is named."""

    sign_by: Day | None = None


class ContractIn(Body):
    """A signed contract."""

    number: Line
    date: Day


class ExtensionIn(Body):
    """A term put off, with the reason in words, without personal data."""

    due_on: Day
    reason: Text


class ExtensionOut(BaseModel):
    """A term that was put off: of which step, from when to when, why, by whom."""

    model_config = ConfigDict(from_attributes=True)

    step: ReferralStatus
    due_before: date
    due_on: date
    reason: str
    at: datetime
    account_id: str
