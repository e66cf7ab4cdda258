"""Routes of notifications."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from eu_enrollment.applications import policies
from eu_enrollment.notifications import service
from eu_enrollment.notifications.schemas import NotificationOut, TellingIn
from servicekit.http import Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["notifications"])
_Version = Annotated[int, Path(ge=1, le=1_000_000)]


@router.get("/applications/{application_id}/notifications")
async def list_notifications(
    application_id: UUID, principal: Annotated[Principal, allow(policies.READ)], uow: Uow
) -> list[NotificationOut]:
    """Что семье нужно знать о движении заявления, и кто ей об этом сообщил."""
    return await service.notifications(uow, principal, application_id)


@router.post("/applications/{application_id}/notifications/{version}/told", status_code=204)
async def note_told(
    application_id: UUID,
    version: _Version,
    body: TellingIn,
    principal: Annotated[Principal, allow(policies.ACT)],
    uow: Uow,
) -> None:
    """Отметить, что семье сообщено."""
    await service.tell(uow, principal, application_id, version, body.means)
