"""SQL of achievements."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.achievements.model import Achievement


async def get(session: AsyncSession, achievement_id: UUID) -> Achievement | None:
    """An achievement with its row locked."""
    return await session.get(Achievement, achievement_id, with_for_update=True, populate_existing=True)


async def page(
    session: AsyncSession, owner_id: UUID, limit: int, after: UUID | None, *, confirmed_only: bool
) -> Sequence[Achievement]:
    """One page of an owner's achievements, newest entry first, and one more; those taken back are left out."""
    query = select(Achievement).where(Achievement.owner_id == owner_id, Achievement.state != "withdrawn")
    if confirmed_only:
        query = query.where(Achievement.state == "confirmed")
    if after is not None:
        query = query.where(Achievement.id < after)
    return (await session.scalars(query.order_by(Achievement.id.desc()).limit(limit + 1))).all()


async def counts(
    session: AsyncSession, organization_id: UUID, first: date, last: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Confirmed achievements of those who were the organization's when it happened, by whose, kind, level, result."""
    query = text("""
        SELECT a.owner_kind, a.kind, a.level, a.result, count(*) AS achievements, count(DISTINCT a.owner_id) AS people
        FROM achievement a
        WHERE a.owner_id IN (
            SELECT student_id FROM membership WHERE organization_id = :organization
            UNION SELECT worker_id FROM employment WHERE organization_id = :organization
        )
        AND a.state = 'confirmed' AND a.held_on BETWEEN :first AND :last AND (
            a.owner_kind = 'student' AND EXISTS (
                SELECT FROM membership m WHERE m.student_id = a.owner_id AND m.organization_id = :organization
                AND m.valid_from <= a.held_on AND (m.valid_to IS NULL OR m.valid_to > a.held_on))
            OR a.owner_kind = 'worker' AND EXISTS (
                SELECT FROM employment e WHERE e.worker_id = a.owner_id AND e.organization_id = :organization
                AND e.hired_on <= a.held_on AND (e.dismissed_on IS NULL OR e.dismissed_on > a.held_on)))
        GROUP BY a.owner_kind, a.kind, a.level, a.result
        ORDER BY a.owner_kind, a.kind, a.level, a.result
    """)
    return (await session.execute(query, {"organization": organization_id, "first": first, "last": last})).all()
