"""Reading a whole table in chunks by key."""

from collections.abc import AsyncIterator, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

T = TypeVar("T")

_SIZE = 2000


async def chunked(
    session: AsyncSession, query: Select[T], key: InstrumentedAttribute[UUID]
) -> AsyncIterator[Sequence[T]]:
    """Entities in key order; what was read is forgotten, so that memory stays flat."""
    after: UUID | None = None
    while True:
        page = query if after is None else query.where(key > after)
        rows = (await session.scalars(page.order_by(key).limit(_SIZE))).all()
        if not rows:
            return
        after = getattr(rows[-1], key.key)
        yield rows
        session.expunge_all()
