"""SQL of destruction acts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ScalarSelect, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.retention.model import DestructionAct, DestructionLine


async def get(session: AsyncSession, act_id: UUID, *, lock: bool = False) -> DestructionAct | None:
    """An act, locked if asked."""
    return await session.get(DestructionAct, act_id, with_for_update=lock or None, populate_existing=True)


async def page(
    session: AsyncSession, organization_id: UUID, limit: int, after: UUID | None
) -> Sequence[DestructionAct]:
    """One page of an organization's acts, and one more."""
    query = select(DestructionAct).where(DestructionAct.organization_id == organization_id)
    if after is not None:
        query = query.where(DestructionAct.id > after)
    return (await session.scalars(query.order_by(DestructionAct.id).limit(limit + 1))).all()


async def lines(session: AsyncSession, act_id: UUID, limit: int, after: int) -> Sequence[DestructionLine]:
    """Lines of an act after a number."""
    query = select(DestructionLine).where(DestructionLine.act_id == act_id, DestructionLine.number > after)
    return (await session.scalars(query.order_by(DestructionLine.number).limit(limit))).all()


async def open_lines(session: AsyncSession, act_id: UUID, limit: int) -> Sequence[DestructionLine]:
    """Lines of an act that nothing has become of yet, locked."""
    query = select(DestructionLine).where(DestructionLine.act_id == act_id, DestructionLine.outcome.is_(None))
    return (await session.scalars(query.order_by(DestructionLine.number).limit(limit).with_for_update())).all()


async def counts(session: AsyncSession, act_id: UUID) -> dict[str, int]:
    """Lines of an act by outcome; ``open`` for those without."""
    outcome = func.coalesce(DestructionLine.outcome, "open")
    query = select(outcome, func.count()).where(DestructionLine.act_id == act_id).group_by(outcome)
    return {row[0]: row[1] for row in await session.execute(query)}


async def lock_drafts(session: AsyncSession, organization_id: UUID) -> None:
    """Let an organization draft one act at a time: an erasure stands in one act."""
    query = text("SELECT pg_advisory_xact_lock(hashtext('destruction_act' || :id))")
    await session.execute(query, {"id": str(organization_id)})


def recorded(organization_id: UUID) -> ScalarSelect[UUID | None]:
    """Erasures that stand in an act of the organization, as a subquery."""
    query = (
        select(DestructionLine.erasure_id)
        .join(DestructionAct, DestructionAct.id == DestructionLine.act_id)
        .where(DestructionAct.organization_id == organization_id, DestructionLine.erasure_id.is_not(None))
    )
    return query.scalar_subquery()


async def forget_records(session: AsyncSession, act_id: UUID) -> None:
    """Take the records of erasures out of an act that was given up."""
    statement = delete(DestructionLine).where(DestructionLine.act_id == act_id, DestructionLine.erasure_id.is_not(None))
    await session.execute(statement)
