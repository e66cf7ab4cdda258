"""Routes of the settings of journals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from servicekit.http import IfMatch, Uow, allow, etag
from servicekit.security import Principal
from sgo_journal.settings import policies, service
from sgo_journal.settings.schemas import SettingsIn, SettingsOut

router = APIRouter(tags=["settings"])


@router.get("/organizations/{organization_id}/journal-settings")
async def read_settings(
    organization_id: UUID, principal: Annotated[Principal, allow(policies.READ)], uow: Uow, response: Response
) -> SettingsOut:
    """Настройки журналов организации."""
    found = await service.read(uow, principal, organization_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/organizations/{organization_id}/journal-settings")
async def change_settings(
    organization_id: UUID,
    body: SettingsIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.EDIT)],
    uow: Uow,
    response: Response,
) -> SettingsOut:
    """Изменить настройки журналов организации."""
    changed = await service.change(uow, principal, organization_id, version, body)
    response.headers["ETag"] = etag(changed.version)
    return changed
