"""Built forms over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from reporting.builds import policies, service
from reporting.builds.runs import KIND, params
from reporting.builds.schemas import Report, ReportRequest
from servicekit import runs
from servicekit.http import CurrentRuntime, Uow, allow
from servicekit.runs import Run
from servicekit.runtime import RUNS_CHANNEL
from servicekit.security import Principal

router = APIRouter(tags=["reports"])


@router.post("/reports", status_code=202)
async def order_report(
    body: ReportRequest,
    principal: Annotated[Principal, allow(policies.REPORTS_BUILD)],
    runtime: CurrentRuntime,
    uow: Uow,
    response: Response,
) -> Run:
    """Построить форму организации или муниципального образования на дату."""
    order = await service.order(uow, principal, **body.model_dump())
    run = await runs.start(uow, principal, KIND, params(order))
    runtime.notify(RUNS_CHANNEL)
    response.headers.update(runs.accepted(run, "/api/reporting/v1/runs"))
    return run


@router.get("/reports/{report_id}")
async def get_report(
    report_id: UUID, principal: Annotated[Principal, allow(policies.REPORTS_READ)], uow: Uow
) -> Report:
    """Построенная форма: значения и итоги контролей."""
    return Report.of(await service.get(uow.session, principal, report_id))
