"""SQL of programmes of additional education."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.programmes.model import Programme


async def get(session: AsyncSession, programme_id: UUID, *, lock: bool = False) -> Programme | None:
    """A programme, locked for an edit if asked."""
    return await session.get(Programme, programme_id, with_for_update=lock or None, populate_existing=True)


async def open_ids(session: AsyncSession, organization_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of the programmes that the organization carries out."""
    query = select(Programme.id).where(
        Programme.organization_id == organization_id, Programme.id.in_(ids), Programme.active
    )
    return set(await session.scalars(query))


async def page(
    session: AsyncSession, organization_id: UUID, active: bool | None, limit: int, after: UUID | None
) -> Sequence[Programme]:
    """One page of an organization's programmes and one more."""
    query = select(Programme).where(Programme.organization_id == organization_id)
    if active is not None:
        query = query.where(Programme.active == active)
    if after is not None:
        query = query.where(Programme.id > after)
    return (await session.scalars(query.order_by(Programme.id).limit(limit + 1))).all()
