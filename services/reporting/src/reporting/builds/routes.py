"""Built forms over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from reporting.builds import policies, service
from reporting.builds.runs import KIND, params
from reporting.builds.schemas import Report, ReportRequest
from servicekit import runs
from servicekit.http import CreateOnce, CurrentRuntime, Uow, allow
from servicekit.runs import Run
from servicekit.security import Principal

router = APIRouter(tags=["reports"])


@router.post("/reports", status_code=202, response_model=Run)
async def order_report(
    body: ReportRequest,
    principal: Annotated[Principal, allow(policies.REPORTS_BUILD)],
    runtime: CurrentRuntime,
    uow: Uow,
    once: CreateOnce,
) -> JSONResponse:
    """Построить форму организации или муниципального образования на дату."""

    async def queue() -> Run:
        order = await service.order(uow, principal, **body.model_dump())
        return await runs.start(uow, principal, KIND, params(order))

    return await runs.answer_queued(once, runtime, "/api/reporting/v1/runs", queue)


@router.get("/reports/{report_id}")
async def get_report(
    report_id: UUID, principal: Annotated[Principal, allow(policies.REPORTS_READ)], uow: Uow
) -> Report:
    """Построенная форма: значения и итоги контролей."""
    return Report.of(await service.get(uow.session, principal, report_id))
