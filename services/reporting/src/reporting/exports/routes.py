"""Files of built forms over HTTP."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from reporting.builds import policies, service
from reporting.builds.schemas import Report
from reporting.exports.xlsx import render
from reportkit.disposition import attachment
from reportkit.footer import Footer
from reportkit.xlsx import MEDIA_TYPE
from servicekit import audit
from servicekit.http import CurrentRuntime, Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["reports"])


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
