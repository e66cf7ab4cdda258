"""HTTP of rooms."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.schemas import ChangeOut
from sgo_core.cards.showing import whole_change
from sgo_core.http import after_id
from sgo_core.rooms import policies, service
from sgo_core.rooms.model import Room
from sgo_core.rooms.schemas import RoomIn, RoomOut, RoomPatch

router = APIRouter(tags=["rooms"])
Reader = Annotated[Principal, allow(policies.READ)]
Editor = Annotated[Principal, allow(policies.EDIT)]
OfKind = Annotated[str | None, Query(max_length=40, description="Вид помещения")]
Former = Annotated[bool, Query(description="Вместе с теми, что больше не используются")]


def _out(room: Room) -> RoomOut:
    return RoomOut.model_validate(room, from_attributes=True)


@router.post("/organizations/{organization_id}/rooms", status_code=201, response_model=RoomOut)
async def enter_room(
    organization_id: UUID, body: RoomIn, once: CreateOnce, principal: Editor, uow: Uow
) -> JSONResponse:
    """Внести помещение организации."""

    async def enter() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.enter_room(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(enter)


@router.get("/organizations/{organization_id}/rooms")
async def list_rooms(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    building_id: UUID | None = None,
    kind: OfKind = None,
    former: Former = False,
    limit: Limit = 200,
    after: After = None,
) -> Page[RoomOut]:
    """Помещения организации."""
    found = await service.list_rooms(
        uow, principal, organization_id, building_id, kind, former=former, limit=limit, after=after_id(after)
    )
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/rooms/{room_id}")
async def get_room(room_id: UUID, principal: Reader, uow: Uow, response: Response) -> RoomOut:
    """Помещение."""
    found = await service.get_room(uow, principal, room_id)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.patch("/rooms/{room_id}")
async def edit_room(
    room_id: UUID, body: RoomPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> RoomOut:
    """Изменить сведения о помещении или вывести его из использования."""
    found = await service.edit_room(uow, principal, room_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.get("/rooms/{room_id}/history")
async def list_room_changes(
    room_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений сведений о помещении."""
    page = paginate(await service.history_of(uow, principal, room_id, limit, after), limit, lambda one: one.key)
    return Page(items=[whole_change(one) for one in page.items], next=page.next)
