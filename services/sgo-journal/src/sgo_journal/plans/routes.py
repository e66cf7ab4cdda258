"""Routes of the plans."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile
from fastapi.responses import JSONResponse

from reportkit.disposition import attachment
from reportkit.xlsx import MEDIA_TYPE
from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.plans import policies, service, transfer
from sgo_journal.plans.schemas import (
    ContentsIn,
    CopyIn,
    PlanIn,
    PlanOut,
    PlanPatch,
    PlanWithTopics,
    SectionOut,
    TopicOut,
)

router = APIRouter(tags=["plans"])

Reader = Annotated[Principal, allow(policies.READ)]
Writer = Annotated[Principal, allow(policies.WRITE)]
Approver = Annotated[Principal, allow(policies.APPROVE)]
_WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}


def _shown(plan: service.Plan) -> PlanOut:
    return PlanOut.model_validate(plan, from_attributes=True)


def _whole(found: tuple[service.Plan, service.Contents], response: Response) -> PlanWithTopics:
    plan, contents = found
    response.headers["ETag"] = etag(plan.version)
    sections = [
        SectionOut(
            title=section.title, topics=[TopicOut.model_validate(topic, from_attributes=True) for topic in topics]
        )
        for section, topics in service.by_section(contents)
    ]
    hours = sum(topic.hours for _, topic in contents)
    return PlanWithTopics(**_shown(plan).model_dump(), hours=hours, sections=sections)


@router.get("/organizations/{organization_id}/plans")
async def list_plans(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    academic_year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    subject_id: UUID | None = None,
    grade: Annotated[int | None, Query(ge=0, le=12)] = None,
    author_id: UUID | None = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[PlanOut]:
    """Тематические планы организации."""
    asked = {"academic_year": academic_year, "subject_id": subject_id, "grade": grade, "author_id": author_id}
    filters = {name: value for name, value in asked.items() if value is not None}
    found = await service.list_plans(
        uow, principal, organization_id, {"organization_id": organization_id, **filters}, after, limit
    )
    return paginate([_shown(plan) for plan in found], limit, lambda plan: plan.id)


@router.post("/organizations/{organization_id}/plans", status_code=201, response_model=PlanOut)
async def create_plan(
    organization_id: UUID, body: PlanIn, principal: Writer, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Создать тематический план."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.create(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/plans/{plan_id}")
async def read_plan(plan_id: UUID, principal: Reader, uow: Uow, response: Response) -> PlanWithTopics:
    """План с разделами и темами."""
    return _whole(await service.read(uow, principal, plan_id), response)


@router.patch("/plans/{plan_id}")
async def change_plan(
    plan_id: UUID, body: PlanPatch, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> PlanOut:
    """Изменить название, параллель, учебники; утверждённый план снова становится черновиком."""
    plan = await service.change(uow, principal, plan_id, version, body)
    response.headers["ETag"] = etag(plan.version)
    return _shown(plan)


@router.put("/plans/{plan_id}/contents")
async def put_contents(
    plan_id: UUID, body: ContentsIn, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> PlanWithTopics:
    """Задать разделы и темы плана; утверждённый план снова становится черновиком."""
    return _whole(await service.put_contents(uow, principal, plan_id, version, body.sections), response)


@router.post("/plans/{plan_id}/copies", status_code=201, response_model=PlanOut)
async def copy_plan(plan_id: UUID, body: CopyIn, principal: Writer, uow: Uow, once: CreateOnce) -> JSONResponse:
    """Составить свой план по другому: прошлого года, другого класса, другого учителя."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.copy(uow, principal, plan_id, body)).model_dump(mode="json")

    return await once(create)


@router.post("/plans/{plan_id}/approval")
async def approve_plan(plan_id: UUID, version: IfMatch, principal: Approver, uow: Uow, response: Response) -> PlanOut:
    """Утвердить план."""
    plan = await service.approve(uow, principal, plan_id, version)
    response.headers["ETag"] = etag(plan.version)
    return _shown(plan)


@router.get("/plans/{plan_id}/workbook", response_class=Response, responses=_WORKBOOK)
async def export_plan(plan_id: UUID, principal: Reader, uow: Uow) -> Response:
    """План таблицей XLSX; пустой план — образец для заполнения."""
    plan, content = await transfer.export(uow, principal, plan_id)
    headers = {"Content-Disposition": attachment(f"{plan.title}.xlsx"), "Cache-Control": "no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@router.put("/plans/{plan_id}/workbook")
async def import_plan(
    plan_id: UUID,
    file: Annotated[UploadFile, File(description="XLSX, не больше 5 МБ")],
    version: IfMatch,
    principal: Writer,
    uow: Uow,
    response: Response,
) -> PlanWithTopics:
    """Загрузить темы плана из таблицы вместо прежних; при ошибках называются все неверные ячейки."""
    content = await file.read(transfer.MOST_BYTES + 1)
    return _whole(await transfer.replace(uow, principal, plan_id, version, content), response)
