"""Routes of the journals."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.journals import policies, service
from sgo_journal.journals.schemas import (
    JournalIn,
    JournalOut,
    JournalPatch,
    JournalWithTeachers,
    TeachingEnd,
    TeachingIn,
    TeachingOut,
)

router = APIRouter(tags=["journals"])

Reader = Annotated[Principal, allow(policies.READ)]
Setter = Annotated[Principal, allow(policies.SET_UP)]


def _shown(journal: service.Journal) -> JournalOut:
    names = JournalOut.model_fields.keys() - {"scale_id"}
    return JournalOut(**{name: getattr(journal, name) for name in names}, scale_id=journal.marked_by)


def _teaching(teaching: service.Teaching) -> TeachingOut:
    return TeachingOut(
        id=teaching.id,
        teacher_id=teaching.teacher_id,
        hours_week=teaching.hours_week,
        valid_from=teaching.valid_from,
        valid_to=teaching.valid_to,
        by_load=teaching.sequence is not None,
    )


@router.get("/organizations/{organization_id}/journals")
async def list_journals(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    academic_year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    learners_id: UUID | None = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[JournalOut]:
    """Журналы организации; учителю — те, которые ведёт он."""
    asked = {"organization_id": organization_id, "academic_year": academic_year, "learners_id": learners_id}
    filters = {name: value for name, value in asked.items() if value is not None}
    found = await service.list_journals(uow, principal, organization_id, filters, after, limit)
    return paginate([_shown(journal) for journal in found], limit, lambda journal: journal.id)


@router.post("/organizations/{organization_id}/journals", status_code=201, response_model=JournalOut)
async def open_journal(
    organization_id: UUID, body: JournalIn, principal: Setter, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Открыть журнал, которого нет в нагрузке: кружка, группы продлённого дня, внеурочной деятельности."""

    async def create() -> tuple[int, dict[str, Any]]:
        journal = await service.open_journal(uow, principal, organization_id, body)
        return 201, _shown(journal).model_dump(mode="json")

    return await once(create)


@router.get("/journals/{journal_id}")
async def read_journal(journal_id: UUID, principal: Reader, uow: Uow, response: Response) -> JournalWithTeachers:
    """Журнал и его учителя."""
    journal, teachers = await service.read_journal(uow, principal, journal_id)
    response.headers["ETag"] = etag(journal.version)
    return JournalWithTeachers(**_shown(journal).model_dump(), teachers=[_teaching(one) for one in teachers])


@router.patch("/journals/{journal_id}")
async def change_journal(
    journal_id: UUID, body: JournalPatch, version: IfMatch, principal: Setter, uow: Uow, response: Response
) -> JournalOut:
    """Изменить название, шкалу отметок или ссылку на видеоурок."""
    journal = await service.change_journal(uow, principal, journal_id, version, body)
    response.headers["ETag"] = etag(journal.version)
    return _shown(journal)


@router.post("/journals/{journal_id}/teachers", status_code=201, response_model=TeachingOut)
async def appoint_teacher(
    journal_id: UUID, body: TeachingIn, principal: Setter, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Назначить учителя журнала помимо нагрузки."""

    async def create() -> tuple[int, dict[str, Any]]:
        teaching = await service.appoint(uow, principal, journal_id, body)
        return 201, _teaching(teaching).model_dump(mode="json")

    return await once(create)


@router.post("/journals/{journal_id}/teachers/{teaching_id}/end")
async def dismiss_teacher(
    journal_id: UUID, teaching_id: UUID, body: TeachingEnd, principal: Setter, uow: Uow
) -> TeachingOut:
    """Завершить назначение учителя, сделанное в журнале."""
    return _teaching(await service.dismiss(uow, principal, journal_id, teaching_id, body.last_day))
