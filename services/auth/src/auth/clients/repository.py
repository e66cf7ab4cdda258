"""SQL of clients."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.clients.model import Client


async def lock(session: AsyncSession, client_id: UUID, *, shared: bool = False) -> Client | None:
    """A client, locked: shared to issue a token, alone to end it."""
    return await session.get(Client, client_id, with_for_update={"read": shared}, populate_existing=True)


async def page(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[Client]:
    """Clients in id order."""
    statement = select(Client)
    if after is not None:
        statement = statement.where(Client.id > after)
    return (await session.scalars(statement.order_by(Client.id).limit(limit))).all()


async def ended(session: AsyncSession) -> Sequence[Client]:
    """Clients that were ended; there are few."""
    return (await session.scalars(select(Client).where(Client.ended_at.is_not(None)).order_by(Client.id))).all()


async def is_ended(session: AsyncSession, client_id: UUID) -> bool:
    """Whether the id is of a client that was ended."""
    statement = select(Client.id).where(Client.id == client_id, Client.ended_at.is_not(None))
    return await session.scalar(statement) is not None
