"""The constructor over HTTP."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Row

from reporting.constructor import files, policies, saving, service
from reporting.constructor import query as asked
from reporting.constructor.answers import Answer
from reporting.constructor.schemas import DatasetOut, DatasetsOut, Publication, PublicReport, SavedReport, SavedReportIn
from reporting.constructor.semantics import DATASETS
from reporting.days import Day
from reporting.outward import service as outward
from reporting.printing import PDF, PRINTER
from reportkit import csv, xlsx
from reportkit.disposition import attachment
from reportkit.footer import Footer
from servicekit import audit
from servicekit.http import (
    CreateOnce,
    CurrentRuntime,
    IfMatch,
    Limit,
    Page,
    Uow,
    allow,
    etag,
    paginate,
    public,
)
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

router = APIRouter(tags=["constructor"])
_MEDIA_TYPES = {"xlsx": xlsx.MEDIA_TYPE, "csv": csv.MEDIA_TYPE, "pdf": PDF}

Runner = Annotated[Principal, allow(policies.CONSTRUCTOR_RUN)]
Reader = Annotated[Principal, allow(policies.SAVED_REPORTS_READ)]
Editor = Annotated[Principal, allow(policies.SAVED_REPORTS_EDIT)]
Exporter = Annotated[Principal, allow(policies.SAVED_REPORTS_EXPORT)]
Publisher = Annotated[Principal, allow(policies.SAVED_REPORTS_PUBLISH)]
AsOf = Annotated[Day | None, Query(description="На какую дату; по умолчанию — как сохранено, иначе сегодня")]


@router.get("/constructor/datasets")
async def list_datasets(principal: Runner) -> DatasetsOut:
    """Что можно считать: наборы данных, признаки, показатели, доступные роли."""
    return DatasetsOut(items=[DatasetOut.of(one) for one in DATASETS.values() if principal.role in one.roles])


@router.post("/constructor/queries")
async def run_query(body: asked.Query, principal: Runner, uow: Uow) -> Answer:
    """Построить таблицу, сводную таблицу или диаграмму; запуск записывается в журнал."""
    return await service.run(uow, principal, body)


@router.post("/saved-reports", status_code=201, response_model=SavedReport)
async def save_report(body: SavedReportIn, principal: Editor, uow: Uow, once: CreateOnce) -> JSONResponse:
    """Сохранить отчёт для себя или для своего подразделения."""

    async def create() -> tuple[int, dict[str, Any]]:
        saved_id = await saving.save(uow, principal, body)
        return 201, (await _shown(uow, principal, saved_id)).model_dump(mode="json", by_alias=True)

    return await once(create)


@router.get("/saved-reports")
async def list_saved_reports(
    principal: Reader, uow: Uow, limit: Limit = 100, after: UUID | None = None
) -> Page[SavedReport]:
    """Сохранённые отчёты: свои и общие своего подразделения."""
    rows = await saving.listed(uow, principal, after=after, limit=limit + 1)
    return paginate([SavedReport.of(row, principal) for row in rows], limit, lambda one: one.id)


@router.get("/saved-reports/{saved_report_id}")
async def get_saved_report(saved_report_id: UUID, principal: Reader, uow: Uow, response: Response) -> SavedReport:
    """Сохранённый отчёт: что он считает."""
    found = await _shown(uow, principal, saved_report_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/saved-reports/{saved_report_id}")
async def edit_saved_report(
    saved_report_id: UUID, body: SavedReportIn, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> SavedReport:
    """Изменить свой сохранённый отчёт; прежняя версия остаётся."""
    await saving.edit(uow, principal, saved_report_id, version, body)
    found = await _shown(uow, principal, saved_report_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.delete("/saved-reports/{saved_report_id}", status_code=204)
async def delete_saved_report(saved_report_id: UUID, version: IfMatch, principal: Editor, uow: Uow) -> None:
    """Удалить свой сохранённый отчёт и снять его публикацию."""
    await saving.delete(uow, principal, saved_report_id, version)


@router.get("/saved-reports/{saved_report_id}/result")
async def run_saved_report(saved_report_id: UUID, principal: Reader, uow: Uow, as_of: AsOf = None) -> Answer:
    """Построить сохранённый отчёт; запуск записывается в журнал."""
    _, answer = await saving.run(uow, principal, saved_report_id, **_as_of(as_of))
    return answer


@router.get(
    "/saved-reports/{saved_report_id}/xlsx",
    response_class=Response,
    responses={200: {"content": {xlsx.MEDIA_TYPE: {}}}},
)
async def export_saved_report(
    saved_report_id: UUID, principal: Exporter, uow: Uow, runtime: CurrentRuntime, as_of: AsOf = None
) -> Response:
    """Сохранённый отчёт файлом XLSX; выгрузка записывается в журнал."""
    row, answer = await _exported(uow, principal, saved_report_id, as_of)
    table, footer = files.table(row.title, answer), _footer(uow, runtime, principal)
    content = await asyncio.to_thread(xlsx.render, table, footer=footer)
    return await _file(uow, principal, (row, answer), content, "xlsx")


@router.get(
    "/saved-reports/{saved_report_id}/csv", response_class=Response, responses={200: {"content": {csv.MEDIA_TYPE: {}}}}
)
async def export_saved_report_csv(
    saved_report_id: UUID, principal: Exporter, uow: Uow, runtime: CurrentRuntime, as_of: AsOf = None
) -> Response:
    """Сохранённый отчёт файлом CSV; выгрузка записывается в журнал."""
    row, answer = await _exported(uow, principal, saved_report_id, as_of)
    content = csv.render(files.table(row.title, answer), _footer(uow, runtime, principal))
    return await _file(uow, principal, (row, answer), content, "csv")


@router.get("/saved-reports/{saved_report_id}/pdf", response_class=Response, responses={200: {"content": {PDF: {}}}})
async def export_saved_report_pdf(
    saved_report_id: UUID, principal: Exporter, uow: Uow, runtime: CurrentRuntime, as_of: AsOf = None
) -> Response:
    """Сохранённый отчёт файлом PDF; выгрузка записывается в журнал."""
    row, answer = await _exported(uow, principal, saved_report_id, as_of)
    content = await PRINTER.render("table", files.printed(row.title, answer), _footer(uow, runtime, principal))
    return await _file(uow, principal, (row, answer), content, "pdf")


@router.post("/saved-reports/{saved_report_id}/publication", status_code=201, response_model=Publication)
async def publish_saved_report(saved_report_id: UUID, principal: Publisher, uow: Uow, once: CreateOnce) -> JSONResponse:
    """Опубликовать отчёт без входа: ответ на сегодня, малые числа скрыты."""

    async def create() -> tuple[int, dict[str, Any]]:
        await saving.publish(uow, principal, saved_report_id)
        publication = (await _shown(uow, principal, saved_report_id)).publication
        assert publication is not None
        return 201, publication.model_dump(mode="json")

    return await once(create)


@router.delete("/saved-reports/{saved_report_id}/publication", status_code=204)
async def withdraw_publication(saved_report_id: UUID, principal: Publisher, uow: Uow) -> None:
    """Снять публикацию отчёта."""
    await saving.withdraw(uow, principal, saved_report_id)


@router.get("/public/reports/{publication_id}")
@public
async def get_public_report(publication_id: UUID, uow: Uow) -> PublicReport:
    """Опубликованный отчёт; вход не нужен."""
    row = await saving.published(uow, publication_id)
    answer = Answer.model_validate(row.answer)
    return PublicReport(id=row.id, title=row.title, published_at=row.published_at, answer=answer)


async def _shown(uow: UnitOfWork, principal: Principal, saved_report_id: UUID) -> SavedReport:
    return SavedReport.of(await saving.get(uow, principal, saved_report_id), principal)


def _as_of(day: Any) -> dict[str, Any]:
    return {} if day is None else {"as_of": day}


async def _exported(uow: UnitOfWork, principal: Principal, saved_report_id: UUID, day: Any) -> tuple[Row[Any], Answer]:
    """A report that goes out as a file, which is noted; a chart goes out as the table it is drawn from."""
    found = await saving.get(uow, principal, saved_report_id)
    view = asked.Query.model_validate(found.query).view
    laid = asked.View(kind="pivot") if view.kind == "pivot" else asked.View()
    row, answer = await saving.run(uow, principal, saved_report_id, view=laid, **_as_of(day))
    await audit.record(uow, principal, "saved-report.exported", [saved_report_id])
    return row, answer


def _footer(uow: UnitOfWork, runtime: Runtime, principal: Principal) -> Footer:
    return Footer.by(principal, uow.now.astimezone(runtime.clock.zone))


async def _file(
    uow: UnitOfWork, principal: Principal, of: tuple[Row[Any], Answer], content: bytes, ending: str
) -> Response:
    row, answer = of
    await outward.record_table(uow, principal, row.title, answer.organization_id, answer.municipality, ending, content)
    headers = {"Content-Disposition": attachment(f"{row.title}.{ending}")}
    return Response(content, media_type=_MEDIA_TYPES[ending], headers=headers)
