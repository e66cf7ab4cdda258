"""Routes of outward exchanges."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from eu_enrollment.outward import policies
from eu_enrollment.outward.errors import NoticesNotKeptError
from eu_enrollment.webhooks import recording
from servicekit.http import Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["outward"])


class ResentOut(BaseModel):
    """How many notices of an exchange are sent again."""

    notices: int


@router.post("/outward-exchanges/{exchange_id}/resending")
async def resend_exchange(
    exchange_id: UUID, principal: Annotated[Principal, allow(policies.RESEND)], uow: Uow
) -> ResentOut:
    """Отправить порталу ещё раз уведомления передачи из журнала обмена."""
    notices = await recording.resend(uow, principal, exchange_id)
    if notices == 0:
        raise NoticesNotKeptError
    return ResentOut(notices=notices)
