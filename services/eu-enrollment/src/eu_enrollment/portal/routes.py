"""Routes of the portal's exchange."""

import asyncio
import time
from typing import Annotated

from fastapi import APIRouter, Query

from asu_contracts.access import Role
from eu_enrollment.applications.policies import READ
from eu_enrollment.portal import policies, recording, service
from eu_enrollment.portal.schemas import ChangesOut, Cursor, StatusesIn, StatusesOut
from eu_enrollment.runtime import CurrentRuntime
from servicekit.http import Limit, Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["portal"])
_LONGEST_WAIT = 30
_LOOK_AGAIN = 1.0
"""Seconds between looks of a caller that waits for news."""


@router.post("/applications/statuses")
async def list_statuses(body: StatusesIn, principal: Annotated[Principal, allow(READ)], uow: Uow) -> StatusesOut:
    """Статусы многих заявлений сразу: по идентификаторам, номерам, своим идентификаторам или ключам отправки."""
    found = await service.statuses(uow.session, principal, body)
    if principal.role is Role.PORTAL and found.items:
        await recording.note(uow, principal.account_id, len(found.items))
    return found


@router.get("/portal/changes")
async def list_changes(
    principal: Annotated[Principal, allow(policies.FOLLOW)],
    runtime: CurrentRuntime,
    after: Annotated[Cursor | None, Query(description="Курсор из прошлого ответа; без него — с начала")] = None,
    limit: Limit = 100,
    wait: Annotated[int, Query(ge=0, le=_LONGEST_WAIT, description="Сколько секунд ждать новостей")] = 0,
) -> ChangesOut:
    """Лента изменений своих заявлений по порядку, без пропусков."""
    until = time.monotonic() + wait
    while True:
        async with runtime.sessions() as session:
            found = await service.feed(session, principal.account_id, after, limit)
        left = until - time.monotonic()
        if found.items:
            async with runtime.uow() as uow:
                await recording.note(uow, principal.account_id, len(found.items))
        if found.items or left <= 0:
            return found
        after = found.cursor
        if not found.more:
            await asyncio.sleep(min(left, _LOOK_AGAIN))
