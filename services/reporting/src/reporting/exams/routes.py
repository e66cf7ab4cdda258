"""Results of exams over HTTP."""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from fastapi.responses import JSONResponse

from reporting.exams import comparing, policies, service
from reporting.exams.errors import TableTooLargeError
from reporting.exams.schemas import ComparedOut, Exam, ImportOut, LoadedOut, StandingResult
from reporting.exams.table import COLUMNS, MAX_BYTES
from reportkit import csv
from reportkit.disposition import attachment
from reportkit.tables import Column, Table
from servicekit.http import CreateOnce, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["exams"])

Importer = Annotated[Principal, allow(policies.EXAMS_IMPORT)]
Reader = Annotated[Principal, allow(policies.EXAMS_READ)]
Year = Annotated[int, Query(ge=2015, le=2100, description="Год начала учебного года")]
_TABLE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}, "description": "Таблица"}}


@router.get("/exam-imports/template", response_class=Response, responses=_TABLE)
async def get_exam_template(_principal: Importer) -> Response:
    """Образец таблицы результатов (CSV): столбцы, которые ожидаются."""
    content = csv.render(Table("Результаты", [Column(title) for title in COLUMNS.values()]))
    return Response(
        content, media_type=csv.MEDIA_TYPE, headers={"Content-Disposition": attachment("Результаты экзаменов.csv")}
    )


@router.post("/exam-imports", status_code=201, response_model=LoadedOut)
async def import_exams(
    file: Annotated[UploadFile, File(description="XLSX или CSV: UTF-8 или Windows-1251, точка с запятой или запятая")],
    principal: Importer,
    uow: Uow,
    once: CreateOnce,
    trial: Annotated[bool, Form(description="Только проверить, ничего не записывая")] = False,
) -> JSONResponse:
    """Загрузить результаты экзаменов и ВПР без сведений об участниках: ошибки показываются по строкам, всё или ничего."""
    content = await file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TableTooLargeError

    async def load() -> tuple[int, dict[str, Any]]:
        loaded = await service.load(uow, principal, content, trial=trial)
        return 200 if trial else 201, LoadedOut.of(loaded).model_dump(mode="json")

    return await once(load, body=sha256(content + str(trial).encode()).digest())


@router.get("/exam-imports")
async def list_exam_imports(
    principal: Reader, uow: Uow, limit: Limit = 100, after: UUID | None = None
) -> Page[ImportOut]:
    """Кто и когда загружал результаты, новые первыми."""
    found = await service.imports(uow, principal, after=after, limit=limit + 1)
    return paginate([ImportOut.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)


@router.get("/exam-results")
async def list_exam_results(
    principal: Reader,
    uow: Uow,
    academic_year: Year,
    exam: Exam | None = None,
    organization_id: UUID | None = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[StandingResult]:
    """Результаты учебного года по организациям, доступным пользователю: сколько участников, какие отметки."""
    found = await service.results(
        uow, principal, academic_year, exam=exam, organization_id=organization_id, after=after, limit=limit + 1
    )
    return paginate(
        [StandingResult.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id
    )


@router.get("/exam-comparison")
async def compare_exams(
    principal: Reader, uow: Uow, academic_year: Year, organization_id: UUID, exam: Exam | None = None
) -> Page[ComparedOut]:
    """Отметки журнала рядом с отметками экзаменов и ВПР: разница средних и сколько отметок могло подтвердиться."""
    found = await comparing.comparison(uow, principal, academic_year, organization_id, exam)
    return Page(items=[ComparedOut.model_validate(one, from_attributes=True) for one in found])
