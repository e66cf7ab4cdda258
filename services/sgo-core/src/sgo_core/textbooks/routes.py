"""HTTP of textbooks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.http import after_id
from sgo_core.textbooks import policies, service
from sgo_core.textbooks.model import Textbook
from sgo_core.textbooks.schemas import (
    ClassesIn,
    ClassSupplyOut,
    ClassTextbookOut,
    CopiesIn,
    CopiesOut,
    Grade,
    SupplyOut,
    TextbookIn,
    TextbookOut,
    TextbookPatch,
    UsedOut,
)

router = APIRouter(tags=["textbooks"])
Reader = Annotated[Principal, allow(policies.READ)]
Keeper = Annotated[Principal, allow(policies.KEEP)]
OfYear = Annotated[int, Query(ge=2000, le=2100, description="Календарный год начала учебного года")]


def _out(textbook: Textbook) -> TextbookOut:
    return TextbookOut.model_validate(textbook, from_attributes=True)


@router.post("/organizations/{organization_id}/textbooks", status_code=201, response_model=TextbookOut)
async def add_textbook(
    organization_id: UUID, body: TextbookIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Внести учебник организации."""

    async def make() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.add(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(make)


@router.get("/organizations/{organization_id}/textbooks")
async def list_textbooks(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    subject_id: UUID | None = None,
    grade: Grade | None = None,
) -> Page[TextbookOut]:
    """Учебники организации с числом экземпляров."""
    found = await service.list_textbooks(uow, principal, organization_id, subject_id, grade, limit, after_id(after))
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/organizations/{organization_id}/textbooks/supply")
async def get_textbook_supply(organization_id: UUID, academic_year: OfYear, principal: Reader, uow: Uow) -> SupplyOut:
    """Обеспеченность классов учебниками: обучающиеся и экземпляры, предметы без учебника."""
    found = await service.supply(uow, principal, organization_id, academic_year)
    items = [
        ClassSupplyOut(
            group_id=one.group_id,
            group=one.name,
            students=one.students,
            percent=one.percent,
            textbooks=[
                ClassTextbookOut(
                    textbook_id=supplied.textbook.id,
                    subject_id=supplied.textbook.subject_id,
                    title=supplied.textbook.title,
                    need=supplied.need,
                    available=supplied.textbook.available,
                    percent=supplied.percent,
                )
                for supplied in one.textbooks
            ],
            without_textbook=list(one.without),
        )
        for one in found
    ]
    return SupplyOut(academic_year=academic_year, items=items)


@router.get("/textbooks/{textbook_id}")
async def get_textbook(textbook_id: UUID, principal: Reader, uow: Uow, response: Response) -> TextbookOut:
    """Учебник."""
    textbook = await service.get(uow, principal, textbook_id)
    response.headers["ETag"] = etag(textbook.version)
    return _out(textbook)


@router.patch("/textbooks/{textbook_id}")
async def edit_textbook(
    textbook_id: UUID, body: TextbookPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> TextbookOut:
    """Изменить сведения об учебнике или вывести его из использования."""
    textbook = await service.edit(uow, principal, textbook_id, version, body)
    response.headers["ETag"] = etag(textbook.version)
    return _out(textbook)


@router.post("/textbooks/{textbook_id}/copies", status_code=201, response_model=TextbookOut)
async def count_textbook_copies(
    textbook_id: UUID, body: CopiesIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Поставить на учёт или списать экземпляры учебника."""

    async def make() -> tuple[int, dict[str, Any]]:
        textbook, _ = await service.count_copies(uow, principal, textbook_id, body)
        return 201, _out(textbook).model_dump(mode="json")

    return await once(make)


@router.get("/textbooks/{textbook_id}/copies")
async def list_textbook_copies(
    textbook_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[CopiesOut]:
    """Поступление и списание экземпляров учебника."""
    found = await service.list_copies(uow, principal, textbook_id, limit, after_id(after))
    lines = [CopiesOut.model_validate(one, from_attributes=True) for one in found]
    return paginate(lines, limit, lambda one: one.id)


@router.put("/textbooks/{textbook_id}/classes")
async def put_textbook_classes(
    textbook_id: UUID, body: ClassesIn, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> UsedOut:
    """Указать классы учебного года, занимающиеся по учебнику."""
    textbook, used = await service.put_classes(uow, principal, textbook_id, version, body)
    response.headers["ETag"] = etag(textbook.version)
    return UsedOut(group_ids=list(used))
