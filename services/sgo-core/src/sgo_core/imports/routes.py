"""HTTP of imports."""

import asyncio
import json
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import Field, TypeAdapter, ValidationError

from reportkit.disposition import attachment
from reportkit.footer import Footer, Subsystem
from servicekit import audit, runs
from servicekit.errors import ForbiddenError
from servicekit.http import CreateOnce, CurrentRuntime, Limit, Line, Page, Uow, allow, paginate
from servicekit.runs import Run
from servicekit.security import Principal
from sgo_core.groups.schemas import Year
from sgo_core.imports import policies, service, workbooks
from sgo_core.imports.errors import MatchesError, UploadTooLargeError
from sgo_core.imports.registry import KINDS
from sgo_core.imports.schemas import ColumnOut, KindOut, KindsOut, RefusedRowOut
from sgo_core.imports.service import Order

router = APIRouter(tags=["imports"])

MAX_UPLOAD = 10 * 1024 * 1024
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {_XLSX: {}}}}
_MATCHES: TypeAdapter[dict[str, str]] = TypeAdapter(Annotated[dict[Line, Line], Field(max_length=100)])

Importer = Annotated[Principal, allow(policies.IMPORT)]


@router.get("/import-kinds")
async def list_import_kinds(principal: Importer) -> KindsOut:
    """Виды таблиц, которые может загрузить вызывающий, и их столбцы."""
    return KindsOut(
        items=[
            KindOut(
                name=kind.name,
                title=kind.title,
                of_organization=kind.of_organization,
                of_year=kind.of_year,
                columns=[ColumnOut.model_validate(one, from_attributes=True) for one in kind.columns],
            )
            for kind in KINDS.values()
            if principal.role in kind.roles
        ]
    )


@router.get("/import-kinds/{kind}/template", response_class=Response, responses=_WORKBOOK)
async def get_import_template(kind: str, principal: Importer, uow: Uow) -> Response:
    """Образец таблицы для заполнения (XLSX) с подсказками и списками значений."""
    found = service.kind_of(kind)
    if principal.role not in found.roles:
        raise ForbiddenError
    content = await asyncio.to_thread(workbooks.template, found, _footer(principal, uow))
    return _workbook(content, f"Образец. {found.title}.xlsx")


@router.post("/imports", status_code=202, response_model=Run)
async def start_import(
    file: Annotated[UploadFile, File(description="XLSX или CSV (UTF-8, «;»)")],
    kind: Annotated[str, Form(max_length=40)],
    principal: Importer,
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
    organization_id: Annotated[UUID | None, Form()] = None,
    academic_year: Annotated[Year | None, Form()] = None,
    dry_run: Annotated[bool, Form(description="Только проверить, ничего не записывая")] = False,
    matches: Annotated[
        str | None,
        Form(
            max_length=20_000,
            description="Объект JSON «название столбца в файле: название в образце»; запоминается для организации",
        ),
    ] = None,
) -> JSONResponse:
    """Загрузить таблицу: проверка и запись идут отдельной работой, ошибки показываются по строкам."""
    content = await file.read(MAX_UPLOAD + 1)
    if len(content) > MAX_UPLOAD:
        raise UploadTooLargeError
    order = Order(kind, organization_id, academic_year, dry_run, _read_matches(matches))

    async def queue() -> Run:
        return await service.queue_import(uow, runtime, principal, order, content)

    digest = sha256(content + repr(order).encode()).digest()
    return await runs.answer_queued(once, runtime, "/api/core/v1/runs", queue, body=digest)


@router.get("/imports/{run_id}/refused")
async def list_refused_rows(
    run_id: UUID,
    principal: Importer,
    uow: Uow,
    limit: Limit = 100,
    after: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Page[RefusedRowOut]:
    """Строки загрузки, которые не вошли, и что в них исправить."""
    found = await service.refused_rows(uow, principal, run_id, limit, after)
    page = paginate(found, limit, lambda one: one["row"])
    return Page(items=[RefusedRowOut.model_validate(one) for one in page.items], next=page.next)


@router.get("/imports/{run_id}/report", response_class=Response, responses=_WORKBOOK)
async def get_import_report(run_id: UUID, principal: Importer, uow: Uow) -> Response:
    """Отчёт о загрузке по строкам файла (XLSX)."""
    kind, rows = await service.report(uow, principal, run_id)
    await audit.record(uow, principal, "import.report", [])
    content = await asyncio.to_thread(workbooks.report, kind, rows, _footer(principal, uow))
    return _workbook(content, f"Отчёт о загрузке. {kind.title}.xlsx")


def _read_matches(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    try:
        return _MATCHES.validate_python(json.loads(text))
    except (ValueError, ValidationError, RecursionError):
        raise MatchesError from None


def _footer(principal: Principal, uow: Uow) -> Footer:
    return Footer.by(principal, uow.now.astimezone(uow.clock.zone), Subsystem.SGO)


def _workbook(content: bytes, name: str) -> Response:
    return Response(content, media_type=_XLSX, headers={"Content-Disposition": attachment(name)})
