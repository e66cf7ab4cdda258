"""Routes of the cells."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.lessons import policies as lessons
from sgo_journal.marks import policies, service
from sgo_journal.marks.schemas import AttendanceCodeOut, CellsIn, ChangeOut, Dictionaries, Saved

router = APIRouter(tags=["marks"])


@router.get("/dictionaries", dependencies=[allow(policies.READ_CODES)])
async def read_dictionaries(uow: Uow) -> Dictionaries:
    """Коды посещаемости."""
    codes = await service.codes(uow)
    return Dictionaries(attendance=[AttendanceCodeOut.model_validate(code, from_attributes=True) for code in codes])


@router.post("/journals/{journal_id}/cells", response_model=Saved)
async def save_cells(
    journal_id: UUID, body: CellsIn, principal: Annotated[Principal, allow(lessons.RECORD)], uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Сохранить клетки журнала, отметки и посещаемость: все или ни одной."""

    async def save() -> tuple[int, dict[str, Any]]:
        saved = await service.save_cells(uow, principal, journal_id, body)
        return 200, saved.model_dump()

    return await once(save)


@router.get("/lessons/{lesson_id}/changes")
async def list_changes(
    lesson_id: UUID,
    principal: Annotated[Principal, allow(lessons.READ)],
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[ChangeOut]:
    """История изменений отметок и посещаемости урока."""
    found = await service.list_changes(uow, principal, lesson_id, after, limit)
    shown = [ChangeOut.model_validate(change, from_attributes=True) for change in found]
    return paginate(shown, limit, lambda change: change.id)
