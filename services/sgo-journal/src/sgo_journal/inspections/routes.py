"""Routes of inspections and remarks."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from asu_contracts.access import BODIES
from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.inspections import policies, remarks, service
from sgo_journal.inspections.findings import Found
from sgo_journal.inspections.schemas import (
    AnswerIn,
    BegunOut,
    Decided,
    DecisionIn,
    FinishIn,
    FoundOut,
    InspectionIn,
    InspectionOut,
    InspectionShown,
    RemarkIn,
    RemarkOut,
    RemarkPatch,
    RemarkShown,
    RemarkWas,
)
from sgo_journal.inspections.values import STANDING, State

router = APIRouter(tags=["inspections"])

Inspector = Annotated[Principal, allow(policies.INSPECT)]
Reader = Annotated[Principal, allow(policies.READ)]
Told = Annotated[Principal, allow(policies.LIST_REMARKS)]
Concerned = Annotated[Principal, allow(policies.READ_REMARKS)]
Answerer = Annotated[Principal, allow(policies.ANSWER)]
Year = Annotated[int, Query(ge=2000, le=2100, description="Год начала учебного года")]
Overdue = Annotated[bool, Query(description="Только с истёкшим сроком устранения")]


def _inspection(one: service.Inspection) -> dict[str, Any]:
    return InspectionOut.model_validate(one, from_attributes=True).model_dump()


def _found(found: Found) -> FoundOut:
    return FoundOut(proposed=found.proposed, more=found.more)


def _shown(shown: service.Shown, response: Response) -> InspectionShown:
    response.headers["ETag"] = etag(shown.inspection.version)
    left = {State(key): number for key, number in shown.remarks.items()}
    return InspectionShown(
        **_inspection(shown.inspection), journals=list(shown.journals), remarks=left, overdue=shown.overdue
    )


def _remark(one: service.Remark, today: dt.date) -> RemarkOut:
    overdue = one.state in STANDING and one.due_on is not None and one.due_on < today
    shown = {name: getattr(one, name) for name in RemarkOut.model_fields if name != "overdue"}
    return RemarkOut(**shown, overdue=overdue)


@router.post("/organizations/{organization_id}/inspections", status_code=201, response_model=BegunOut)
async def begin_inspection(
    organization_id: UUID, body: InspectionIn, principal: Inspector, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Начать проверку журналов: незаполненное в них сразу предлагается замечаниями."""

    async def create() -> tuple[int, dict[str, Any]]:
        inspection, journals, found = await service.begin(uow, principal, organization_id, body)
        begun = BegunOut(**_inspection(inspection), journals=list(journals), found=_found(found))
        return 201, begun.model_dump(mode="json")

    return await once(create)


@router.get("/organizations/{organization_id}/inspections")
async def list_inspections(
    organization_id: UUID,
    academic_year: Year,
    principal: Reader,
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[InspectionOut]:
    """Проверки журналов за учебный год."""
    found = await service.list_inspections(uow, principal, organization_id, academic_year, after, limit)
    return paginate([InspectionOut(**_inspection(one)) for one in found], limit, lambda one: one.id)


@router.get("/inspections/{inspection_id}")
async def read_inspection(inspection_id: UUID, principal: Reader, uow: Uow, response: Response) -> InspectionShown:
    """Проверка: журналы и состояние замечаний."""
    return _shown(await service.read(uow, principal, inspection_id), response)


@router.post("/inspections/{inspection_id}/search")
async def search_gaps(inspection_id: UUID, principal: Inspector, uow: Uow) -> FoundOut:
    """Найти незаполненное ещё раз: найденное прежде не повторяется."""
    return _found(await service.search(uow, principal, inspection_id))


@router.post("/inspections/{inspection_id}/conclusion")
async def finish_inspection(
    inspection_id: UUID, body: FinishIn, version: IfMatch, principal: Inspector, uow: Uow, response: Response
) -> InspectionShown:
    """Завершить проверку выводом; замечания устраняются и после."""
    return _shown(await service.finish(uow, principal, inspection_id, version, body.conclusion), response)


@router.post("/inspections/{inspection_id}/remarks", status_code=201, response_model=RemarkOut)
async def make_remark(
    inspection_id: UUID, body: RemarkIn, principal: Inspector, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Сделать замечание к журналу, уроку или ученику."""

    async def create() -> tuple[int, dict[str, Any]]:
        made = await remarks.make(uow, principal, inspection_id, body)
        return 201, _remark(made, uow.clock.today()).model_dump(mode="json")

    return await once(create, kept=lambda remark: {**remark, "text": ""})


@router.post("/inspections/{inspection_id}/decisions")
async def decide_on_remarks(inspection_id: UUID, body: DecisionIn, principal: Inspector, uow: Uow) -> Decided:
    """Решить сразу о многих замечаниях: подтвердить найденное, отклонить, отметить устранение, вернуть, снять."""
    found = await remarks.decide(uow, principal, inspection_id, body)
    return Decided(items=[_remark(one, uow.clock.today()) for one in found])


@router.get("/organizations/{organization_id}/remarks")
async def list_remarks(
    organization_id: UUID,
    academic_year: Year,
    principal: Told,
    uow: Uow,
    inspection_id: UUID | None = None,
    journal_id: UUID | None = None,
    teacher_id: UUID | None = None,
    state: State | None = None,
    overdue: Overdue = False,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[RemarkOut]:
    """Замечания организации; учителю — сделанные ему, органу управления — без учеников и переписки."""
    asked = {
        "academic_year": academic_year,
        "inspection_id": inspection_id,
        "journal_id": journal_id,
        "teacher_id": teacher_id,
        "state": state,
    }
    filters = {name: value for name, value in asked.items() if value is not None}
    found = await remarks.list_remarks(
        uow, principal, organization_id, filters, overdue=overdue, after=after, limit=limit
    )
    shown = [_remark(one, uow.clock.today()) for one in found]
    if principal.role in BODIES:
        shown = [one.without_student() for one in shown]
    return paginate(shown, limit, lambda one: one.id)


@router.get("/remarks/{remark_id}")
async def read_remark(remark_id: UUID, principal: Concerned, uow: Uow, response: Response) -> RemarkShown:
    """Замечание и вся его история."""
    remark, changes = await remarks.read(uow, principal, remark_id)
    response.headers["ETag"] = etag(remark.version)
    was = [RemarkWas.model_validate(one, from_attributes=True) for one in changes]
    return RemarkShown(**_remark(remark, uow.clock.today()).model_dump(), changes=was)


@router.patch("/remarks/{remark_id}")
async def change_remark(
    remark_id: UUID, body: RemarkPatch, version: IfMatch, principal: Inspector, uow: Uow, response: Response
) -> RemarkOut:
    """Изменить текст, срок или исполнителя неустранённого замечания."""
    changed = await remarks.change(uow, principal, remark_id, version, body)
    response.headers["ETag"] = etag(changed.version)
    return _remark(changed, uow.clock.today())


@router.post("/remarks/{remark_id}/answer")
async def answer_remark(
    remark_id: UUID, body: AnswerIn, version: IfMatch, principal: Answerer, uow: Uow, response: Response
) -> RemarkOut:
    """Ответить на своё замечание: устранено."""
    answered = await remarks.answer(uow, principal, remark_id, version, body.comment)
    response.headers["ETag"] = etag(answered.version)
    return _remark(answered, uow.clock.today())
