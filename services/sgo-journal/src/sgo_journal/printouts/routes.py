"""Routes of the reports: on screen, as a workbook, as a document."""

from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from servicekit.http import Uow, allow
from servicekit.http.reports import Format, ReportKindOut, ReportOut, ReportsOut
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.printing import footer
from sgo_journal.printouts import policies, service
from sgo_journal.printouts.catalogue import REPORTS
from sgo_journal.printouts.errors import ReportFormatError
from sgo_journal.printouts.files import FILES, as_file, taken
from sgo_journal.printouts.parameters import Asked
from sgo_journal.printouts.service import Made

router = APIRouter(tags=["reports"])

Reporter = Annotated[Principal, allow(policies.REPORTS)]
Name = Annotated[str, Path(pattern=r"^[a-z-]{1,40}$", description="Имя отчёта из GET /reports")]
Form: TypeAlias = Literal[Format.JSON, Format.XLSX, Format.PDF]
As = Annotated[Form, Query(alias="format", description="На экран, таблицей или документом")]


@router.get("/reports")
async def list_reports(principal: Reporter) -> ReportsOut:  # noqa: ARG001 - who asks is judged by the policy
    """Отчёты журнала: о чём, с какими параметрами, в каком виде."""
    return ReportsOut(
        items=[
            ReportKindOut(
                name=one.name,
                title=one.title,
                scope=one.scope,
                path=one.path,
                parameters=list(one.parameters),
                formats=list(one.formats),
            )
            for one in REPORTS
        ]
    )


@router.get("/groups/{group_id}/reports/{report}", response_model=ReportOut, responses=FILES)
async def report_of_class(
    group_id: UUID, report: Name, asked: Asked, principal: Reporter, uow: Uow, form: As = Format.JSON
) -> Any:
    """Отчёт о классе: на экран, в XLSX или PDF."""
    return await _given(uow, principal, await service.of_class(uow, principal, report, group_id, asked), form)


@router.get("/organizations/{organization_id}/reports/{report}", response_model=ReportOut, responses=FILES)
async def report_of_organization(
    organization_id: UUID, report: Name, asked: Asked, principal: Reporter, uow: Uow, form: As = Format.JSON
) -> Any:
    """Отчёт о журналах организации: на экран, в XLSX или PDF."""
    made = await service.of_organization(uow, principal, report, organization_id, asked)
    return await _given(uow, principal, made, form)


async def _given(uow: UnitOfWork, principal: Principal, made: Made, form: Form) -> ReportOut | Response:
    if form not in made.report.formats:
        raise ReportFormatError
    end = footer(uow, principal)
    if form is Format.JSON:
        return ReportOut(**made.sheet.shown(), organization=made.organization.full_name, footer=list(end.lines()))
    answer = await as_file(made.sheet, made.organization.full_name, made.name, form, end, made.template)
    return await taken(uow, principal, answer, form, made.report.title, made.organization.id, made.people)
