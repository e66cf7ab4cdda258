"""What would be said of a body if it were sent: the same judgement as at acceptance, before the campaign opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.applications import families, repository
from eu_enrollment.applications.refusals import refusal
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.campaigns.service import Campaign
from servicekit.clock import Clock
from servicekit.errors import FieldError
from servicekit.http.problems import field_errors
from servicekit.security import Principal


@dataclass(frozen=True, slots=True)
class Judged:
    """A body as it was read (``None``: it cannot be), what is wrong with it, and the day it was judged for."""

    body: ApplicationIn | None
    remarks: Sequence[FieldError]
    day: date


async def judge(
    session: AsyncSession, clock: Clock, campaign: Campaign, principal: Principal, raw: Mapping[str, Any]
) -> Judged:
    """Judge a body for the first day it can be sent; raises ``CampaignClosedError`` after the last."""
    moment = max(clock.now(), campaign.opens_at)
    day = clock.date_of(moment)
    try:
        body = ApplicationIn.model_validate(raw)
    except ValidationError as error:
        found = [one | {"loc": ("body", *one["loc"])} for one in error.errors(include_url=False, include_input=False)]
        return Judged(None, field_errors(found), day)
    chosen = [choice.organization_id for choice in body.choices]
    known = await repository.participants(session, campaign.municipality, chosen)
    strangers = await families.strangers(session, principal, body)
    refused = refusal(day, moment, campaign, principal, body, known, strangers)
    if refused is not None and not refused.errors:
        raise refused
    return Judged(body, () if refused is None else refused.errors, day)
