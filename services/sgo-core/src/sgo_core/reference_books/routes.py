"""HTTP of reference books."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.schemas import ChangeOut
from sgo_core.cards.showing import whole_change
from sgo_core.organizations.scopes import Whose
from sgo_core.reference_books import policies, service
from sgo_core.reference_books.definition import BOOKS
from sgo_core.reference_books.model import ReferenceEntry
from sgo_core.reference_books.schemas import BooksOut, EntriesOut, EntryIn, EntryOut, EntryPatch

router = APIRouter(tags=["reference-books"])
Reader = Annotated[Principal, allow(policies.READ)]
Editor = Annotated[Principal, allow(policies.EDIT)]
BookCode = Annotated[str, Path(max_length=40)]
OnDay = Annotated[date | None, Query(alias="date", description="На какой день; по умолчанию сегодня")]
Everything = Annotated[bool, Query(description="Вместе с недействующими")]


def _out(entry: ReferenceEntry) -> EntryOut:
    return EntryOut.model_validate(entry, from_attributes=True)


@router.get("/reference-books")
async def list_reference_books(_principal: Reader) -> BooksOut:
    """Справочники, которые ведутся в системе."""
    return BooksOut(items=list(BOOKS.values()))


@router.get("/reference-books/{book}/entries")
async def list_reference_entries(
    book: BookCode,
    principal: Reader,
    uow: Uow,
    organization_id: Whose = None,
    day: OnDay = None,
    everything: Everything = False,
) -> EntriesOut:
    """Записи справочника, как их видит регион или организация: свои и унаследованные."""
    on = None if everything else day or uow.clock.today()
    found = await service.list_entries(uow, principal, book, organization_id, day=on)
    return EntriesOut(items=[_out(one) for one in found])


@router.post("/reference-books/{book}/entries", status_code=201, response_model=EntryOut)
async def add_reference_entry(
    book: BookCode, body: EntryIn, once: CreateOnce, principal: Editor, uow: Uow
) -> JSONResponse:
    """Добавить запись в справочник региона или своей организации."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.add_entry(uow, principal, book, body)).model_dump(mode="json")

    return await once(create)


@router.get("/reference-entries/{entry_id}")
async def get_reference_entry(entry_id: UUID, principal: Reader, uow: Uow, response: Response) -> EntryOut:
    """Запись справочника."""
    found = await service.get_entry(uow, principal, entry_id)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.patch("/reference-entries/{entry_id}")
async def edit_reference_entry(
    entry_id: UUID, body: EntryPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> EntryOut:
    """Изменить запись справочника или вывести её из употребления."""
    found = await service.edit_entry(uow, principal, entry_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.get("/reference-entries/{entry_id}/history")
async def list_reference_entry_changes(
    entry_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений записи справочника."""
    page = paginate(await service.history_of(uow, principal, entry_id, limit, after), limit, lambda one: one.key)
    return Page(items=[whole_change(one) for one in page.items], next=page.next)
