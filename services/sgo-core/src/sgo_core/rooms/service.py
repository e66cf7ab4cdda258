"""Use cases of rooms, and what other slices ask: whether an organization uses a room."""

from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.buildings import service as buildings
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.reference_books import service as reference_books
from sgo_core.rooms import repository
from sgo_core.rooms.errors import RoomBuildingError, RoomExistsError, UnknownRoomError
from sgo_core.rooms.events import room_changed
from sgo_core.rooms.model import Room
from sgo_core.rooms.schemas import RoomIn, RoomPatch


async def require_rooms(uow: UnitOfWork, organization_id: UUID, ids: Collection[UUID]) -> None:
    """Raise ``UnknownRoomError`` unless an organization uses all of the rooms."""
    if ids and await repository.in_use(uow.session, organization_id, ids) != set(ids):
        raise UnknownRoomError


async def enter_room(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: RoomIn) -> Room:
    """Enter a room of an organization."""
    await organizations.require_visible(uow, principal, organization_id)
    await _check(uow, organization_id, body.kind, body.building_id)
    room = Room(
        id=new_id(),
        organization_id=organization_id,
        active=True,
        version=1,
        **body.model_dump(),
        **signature(Author(principal.account_id, "Внесение помещения"), uow.now),
    )
    uow.session.add(room)
    await _flush(uow)
    uow.publish(room_changed(room), version=room.version)
    return room


async def edit_room(uow: UnitOfWork, principal: Principal, room_id: UUID, version: int, body: RoomPatch) -> Room:
    """Change a room, or put it out of use."""
    room = await repository.get(uow.session, room_id, lock=True)
    if room is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, room.organization_id)
    if room.version != version:
        raise VersionMismatchError
    changes = body.model_dump(exclude_unset=True, exclude={"reason"})
    await _check(uow, room.organization_id, changes.get("kind"), changes.get("building_id"))
    if change(room, changes, Author(principal.account_id, body.reason), uow.now):
        await _flush(uow)
        uow.publish(room_changed(room), version=room.version)
    return room


async def _check(uow: UnitOfWork, organization_id: UUID, kind: str | None, building_id: UUID | None) -> None:
    if kind is not None:
        await reference_books.require_entry(uow, "room_kinds", organization_id, kind)
    if building_id is not None:
        used = await buildings.in_use(uow, [organization_id])
        if all(one.id != building_id for one in used):
            raise RoomBuildingError


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints only the number's can be broken here
        raise RoomExistsError from None


async def get_room(uow: UnitOfWork, principal: Principal, room_id: UUID) -> Room:
    """A room of an organization the caller sees; raises ``NotFoundError``."""
    room = await repository.get(uow.session, room_id)
    if room is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, room.organization_id)
    return room


async def list_rooms(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    building_id: UUID | None,
    kind: str | None,
    *,
    former: bool,
    limit: int,
    after: UUID | None,
) -> Sequence[Room]:
    """One page of an organization's rooms, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(
        uow.session, organization_id, building_id, kind, former=former, limit=limit, after=after
    )


async def history_of(
    uow: UnitOfWork, principal: Principal, room_id: UUID, limit: int, after: str | None
) -> Sequence[history.Change]:
    """One page of the history of a room, and one more."""
    await get_room(uow, principal, room_id)
    return await history.changes_of(uow, [Room], room_id, limit, after)


async def hand_over(
    uow: UnitOfWork, origin_id: UUID, organization_id: UUID, building_ids: Collection[UUID], author: Author
) -> int:
    """Give the rooms of buildings that another organization has taken over to it, too; how many. They keep id and history."""
    found = await repository.of_buildings(uow.session, origin_id, building_ids)
    for room in found:
        change(room, {"organization_id": organization_id}, author, uow.now)
        uow.publish(room_changed(room), version=room.version)
    return len(found)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every room, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Room), Room.id):
        yield [Aggregate(room_changed(one), one.updated_at, one.version) for one in chunk]
