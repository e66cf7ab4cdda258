"""Bodies of orders."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from eu_enrollment.applications.stated import Day
from eu_enrollment.orders.annulment import OrderState
from eu_enrollment.referrals.schemas import ReferralOut
from servicekit.http import Body, Line, Text


def _once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) != len(ids):
        raise PydanticCustomError("applications.repeated", "Заявление указано дважды")
    return ids


class OrderCreate(Body):
    """An admission order of one organization over the chosen applications, or over everybody ready when none is chosen.

    An application that needs an operator's attention, as the registry has refused it before or something of it is still to be verified
    without which no child gets a place, is left out unless it is chosen or named in ``attended``.
    """

    organization_id: UUID
    number: Line
    date: Day
    effective_date: Day
    applications: Annotated[list[UUID], AfterValidator(_once)] | None = Field(
        default=None, min_length=1, max_length=500
    )
    attended: frozenset[UUID] = Field(default=frozenset(), max_length=500)


class AnnulmentIn(Body):
    """Why an order is annulled, without personal data."""

    reason: Text


class OrderOut(BaseModel):
    """An issued order and how many applications are in it."""

    id: UUID
    applications: int


class OrderBrief(OrderOut):
    """An order in lists; ``annulled_for`` is the reason."""

    model_config = ConfigDict(from_attributes=True)

    organization_id: UUID
    number: str
    date: dt.date
    effective_date: dt.date
    created_at: dt.datetime
    created_by: str
    annulled_at: dt.datetime | None
    annulled_by: str | None
    annulled_for: str | None


class OrderLine(ReferralOut):
    """A child of an order, by the referral: ``from_organization_id`` is where it comes from, if it has a place already.

    ``late``: the order is of a day after the last one of its term.
    """

    from_organization_id: UUID | None
    late: bool


class OrderCard(OrderBrief):
    """An order with its lines, and where it stands."""

    state: OrderState
    lines: list[OrderLine]
