"""Routes of the switches."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.switches import policies, service
from sgo_journal.switches.schemas import SwitchIn, SwitchOut, SwitchPreview
from sgo_journal.timetable.schemas import ReasonIn

router = APIRouter(tags=["switches"])

Switcher = Annotated[Principal, allow(policies.SWITCH)]
Reader = Annotated[Principal, allow(policies.READ)]


def _shown(switch: service.Switch) -> SwitchOut:
    return SwitchOut.model_validate(switch, from_attributes=True)


@router.post("/organizations/{organization_id}/switches/preview")
async def preview_switch(organization_id: UUID, body: SwitchIn, principal: Switcher, uow: Uow) -> SwitchPreview:
    """Сколько уроков затронет карантин, актированный день или дистанционный режим."""
    found = await service.preview(uow, principal, organization_id, body)
    return SwitchPreview(
        lessons=len(found.lessons),
        classes=len({lesson.learners_id for lesson, _ in found.lessons}),
        teachers=len({lesson.teacher_id for lesson, _ in found.lessons} - {None}),
        left=found.left,
        mixed=found.mixed,
    )


@router.post("/organizations/{organization_id}/switches", status_code=201, response_model=SwitchOut)
async def make_switch(
    organization_id: UUID, body: SwitchIn, principal: Switcher, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Отменить уроки или перевести их в дистанционный режим одним решением."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.make(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/organizations/{organization_id}/switches")
async def list_switches(
    organization_id: UUID, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[SwitchOut]:
    """Карантины, актированные дни и дистанционный режим организации."""
    found = await service.list_switches(uow, principal, organization_id, after, limit)
    return paginate([_shown(one) for one in found], limit, lambda one: one.id)


@router.get("/switches/{switch_id}")
async def read_switch(switch_id: UUID, principal: Reader, uow: Uow, response: Response) -> SwitchOut:
    """Одно переключение уроков."""
    switch = await service.read(uow, principal, switch_id)
    response.headers["ETag"] = etag(switch.version)
    return _shown(switch)


@router.post("/switches/{switch_id}/undo")
async def undo_switch(
    switch_id: UUID, body: ReasonIn, version: IfMatch, principal: Switcher, uow: Uow, response: Response
) -> SwitchOut:
    """Вернуть ещё не прошедшие уроки в обычный порядок."""
    switch = await service.undo(uow, principal, switch_id, version, body.reason)
    response.headers["ETag"] = etag(switch.version)
    return _shown(switch)
