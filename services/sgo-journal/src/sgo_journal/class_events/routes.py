"""Routes of the class events."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.class_events import policies, service
from sgo_journal.class_events.schemas import (
    CancellationIn,
    ClassEventChangeOut,
    ClassEventIn,
    ClassEventOut,
    ClassEventPatch,
    Participant,
)
from sgo_journal.dates import Day

router = APIRouter(tags=["class-events"])

Planner = Annotated[Principal, allow(policies.PLAN)]
Reader = Annotated[Principal, allow(policies.READ)]

_DAY = dt.timedelta(days=1)


def _shown(event: service.ClassEvent, response: Response | None = None) -> ClassEventOut:
    if response is not None:
        response.headers["ETag"] = etag(event.version)
    return ClassEventOut.model_validate(event, from_attributes=True)


@router.post("/organizations/{organization_id}/class-events", status_code=201, response_model=ClassEventOut)
async def plan_class_event(
    organization_id: UUID, body: ClassEventIn, principal: Planner, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Назначить мероприятие классов и групп."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.plan(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/organizations/{organization_id}/class-events")
async def list_class_events(
    organization_id: UUID,
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to", description="Последний день, включительно")],
    principal: Reader,
    uow: Uow,
    learners_id: Annotated[UUID | None, Query(description="Класс с его группами")] = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[ClassEventOut]:
    """Мероприятия организации или класса за период."""
    found = await service.list_events(uow, principal, organization_id, since, until + _DAY, learners_id, after, limit)
    return paginate([_shown(one) for one in found], limit, lambda one: one.id)


@router.get("/class-events/{event_id}")
async def read_class_event(event_id: UUID, principal: Reader, uow: Uow, response: Response) -> ClassEventOut:
    """Мероприятие."""
    return _shown(await service.read(uow, principal, event_id), response)


@router.patch("/class-events/{event_id}")
async def change_class_event(
    event_id: UUID, body: ClassEventPatch, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> ClassEventOut:
    """Изменить мероприятие."""
    return _shown(await service.change(uow, principal, event_id, version, body), response)


@router.post("/class-events/{event_id}/cancellation")
async def cancel_class_event(
    event_id: UUID, body: CancellationIn, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> ClassEventOut:
    """Отменить мероприятие."""
    return _shown(await service.cancel(uow, principal, event_id, version, body.reason), response)


@router.get("/class-events/{event_id}/changes")
async def list_class_event_changes(
    event_id: UUID, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[ClassEventChangeOut]:
    """Кто и когда назначил, изменил и отменил мероприятие."""
    found = await service.history(uow, principal, event_id, after, limit)
    shown = [ClassEventChangeOut.model_validate(one, from_attributes=True) for one in found]
    return paginate(shown, limit, lambda one: one.id)


@router.get("/class-events/{event_id}/participants")
async def list_class_event_participants(event_id: UUID, principal: Reader, uow: Uow) -> list[Participant]:
    """Участники мероприятия: списки его классов и групп на первый день."""
    found = await service.participants(uow, principal, event_id)
    return [
        Participant(student_id=line.student_id, name=line.name, learners_id=learners_id) for learners_id, line in found
    ]
