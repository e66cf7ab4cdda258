"""HTTP of class teachers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Row

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown
from sgo_core.cards.schemas import without_people
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.catalogue.values import Day
from sgo_core.class_teachers import policies, service
from sgo_core.class_teachers.schemas import AppointmentIn, AppointmentOut, AppointmentPatch
from sgo_core.http import after_id

router = APIRouter(tags=["class-teachers"])
Reader = Annotated[Principal, allow(policies.READ)]
Appointer = Annotated[Principal, allow(policies.APPOINT)]
_NAMES = ("last_name", "first_name", "middle_name")


def _out(row: Row[*tuple[Any, ...]], audience: Audience) -> AppointmentOut:
    appointed = row.GroupTeacher
    values, masked = shown(CardKind.WORKER, {name: getattr(row, name) for name in _NAMES}, audience, closed=())
    return AppointmentOut(
        id=appointed.id,
        organization_id=appointed.organization_id,
        group_id=appointed.group_id,
        group_name=row.group_name,
        worker_id=appointed.worker_id,
        values=values,
        masked=masked,
        role=appointed.role,
        valid_from=appointed.valid_from,
        valid_to=appointed.valid_to,
        version=appointed.version,
    )


@router.post("/groups/{group_id}/teachers", status_code=201, response_model=AppointmentOut)
async def appoint_class_teacher(
    group_id: UUID, body: AppointmentIn, once: CreateOnce, principal: Appointer, uow: Uow
) -> JSONResponse:
    """Назначить классного руководителя класса, воспитателя группы, руководителя объединения."""

    async def appoint() -> tuple[int, dict[str, Any]]:
        appointed = await service.appoint(uow, principal, group_id, body)
        row = await service.with_names(uow, appointed)
        return 201, _out(row, audience_of(principal)).model_dump(mode="json")

    return await once(appoint, kept=without_people)


@router.patch("/class-teachers/{appointment_id}")
async def end_class_teacher(
    appointment_id: UUID, body: AppointmentPatch, version: IfMatch, principal: Appointer, uow: Uow, response: Response
) -> AppointmentOut:
    """Изменить дату окончания назначения."""
    appointed = await service.change_end(uow, principal, appointment_id, version, body)
    response.headers["ETag"] = etag(appointed.version)
    return _out(await service.with_names(uow, appointed), audience_of(principal))


@router.get("/organizations/{organization_id}/class-teachers")
async def list_class_teachers(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    date: Annotated[Day | None, Query(description="На какую дату; по умолчанию сегодня")] = None,
    group_id: UUID | None = None,
    past: Annotated[bool, Query(description="За всё время")] = False,
) -> Page[AppointmentOut]:
    """Классные руководители, воспитатели и руководители объединений организации."""
    found = await service.list_appointments(
        uow,
        principal,
        organization_id,
        day=None if past else date or uow.clock.today(),
        group_id=group_id,
        limit=limit,
        after=after_id(after),
    )
    page = paginate([_out(row, audience_of(principal)) for row in found], limit, lambda one: one.id)
    await audit.record(uow, principal, "class-teachers.list.read", [one.worker_id for one in page.items])
    return page
