"""HTTP of lists as files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.exports import policies, service
from eu_enrollment.exports.schemas import ExportIn
from eu_enrollment.runtime import CurrentRuntime
from reportkit.disposition import attachment
from servicekit import runs
from servicekit.http import CreateOnce, Uow, allow
from servicekit.runs import Run
from servicekit.security import Principal

router = APIRouter(tags=["exports"])
Exporter = Annotated[Principal, allow(policies.EXPORT)]
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {media: {} for media in service.MEDIA.values()}}}


@router.post("/campaigns/{campaign_id}/exports", status_code=202, response_model=Run)
async def order_list(
    campaign_id: UUID, body: ExportIn, principal: Exporter, uow: Uow, runtime: CurrentRuntime, once: CreateOnce
) -> JSONResponse:
    """Заказать список файлом: реестр, очередь, свободные места, результаты распределения, рабочую очередь."""

    async def queue() -> Run:
        campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
        return await service.order(uow, principal, campaign, body)

    return await runs.answer_queued(once, runtime, "/api/enrollment/v1/runs", queue)


@router.get("/exports/{file_id}/file", responses=_FILE, response_class=Response)
async def take_list(file_id: UUID, principal: Exporter, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Забрать готовый файл; доступен заказавшему сутки."""
    name, media, content = await service.take(uow, runtime, principal, file_id)
    headers = {"content-disposition": attachment(name), "cache-control": "no-store"}
    return Response(content, media_type=media, headers=headers)
