"""SQL of clients."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.clients.model import Client


async def lock(session: AsyncSession, client_id: UUID, *, shared: bool = False) -> Client | None:
    """A client, locked: shared to issue a token, alone to cut it off."""
    return await session.get(Client, client_id, with_for_update={"read": shared}, populate_existing=True)


async def page(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[Client]:
    """Clients in id order."""
    statement = select(Client)
    if after is not None:
        statement = statement.where(Client.id > after)
    return (await session.scalars(statement.order_by(Client.id).limit(limit))).all()


async def cut_off(session: AsyncSession) -> Sequence[Client]:
    """Clients that were ever cut off; there are few."""
    return (await session.scalars(select(Client).where(Client.access_version > 0).order_by(Client.id))).all()


async def is_cut_off(session: AsyncSession, client_id: UUID, issued_at: datetime) -> bool:
    """Whether the id is of a client that is ended, or was cut off after the moment."""
    cut = or_(Client.ended_at.is_not(None), Client.tokens_not_before > issued_at)
    return await session.scalar(select(Client.id).where(Client.id == client_id, cut)) is not None
