"""Routes of allocation."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from eu_enrollment.allocation import policies, repository, service
from eu_enrollment.allocation.schemas import (
    AllocationIn,
    AllocationOut,
    OutcomeOut,
    PassedOver,
    PublishedOut,
    SimulationIn,
)
from eu_enrollment.applications import policies as application_policies
from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.rules import RuleSet
from eu_enrollment.runtime import CurrentRuntime
from servicekit import runs
from servicekit.errors import NotFoundError
from servicekit.http import CreateOnce, Limit, Page, Uow, allow, paginate, public
from servicekit.runs import Run
from servicekit.security import Principal

router = APIRouter(tags=["allocation"])
_LINES = "application/x-ndjson"
_FOREVER = "public, max-age=31536000, immutable"


@router.post("/campaigns/{campaign_id}/allocations", status_code=202, response_model=Run)
async def start_allocation(
    campaign_id: UUID,
    body: AllocationIn,
    principal: Annotated[Principal, allow(policies.RUN)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Запустить распределение мест; ход — в ресурсе работы."""
    return await _queued(service.KIND, campaign_id, body, principal, uow, runtime, once)


@router.post("/campaigns/{campaign_id}/simulations", status_code=202, response_model=Run)
async def simulate_allocation(
    campaign_id: UUID,
    body: SimulationIn,
    principal: Annotated[Principal, allow(policies.RUN)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Сравнить способы распределения на копии данных: сколько детей получают место и скольких обходят; ничего не меняется."""
    return await _queued(service.SIMULATION, campaign_id, body, principal, uow, runtime, once)


async def _queued(
    kind: str,
    campaign_id: UUID,
    body: AllocationIn | SimulationIn,
    principal: Principal,
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    async def queue() -> Run:
        await campaigns.visible_campaign(uow, principal, campaign_id)
        return await runs.start(uow, principal, kind, {"campaign_id": str(campaign_id), **body.model_dump(mode="json")})

    return await runs.answer_queued(once, runtime, "/api/enrollment/v1/runs", queue)


@router.get("/campaigns/{campaign_id}/allocations")
async def list_allocations(
    campaign_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[AllocationOut]:
    """Проведённые распределения кампании: правила, жребий, отпечатки исходных данных и результата."""
    await campaigns.visible_campaign(uow, principal, campaign_id)
    rows = await repository.page(uow.session, campaign_id, after, limit)
    return paginate([AllocationOut.model_validate(row) for row in rows], limit, lambda item: item.id)


@router.get("/public/campaigns/{campaign_id}/allocations")
@public
async def list_published(
    campaign_id: UUID, uow: Uow, response: Response, limit: Limit = 100, after: UUID | None = None
) -> Page[PublishedOut]:
    """Проведённые распределения кампании, для всех."""
    response.headers["Cache-Control"] = "public, max-age=60"
    rows = await repository.page(uow.session, campaign_id, after, limit)
    return paginate([PublishedOut.model_validate(row) for row in rows], limit, lambda item: item.id)


@router.get("/public/allocations/{allocation_id}")
@public
async def get_published(allocation_id: UUID, uow: Uow, response: Response) -> PublishedOut:
    """Проведённое распределение: правила, жребий, отпечатки; для всех."""
    row = await repository.published(uow.session, allocation_id)
    if row is None:
        raise NotFoundError
    response.headers["Cache-Control"] = _FOREVER
    return PublishedOut.model_validate(row)


@router.get(
    "/public/allocations/{allocation_id}/data",
    response_class=Response,
    responses={
        200: {"content": {_LINES: {"schema": {"type": "string"}}}, "description": "Строки JSON"},
        304: {"description": "Без изменений"},
    },
)
@public
async def get_published_data(allocation_id: UUID, request: Request, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Данные распределения без персональных сведений: их достаточно, чтобы любой проверил результат."""
    row = await repository.published(uow.session, allocation_id)
    if row is None:
        raise NotFoundError
    tag = f'W/"{row.sha256}"'  # one for the compressed and the plain answer
    headers = {"ETag": tag, "Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    parts = service.document_parts(runtime, allocation_id, packed=packed)
    return StreamingResponse(
        parts, media_type=_LINES, headers=headers | ({"Content-Encoding": "gzip"} if packed else {})
    )


@router.get("/applications/{application_id}/outcome")
async def get_outcome(
    application_id: UUID,
    principal: Annotated[Principal, allow(application_policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> OutcomeOut:
    """Что решило последнее распределение и почему более желанные места достались другим."""
    application = await applications.visible_application(uow, principal, application_id)
    campaign = await campaigns.known_campaign(uow.session, runtime.campaigns, application.campaign_id)
    row = await repository.latest_outcome(uow.session, application_id)
    if row is None:
        raise NotFoundError
    return OutcomeOut(
        allocation_id=row.allocation_id,
        at=row.at,
        organization_id=row.organization_id,
        group_id=row.group_id,
        rank=row.rank,
        tie=row.tie,
        line=row.line,
        passed_over=[_passed_over(campaign.rules, item) for item in row.passed_over],
        result_hash=row.result_hash,
    )


def _passed_over(rules: RuleSet, item: dict[str, Any]) -> PassedOver:
    last = item["last"]
    if last is None and item["fits"]:
        explanation = (
            "Все места, которые может занять ребёнок, в этой организации были заняты ещё до этого распределения "
            "или выделены другим детям"
        )
    elif last is None:
        explanation = "Мест, которые может занять ребёнок, в этой организации нет"
    else:
        explanation = "Все места заняли дети с более сильным правом или, при равном праве, стоящие раньше"
    return PassedOver(
        organization_id=item["organization_id"],
        priority=None if last is None else rules.impersonal(last[0]),
        explanation=explanation,
    )
