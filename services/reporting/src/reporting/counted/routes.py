"""Counted reports over HTTP: which there are, and each on screen or as a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from reporting.counted import policies, service
from reporting.counted.parameters import Question
from reporting.counted.schemas import CountedReportOut, CountedReportsOut
from reporting.outward import service as outward
from reporting.printing.sheets import FILES, as_file
from reportkit.footer import Footer
from servicekit import audit
from servicekit.http import CurrentRuntime, Uow, allow
from servicekit.http.reports import Format, ReportOut
from servicekit.security import Principal

router = APIRouter(tags=["counted-reports"])

Reader = Annotated[Principal, allow(policies.COUNTED)]
Code = Annotated[str, Path(pattern=r"^[a-z-]{1,40}$", description="Код отчёта из GET /counted-reports")]
As = Annotated[Format, Query(alias="format", description="На экран, таблицей, документом или списком чисел")]


@router.get("/counted-reports")
async def list_counted_reports(principal: Reader) -> CountedReportsOut:
    """Статистические отчёты, которые доступны пользователю."""
    return CountedReportsOut(items=[CountedReportOut.of(one) for one in service.seen_by(principal)])


@router.get("/counted-reports/{code}", response_model=ReportOut, responses=FILES)
async def get_counted_report(
    code: Code, asked: Question, principal: Reader, uow: Uow, runtime: CurrentRuntime, form: As = Format.JSON
) -> ReportOut | Response:
    """Статистический отчёт об организации, муниципалитете или обо всём, что видно; выгрузка файлом записывается в журнал."""
    counted = await service.count(uow, principal, code, asked)
    end = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    if form is Format.JSON:
        shown: dict[str, Any] = counted.sheet.shown()
        return ReportOut(**shown, organization=counted.unit, footer=list(end.lines()))
    file = await as_file(counted.sheet, counted.unit, form, end)
    await audit.record(uow, principal, f"counted-report.{code}.exported", [])
    unit = (counted.organization_id, counted.municipality)
    await outward.record_table(uow, principal, file.title, *unit, form.value, file.content)
    return file.answer()
