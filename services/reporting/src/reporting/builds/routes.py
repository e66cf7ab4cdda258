"""Built forms over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from reporting.builds import correcting, differing, members, policies, service
from reporting.builds.runs import KIND, params
from reporting.builds.schemas import Corrections, KeyCode, Member, Reason, Report, ReportDifference, ReportRequest
from servicekit import audit, runs
from servicekit.http import CreateOnce, CurrentRuntime, Limit, Page, Uow, allow, paginate
from servicekit.runs import Run
from servicekit.security import Principal

router = APIRouter(tags=["reports"])

Code = Annotated[str, Query(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=20)]
Section = Annotated[str, Query(pattern=r"^[0-9]+(\.[0-9]+)*[а-яё]{0,3}$", max_length=20)]
Keys = Annotated[list[KeyCode], Query(max_length=3, description="Ключи строки, которая повторяется (специфика)")]


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
    return Report.of(await service.get(uow, principal, report_id))


@router.get("/reports/{report_id}/difference")
async def compare_reports(
    report_id: UUID,
    principal: Annotated[Principal, allow(policies.REPORTS_READ)],
    uow: Uow,
    older: Annotated[UUID, Query(alias="with", description="Отчёт, с которым сравнивается этот")],
) -> ReportDifference:
    """Чем отчёт отличается от другого по той же форме: разные ячейки, сколько прибыло и выбыло; просмотр записывается в журнал."""
    found = await differing.difference(uow, principal, older, report_id)
    await audit.record(uow, principal, "report.opened", [report_id, older])
    return found


@router.get("/reports/{report_id}/members")
async def list_members(
    report_id: UUID,
    principal: Annotated[Principal, allow(policies.REPORTS_OPEN)],
    uow: Uow,
    section: Section,
    row: Code,
    column: Code,
    key: Keys = [],  # noqa: B006 - the framework copies it
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[Member]:
    """Кого считает ячейка отчёта организации: псевдонимы обучающихся и работников, классы; просмотр записывается в журнал."""
    found = await members.members(uow, principal, report_id, (section, row, column, *key), after=after, limit=limit + 1)
    await audit.record(uow, principal, "report.opened", [report_id])
    return paginate(found, limit, lambda one: one.id)


@router.get("/reports/{report_id}/members/{member_id}/events")
async def list_member_events(
    report_id: UUID,
    member_id: UUID,
    principal: Annotated[Principal, allow(policies.REPORTS_OPEN)],
    uow: Uow,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[Reason]:
    """События, по которым обучающийся, работник или класс попал в отчёт; просмотр записывается в журнал."""
    found = await members.reasons(uow, principal, report_id, member_id, after=after, limit=limit + 1)
    await audit.record(uow, principal, "report.opened", [report_id])
    return paginate(found, limit, lambda one: one.event_id)


@router.post("/reports/{report_id}/corrections", status_code=201, response_model=Report)
async def correct_report(
    report_id: UUID,
    body: Corrections,
    principal: Annotated[Principal, allow(policies.REPORTS_CORRECT)],
    uow: Uow,
    once: CreateOnce,
) -> JSONResponse:
    """Записать ячейки вручную: создаётся новая версия отчёта, прежняя остаётся как была."""

    async def write() -> tuple[int, dict[str, Any]]:
        made = await correcting.correct(uow, principal, report_id, body.cells)
        return 201, Report.of(await service.get(uow, principal, made)).model_dump(mode="json")

    return await once(write)
