"""The registry of outward exchanges over HTTP."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from reporting.days import FIRST_DAY, LAST_DAY
from reporting.outward import policies, service
from reporting.outward.errors import PeriodError
from reporting.outward.repository import Wanted
from reporting.outward.schemas import Exchange, HandOn
from servicekit.http import CreateOnce, CurrentRuntime, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["outward"])
Reader = Annotated[Principal, allow(policies.OUTWARD_READ)]


@router.get("/outward-exchanges")
async def list_outward_exchanges(
    principal: Reader,
    uow: Uow,
    runtime: CurrentRuntime,
    kind: Literal[
        "download", "bundle", "handover", "publication", "withdrawal", "package", "table", "whole", "notices", "feed"
    ]
    | None = None,
    format: Annotated[str | None, Query(pattern=r"^[a-z]{1,20}$")] = None,  # noqa: A002 - the word of the query
    service_name: Annotated[
        Literal["reporting", "core", "enrollment", "journal"] | None, Query(alias="service")
    ] = None,
    organization_id: UUID | None = None,
    report_id: UUID | None = None,
    since: Annotated[date | None, Query(alias="from", ge=FIRST_DAY, le=LAST_DAY)] = None,
    until: Annotated[date | None, Query(alias="to", ge=FIRST_DAY, le=LAST_DAY)] = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[Exchange]:
    """Журнал обмена с внешними системами: что, куда, когда и кем выгружено; новые записи первыми, обе даты включительно."""
    if since is not None and until is not None and until < since:
        raise PeriodError
    zone = runtime.clock.zone
    begin = None if since is None else datetime.combine(since, time.min, zone)
    end = None if until is None else datetime.combine(until + timedelta(days=1), time.min, zone)
    wanted = Wanted(kind, format, service_name, organization_id, report_id, begin, end)
    found = await service.page(uow, principal, wanted, after, limit + 1)
    return paginate([Exchange.of(one) for one in found], limit, lambda one: one.id)


@router.get("/outward-exchanges/{exchange_id}")
async def get_outward_exchange(exchange_id: UUID, principal: Reader, uow: Uow) -> Exchange:
    """Запись журнала обмена."""
    return Exchange.of(await service.get(uow, principal, exchange_id))


@router.post("/outward-exchanges/{exchange_id}/handing-on", status_code=201, response_model=Exchange)
async def hand_on(
    exchange_id: UUID,
    body: HandOn,
    principal: Annotated[Principal, allow(policies.OUTWARD_HAND_ON)],
    uow: Uow,
    once: CreateOnce,
) -> JSONResponse:
    """Отметить, что выгруженный файл передан во внешнюю систему или опубликован."""

    async def mark() -> tuple[int, dict[str, Any]]:
        made = await service.hand_on(uow, principal, exchange_id, body.kind, body.receiver, body.basis)
        return 201, Exchange.of(await service.get(uow, principal, made)).model_dump(mode="json")

    return await once(mark)
