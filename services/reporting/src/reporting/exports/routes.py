"""Files of built forms over HTTP."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from reporting.builds import policies, service
from reporting.builds.schemas import Report
from reporting.engine.definition import DRAFT, FormDefinition
from reporting.exchange import report_file
from reporting.exchange.report_file import ReportFile
from reporting.exchange.template import TITLE
from reporting.exports import flat, pages
from reporting.exports.xlsx import render
from reporting.printing import PDF, PRINTER
from reportkit.csv import MEDIA_TYPE as CSV
from reportkit.disposition import attachment
from reportkit.footer import Footer
from reportkit.xlsx import MEDIA_TYPE
from servicekit import audit
from servicekit.http import CurrentRuntime, Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["reports"])
_XML = "application/xml"


@router.get("/reports/{report_id}/xlsx", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
async def export_report(
    report_id: UUID,
    principal: Annotated[Principal, allow(policies.REPORTS_EXPORT)],
    runtime: CurrentRuntime,
    uow: Uow,
) -> Response:
    """Построенная форма файлом XLSX; выгрузка записывается в журнал."""
    report = Report.of(await service.get(uow.session, principal, report_id))
    await audit.record(uow, principal, "report.exported", [report_id])
    footer = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    content = await asyncio.to_thread(render, report, footer)
    name = f"{report.form}-{report.as_of:%Y%m%d}.xlsx"
    return Response(content, media_type=MEDIA_TYPE, headers={"Content-Disposition": attachment(name)})


@router.get("/reports/{report_id}/pdf", response_class=Response, responses={200: {"content": {PDF: {}}}})
async def export_report_pdf(
    report_id: UUID,
    principal: Annotated[Principal, allow(policies.REPORTS_EXPORT)],
    runtime: CurrentRuntime,
    uow: Uow,
) -> Response:
    """Построенная форма файлом PDF; выгрузка записывается в журнал."""
    report = Report.of(await service.get(uow.session, principal, report_id))
    await audit.record(uow, principal, "report.exported", [report_id])
    footer = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    content = await PRINTER.render("form", pages.printed(report), footer)
    name = f"{report.form}-{report.as_of:%Y%m%d}.pdf"
    return Response(content, media_type=PDF, headers={"Content-Disposition": attachment(name)})


@router.get("/reports/{report_id}/csv", response_class=Response, responses={200: {"content": {CSV: {}}}})
async def export_report_csv(
    report_id: UUID,
    principal: Annotated[Principal, allow(policies.REPORTS_EXPORT)],
    runtime: CurrentRuntime,
    uow: Uow,
) -> Response:
    """Ячейки построенной формы файлом CSV, по одной в строке; выгрузка записывается в журнал."""
    report = Report.of(await service.get(uow.session, principal, report_id))
    await audit.record(uow, principal, "report.exported", [report_id])
    footer = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    name = f"{report.form}-{report.as_of:%Y%m%d}.csv"
    return Response(flat.render(report, footer), media_type=CSV, headers={"Content-Disposition": attachment(name)})


@router.get("/reports/{report_id}/xml", response_class=Response, responses={200: {"content": {_XML: {}}}})
async def export_report_xml(
    report_id: UUID, principal: Annotated[Principal, allow(policies.REPORTS_EXPORT)], uow: Uow
) -> Response:
    """Построенная форма файлом в формате Росстата (XML); неизвестные поля титула пусты; выгрузка записывается в журнал."""
    row = await service.get(uow.session, principal, report_id)
    report = Report.of(row)
    await audit.record(uow, principal, "report.exported", [report_id])
    title = dict.fromkeys(TITLE, "") | {"name": report.unit_name}
    remarks = [mark for mark in (DRAFT if report.status == "assumed" else None, report.notice) if mark]
    told = ReportFile(report.as_of.year, title, service.cells_of(row))
    content = report_file.write(FormDefinition.model_validate(row.definition), told, remarks)
    name = f"{report.form}-{report.as_of:%Y%m%d}.xml"
    return Response(content, media_type=_XML, headers={"Content-Disposition": attachment(name)})
