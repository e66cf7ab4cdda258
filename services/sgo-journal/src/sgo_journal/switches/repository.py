"""All SQL of the switches."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.switches.model import Switch


async def one(session: AsyncSession, switch_id: UUID) -> Switch | None:
    """A switch."""
    query = select(Switch).where(Switch.id == switch_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def page(session: AsyncSession, organization_id: UUID, after: UUID | None, limit: int) -> Sequence[Switch]:
    """Switches of an organization, one more than ``limit``."""
    query = select(Switch).where(Switch.organization_id == organization_id)
    if after is not None:
        query = query.where(Switch.id > after)
    return (await session.scalars(query.order_by(Switch.id).limit(limit + 1))).all()
