"""SQL of merges."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.merging.model import CardMerge


async def get(session: AsyncSession, merge_id: UUID, *, lock: bool = False) -> CardMerge | None:
    """A merge, locked if asked."""
    return await session.get(CardMerge, merge_id, with_for_update=lock or None, populate_existing=True)


def seen(visible: Any) -> Any:
    """Merges of a card that one of the organizations (a subquery of ids) keeps."""
    keeper = func.unnest(CardMerge.organizations).column_valued("keeper")
    return select(keeper).where(keeper.in_(visible)).exists()


async def is_seen(session: AsyncSession, merge_id: UUID, visible: Any) -> bool:
    """Whether one of the organizations keeps a card of the merge."""
    query = select(CardMerge.id).where(CardMerge.id == merge_id, seen(visible))
    return await session.scalar(query) is not None


async def page(
    session: AsyncSession, visible: Any, state: str | None, limit: int, after: UUID | None
) -> Sequence[CardMerge]:
    """One page of the merges of cards that some organizations keep, and one more."""
    query = select(CardMerge).where(seen(visible))
    if state is not None:
        query = query.where(CardMerge.state == state)
    if after is not None:
        query = query.where(CardMerge.id > after)
    return (await session.scalars(query.order_by(CardMerge.id).limit(limit + 1))).all()
