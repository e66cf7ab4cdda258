"""HTTP of actions over many applications."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from eu_enrollment.bulk import policies, service
from eu_enrollment.bulk.actions import ACTIONS
from eu_enrollment.bulk.schemas import ActionOut, BulkIn, BulkOut, BulkRunIn
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.runtime import CurrentRuntime
from servicekit import runs
from servicekit.http import CreateOnce, Uow, allow
from servicekit.runs import Run
from servicekit.security import Principal

router = APIRouter(tags=["bulk"])
Actor = Annotated[Principal, allow(policies.ACT)]


@router.get("/bulk-actions")
async def list_bulk_actions(principal: Actor) -> list[ActionOut]:
    """Действия над многими заявлениями, доступные вызывающему."""
    return [
        ActionOut(name=one.name, title=one.title, needs=list(one.needs))
        for one in ACTIONS.values()
        if principal.role in one.policy.roles
    ]


@router.post("/campaigns/{campaign_id}/bulk", status_code=201)
async def preview_bulk(campaign_id: UUID, body: BulkIn, principal: Actor, uow: Uow) -> BulkOut:
    """Показать, что действие сделает с каждым заявлением; пока ничего не меняется."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    return await service.preview(uow, principal, campaign, body)


@router.get("/bulk/{bulk_id}")
async def get_bulk(bulk_id: UUID, principal: Actor, uow: Uow) -> BulkOut:
    """Что было показано и что стало с каждым заявлением."""
    return await service.get(uow, principal, bulk_id)


@router.post("/bulk/{bulk_id}/run", status_code=202, response_model=Run)
async def run_bulk(
    bulk_id: UUID, _body: BulkRunIn, principal: Actor, uow: Uow, runtime: CurrentRuntime, once: CreateOnce
) -> JSONResponse:
    """Выполнить показанное, один раз; ход — в ресурсе работы."""
    return await runs.answer_queued(
        once, runtime, "/api/enrollment/v1/runs", lambda: service.begin(uow, principal, bulk_id)
    )
