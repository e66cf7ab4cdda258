"""SQL of sample checks."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.sample_checks.model import SampleCheck, SampleCheckItem


async def get(session: AsyncSession, check_id: UUID, *, lock: bool = False) -> SampleCheck | None:
    """A check, locked if asked."""
    return await session.get(SampleCheck, check_id, with_for_update=lock or None, populate_existing=True)


async def page(session: AsyncSession, organization: UUID, limit: int, after: UUID | None) -> Sequence[SampleCheck]:
    """One page of an organization's checks, newest first, and one more."""
    query = select(SampleCheck).where(SampleCheck.organization_id == organization)
    if after is not None:
        query = query.where(SampleCheck.id < after)
    return (await session.scalars(query.order_by(SampleCheck.id.desc()).limit(limit + 1))).all()


async def items(session: AsyncSession, check: UUID) -> Sequence[SampleCheckItem]:
    """The cards of a check."""
    query = select(SampleCheckItem).where(SampleCheckItem.check_id == check).order_by(SampleCheckItem.id)
    return (await session.scalars(query)).all()


async def get_item(session: AsyncSession, item_id: UUID) -> SampleCheckItem | None:
    """A card of a check, as it is in the database."""
    return await session.get(SampleCheckItem, item_id, populate_existing=True)
