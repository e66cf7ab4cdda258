"""Files of built forms over HTTP."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import Row

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
from servicekit.uow import UnitOfWork

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
    report = Report.of(await _exported(uow, principal, report_id))
    footer = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    content = await asyncio.to_thread(render, report, footer)
    return _file(report, content, "xlsx", MEDIA_TYPE)


@router.get("/reports/{report_id}/pdf", response_class=Response, responses={200: {"content": {PDF: {}}}})
async def export_report_pdf(
    report_id: UUID,
    principal: Annotated[Principal, allow(policies.REPORTS_EXPORT)],
    runtime: CurrentRuntime,
    uow: Uow,
) -> Response:
    """Построенная форма файлом PDF; выгрузка записывается в журнал."""
    report = Report.of(await _exported(uow, principal, report_id))
    footer = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    content = await PRINTER.render("form", pages.printed(report), footer)
    return _file(report, content, "pdf", PDF)


@router.get("/reports/{report_id}/csv", response_class=Response, responses={200: {"content": {CSV: {}}}})
async def export_report_csv(
    report_id: UUID,
    principal: Annotated[Principal, allow(policies.REPORTS_EXPORT)],
    runtime: CurrentRuntime,
    uow: Uow,
) -> Response:
    """Ячейки построенной формы файлом CSV, по одной в строке; выгрузка записывается в журнал."""
    report = Report.of(await _exported(uow, principal, report_id))
    footer = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    return _file(report, flat.render(report, footer), "csv", CSV)


@router.get("/reports/{report_id}/xml", response_class=Response, responses={200: {"content": {_XML: {}}}})
async def export_report_xml(
    report_id: UUID, principal: Annotated[Principal, allow(policies.REPORTS_EXPORT)], uow: Uow
) -> Response:
    """Построенная форма файлом в формате Росстата (XML); неизвестные поля титула пусты; выгрузка записывается в журнал."""
    row = await _exported(uow, principal, report_id)
    report = Report.of(row)
    title = dict.fromkeys(TITLE, "") | {"name": report.unit_name}
    remarks = [mark for mark in (DRAFT if report.status == "assumed" else None, report.notice) if mark]
    told = ReportFile(report.as_of.year, title, service.cells_of(row))
    content = report_file.write(FormDefinition.model_validate(row.definition), told, remarks)
    return _file(report, content, "xml", _XML)


async def _exported(uow: UnitOfWork, principal: Principal, report_id: UUID) -> Row[Any]:
    """A report that goes out as a file, which is noted; raises ``NotFoundError``."""
    row = await service.get(uow.session, principal, report_id)
    await audit.record(uow, principal, "report.exported", [report_id])
    return row


def _file(report: Report, content: bytes, ending: str, media_type: str) -> Response:
    name = f"{report.form}-{report.as_of:%Y%m%d}.{ending}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": attachment(name)})
