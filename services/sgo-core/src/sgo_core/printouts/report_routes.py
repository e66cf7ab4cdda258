"""Routes of the lists of people: on screen, as a table, as a document."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from asu_contracts.core import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from reportkit import csv, xlsx
from reportkit.disposition import attachment
from reportkit.footer import Footer
from reportkit.pdf import REPORT
from servicekit.http import Uow, allow
from servicekit.http.reports import Format, ReportKindOut, ReportOut, ReportsOut
from servicekit.outward import recording as outward
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.printing import PRINTER, pdf
from sgo_core.printouts import policies, reports
from sgo_core.printouts.footer import footer
from sgo_core.printouts.parameters import Asked
from sgo_core.printouts.reports import Made

router = APIRouter(tags=["reports"])
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}, xlsx.MEDIA_TYPE: {}, csv.MEDIA_TYPE: {}}}
}
Name = Annotated[str, Path(pattern=r"^[a-z-]{1,40}$", description="Имя отчёта из GET /reports")]
As = Annotated[Format, Query(alias="format", description="На экран, таблицей или документом")]


@router.get("/reports")
async def list_reports(principal: Annotated[Principal, allow(policies.REPORTS)]) -> ReportsOut:
    """Отчёты реестра, которые вызывающий может составить: о чём, с какими параметрами, в каком виде."""
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
            for one in reports.for_caller(principal)
        ]
    )


@router.get("/groups/{group_id}/reports/{report}", response_model=ReportOut, responses=_FILES)
async def report_of_group(
    group_id: UUID,
    report: Name,
    asked: Asked,
    principal: Annotated[Principal, allow(policies.REPORTS_OF_GROUP)],
    uow: Uow,
    form: As = Format.JSON,
) -> Any:
    """Отчёт о классе (группе): на экран, в XLSX, PDF или CSV."""
    made = await reports.of_group(uow, principal, report, group_id, asked, form)
    return await _given(uow, principal, made, form)


@router.get("/organizations/{organization_id}/reports/{report}", response_model=ReportOut, responses=_FILES)
async def report_of_organization(
    organization_id: UUID,
    report: Name,
    asked: Asked,
    principal: Annotated[Principal, allow(policies.REPORTS_OF_ORGANIZATION)],
    uow: Uow,
    form: As = Format.JSON,
) -> Any:
    """Отчёт об организации: на экран, в XLSX, PDF или CSV."""
    made = await reports.of_organization(uow, principal, report, organization_id, asked, form)
    return await _given(uow, principal, made, form)


async def _given(uow: UnitOfWork, principal: Principal, made: Made, form: Format) -> ReportOut | Response:
    end = footer(uow, principal)
    if form is Format.JSON:
        return ReportOut(**made.sheet.shown(), organization=made.organization, footer=list(end.lines()))
    if form is Format.PDF:
        content = await PRINTER.render(REPORT, made.sheet.printed(made.organization), end)
    else:
        content = await asyncio.to_thread(_table, made, form, end)
    await outward.hand_out(
        uow,
        OutwardExchangeRecorded,
        principal,
        content,
        kind=OutwardKind.TABLE,
        title=made.sheet.title,
        form=form.value,
        persons=made.people,
        organization_id=made.organization_id,
        municipality=None,
    )
    if form is Format.PDF:
        return pdf(content, made.name)
    headers = {"content-disposition": attachment(f"{made.name}.{form}"), "cache-control": "no-store"}
    return Response(content, media_type=xlsx.MEDIA_TYPE if form is Format.XLSX else csv.MEDIA_TYPE, headers=headers)


def _table(made: Made, form: Format, end: Footer) -> bytes:
    """A workbook of all tables; of a report of one table it alone, for whoever reads CSV."""
    tables = made.sheet.tables(made.organization)
    return xlsx.render(*tables, footer=end) if form is Format.XLSX else csv.render(tables[0], end)
