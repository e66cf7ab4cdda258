"""All SQL of the closed periods but the check list (``gaps``)."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.closings.model import PeriodClosing, PeriodUnlock

_HOLD = text("""
SELECT id FROM journal WHERE organization_id = :organization AND academic_year = :year AND learners_id = ANY (:learners)
 ORDER BY id FOR UPDATE
""")


async def hold_journals(
    session: AsyncSession, organization_id: UUID, academic_year: int, learners: Collection[UUID]
) -> frozenset[UUID]:
    """Wait for whoever saves in journals of the learners, and let nobody begin until the transaction ends; their ids."""
    given = {"organization": organization_id, "year": academic_year, "learners": list(learners)}
    return frozenset(await session.scalars(_HOLD, given))


async def close(session: AsyncSession, values: dict[str, Any]) -> PeriodClosing | None:
    """Close a period; none if it is closed already."""
    statement = insert(PeriodClosing).values(values).on_conflict_do_nothing().returning(PeriodClosing)
    return await session.scalar(statement)


async def one(session: AsyncSession, organization_id: UUID | None, closing_id: UUID) -> PeriodClosing | None:
    """A closing of the organization."""
    query = select(PeriodClosing).where(
        PeriodClosing.organization_id == organization_id, PeriodClosing.id == closing_id
    )
    return await session.scalar(query)


async def of_learners(
    session: AsyncSession, organization_id: UUID, learners_id: UUID, after: UUID | None, limit: int
) -> Sequence[PeriodClosing]:
    """Closings of learners in the order they were made, one more than ``limit``; those taken back too."""
    query = select(PeriodClosing).where(
        PeriodClosing.organization_id == organization_id, PeriodClosing.learners_id == learners_id
    )
    if after is not None:
        query = query.where(PeriodClosing.id > after)
    return (await session.scalars(query.order_by(PeriodClosing.id).limit(limit + 1))).all()


async def unlocks(session: AsyncSession, closings: Collection[UUID], organization_id: UUID) -> Sequence[PeriodUnlock]:
    """What opened closed periods again, in the order it was ordered."""
    query = select(PeriodUnlock).where(
        PeriodUnlock.organization_id == organization_id, PeriodUnlock.closing_id.in_(closings)
    )
    return (await session.scalars(query.order_by(PeriodUnlock.id))).all()


async def revoke(session: AsyncSession, closing: PeriodClosing, values: dict[str, Any]) -> bool:
    """Take a closing back, once."""
    changed = await session.scalar(
        update(PeriodClosing)
        .where(
            PeriodClosing.organization_id == closing.organization_id,
            PeriodClosing.academic_year == closing.academic_year,
            PeriodClosing.id == closing.id,
            PeriodClosing.revoked_at.is_(None),
        )
        .values(values)
        .returning(PeriodClosing.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
