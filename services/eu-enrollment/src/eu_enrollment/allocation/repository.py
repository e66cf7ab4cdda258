"""Statements of allocation."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.allocation.model import allocation, allocation_outcome
from eu_enrollment.database import Record

_CHUNK = 2000


async def add(session: AsyncSession, values: dict[str, object], outcomes: Sequence[dict[str, object]]) -> None:
    """Store an allocation with the outcome of every applicant."""
    await session.execute(insert(allocation).values(values))
    for start in range(0, len(outcomes), _CHUNK):
        await session.execute(insert(allocation_outcome), outcomes[start : start + _CHUNK])


async def latest_outcome(session: AsyncSession, application_id: UUID) -> Record | None:
    """The newest outcome of an application."""
    statement = (
        select(allocation_outcome, allocation.c.at, allocation.c.result_hash)
        .join(allocation, allocation.c.id == allocation_outcome.c.allocation_id)
        .where(allocation_outcome.c.application_id == application_id)
        .order_by(allocation.c.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).first()


async def page(session: AsyncSession, campaign_id: UUID, after: UUID | None, limit: int) -> Sequence[Record]:
    """Allocations of a campaign, oldest first, one more than asked for."""
    statement = select(allocation).where(allocation.c.campaign_id == campaign_id)
    if after is not None:
        statement = statement.where(allocation.c.id > after)
    return (await session.execute(statement.order_by(allocation.c.id).limit(limit + 1))).all()
