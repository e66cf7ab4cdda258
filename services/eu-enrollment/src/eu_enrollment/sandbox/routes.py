"""Routes of the sandbox: not found where there is none."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from eu_enrollment.runtime import CurrentRuntime
from eu_enrollment.sandbox import policies, service, world
from eu_enrollment.sandbox.schemas import ActIn, TrialCampaignIn, TrialCampaignOut
from servicekit.errors import NotFoundError
from servicekit.http import CreateOnce, Uow, allow
from servicekit.security import Principal


async def _in_a_sandbox(runtime: CurrentRuntime) -> None:
    if not runtime.settings.sandbox:
        raise NotFoundError


router = APIRouter(prefix="/portal/sandbox", tags=["sandbox"], dependencies=[Depends(_in_a_sandbox)])
Player = Annotated[Principal, allow(policies.PLAY)]


@router.post("/campaigns", status_code=201, response_model=TrialCampaignOut)
async def open_trial_campaign(
    body: TrialCampaignIn, principal: Player, uow: Uow, runtime: CurrentRuntime, once: CreateOnce
) -> JSONResponse:
    """Песочница: открыть тестовую кампанию со своими организациями."""

    async def create() -> tuple[int, dict[str, Any]]:
        campaign_id, organizations = await world.open_campaign(uow, runtime, principal, body.line, body.places)
        return 201, TrialCampaignOut(campaign_id=campaign_id, organizations=organizations).model_dump(mode="json")

    return await once(create)


@router.post("/campaigns/{campaign_id}/allocate", status_code=202, response_class=Response)
async def allocate_trial_campaign(campaign_id: UUID, principal: Player, uow: Uow) -> Response:
    """Песочница: распределить места своей тестовой кампании; что вышло, покажет лента изменений."""
    await service.allocate(uow, principal, campaign_id)
    return Response(status_code=202)


@router.post("/applications/{application_id}/acts", status_code=204)
async def act_in_sandbox(
    application_id: UUID, body: ActIn, principal: Player, uow: Uow, runtime: CurrentRuntime
) -> None:
    """Песочница: сделать с тестовым заявлением то, что делают орган управления, организация и реестр учащихся."""
    await service.act(uow, runtime, principal, application_id, body.act)
