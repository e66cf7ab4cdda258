"""SQL of rooms."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.rooms.model import Room


async def get(session: AsyncSession, room_id: UUID, *, lock: bool = False) -> Room | None:
    """A room, locked for an edit if asked."""
    query = select(Room).where(Room.id == room_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def page(
    session: AsyncSession,
    organization_id: UUID,
    building_id: UUID | None,
    kind: str | None,
    *,
    former: bool,
    limit: int,
    after: UUID | None,
) -> Sequence[Room]:
    """One page of an organization's rooms, those used no more if asked, and one more."""
    query = select(Room).where(Room.organization_id == organization_id)
    if not former:
        query = query.where(Room.active)
    if building_id is not None:
        query = query.where(Room.building_id == building_id)
    if kind is not None:
        query = query.where(Room.kind == kind)
    if after is not None:
        query = query.where(Room.id > after)
    return (await session.scalars(query.order_by(Room.id).limit(limit + 1))).all()


async def in_use(session: AsyncSession, organization_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Of some rooms those that an organization uses."""
    query = select(Room.id).where(Room.organization_id == organization_id, Room.id.in_(ids), Room.active)
    return set(await session.scalars(query))


async def of_buildings(session: AsyncSession, organization_id: UUID, building_ids: Collection[UUID]) -> Sequence[Room]:
    """An organization's rooms in some buildings, locked in id order."""
    query = select(Room).where(Room.organization_id == organization_id, Room.building_id.in_(building_ids))
    return (await session.scalars(query.order_by(Room.id).with_for_update())).all()
