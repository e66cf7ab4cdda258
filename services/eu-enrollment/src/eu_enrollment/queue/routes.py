"""Routes of the queue."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from eu_enrollment.applications import policies as application_policies
from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.schemas import Instant
from eu_enrollment.queue import ledger, positions
from eu_enrollment.queue.schemas import PositionChangesOut, PositionOut
from eu_enrollment.runtime import CurrentRuntime
from servicekit.http import Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["queue"])


@router.get("/applications/{application_id}/position")
async def get_position(
    application_id: UUID,
    principal: Annotated[Principal, allow(application_policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> PositionOut:
    """Место в очереди по каждой выбранной организации с объяснением."""
    row = await applications.visible_application(uow, principal, application_id)
    campaign = await campaigns.known_campaign(uow.session, runtime.campaigns, row.campaign_id)
    return await positions.position(uow, campaign, row)


@router.get("/applications/{application_id}/position/changes")
async def get_position_changes(
    application_id: UUID,
    since: Instant,
    principal: Annotated[Principal, allow(application_policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> PositionChangesOut:
    """Почему изменилось место в очереди: каждое изменение с причиной."""
    row = await applications.visible_application(uow, principal, application_id)
    campaign = await campaigns.known_campaign(uow.session, runtime.campaigns, row.campaign_id)
    return await ledger.changes(uow, campaign, row, since)
