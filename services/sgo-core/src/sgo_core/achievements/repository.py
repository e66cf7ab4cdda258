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
    session: AsyncSession, kind: str, owner_id: UUID, limit: int, after: UUID | None, *, confirmed_only: bool
) -> Sequence[Achievement]:
    """One page of an owner's achievements, newest entry first, and one more; those taken back are left out."""
    query = select(Achievement).where(Achievement.owned_by(kind, owner_id), Achievement.state != "withdrawn")
    if confirmed_only:
        query = query.where(Achievement.state == "confirmed")
    if after is not None:
        query = query.where(Achievement.id < after)
    return (await session.scalars(query.order_by(Achievement.id.desc()).limit(limit + 1))).all()


_STAYS = {
    "student": {"stay": "membership", "since": "valid_from", "until": "valid_to"},
    "worker": {"stay": "employment", "since": "hired_on", "until": "dismissed_on"},
}
_COUNTED = """
    (SELECT '{kind}' AS owner_kind, a.kind, a.level, a.result, count(*) AS achievements, count(DISTINCT a.{kind}_id) AS people
    FROM achievement a
    WHERE a.{kind}_id IN (SELECT {kind}_id FROM {stay} WHERE organization_id = :organization)
    AND a.state = 'confirmed' AND a.held_on BETWEEN :first AND :last AND EXISTS (
        SELECT FROM {stay} s WHERE s.{kind}_id = a.{kind}_id AND s.organization_id = :organization
        AND s.{since} <= a.held_on AND (s.{until} IS NULL OR s.{until} > a.held_on))
    GROUP BY a.kind, a.level, a.result ORDER BY a.kind, a.level, a.result)
"""


async def counts(
    session: AsyncSession, organization_id: UUID, first: date, last: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Confirmed achievements of those who were the organization's when it happened, by whose, kind, level, result."""
    query = text(" UNION ALL ".join(_COUNTED.format(kind=kind, **stay) for kind, stay in _STAYS.items()))
    return (await session.execute(query, {"organization": organization_id, "first": first, "last": last})).all()
