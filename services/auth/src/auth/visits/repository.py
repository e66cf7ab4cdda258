"""SQL of visits. Sessions and positions are other slices': they are read by name."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.visits.model import VisitCount, WorkedDay

_COUNT = text("""
WITH held AS (
    SELECT id, account_id, role, founder_id, municipality, organization_id FROM position_grant
     WHERE given_at < :until AND (ended_at IS NULL OR ended_at >= :since)),
seen AS (
    SELECT s.grant_id, count(DISTINCT s.id) FILTER (WHERE s.opened_at >= :since AND s.opened_at < :until) AS sessions
      FROM refresh_token AS t JOIN session AS s ON s.id = t.session_id
     WHERE t.issued_at >= :since AND t.issued_at < :until GROUP BY s.grant_id)
SELECT held.role, held.founder_id, held.municipality, held.organization_id,
       count(DISTINCT held.account_id) AS holders,
       count(DISTINCT held.account_id) FILTER (WHERE seen.grant_id IS NOT NULL) AS visitors,
       coalesce(sum(seen.sessions), 0)::integer AS sessions
  FROM held LEFT JOIN seen ON seen.grant_id = held.id
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""")
"""Each sign-in and each renewal of its token, some minutes apart while somebody works, leaves a token with its instant."""

_MARK = text("""
INSERT INTO worked_day (grant_id, day)
SELECT DISTINCT held.id, CAST(:day AS date)
  FROM refresh_token AS t JOIN session AS s ON s.id = t.session_id JOIN position_grant AS held ON held.id = s.grant_id
 WHERE t.issued_at >= :since AND t.issued_at < :until AND held.organization_id IS NOT NULL
""")
_WORKERS = text("""
SELECT held.id AS grant_id, held.account_id, account.display_name, held.role, held.given_at, held.ended_at,
       count(worked.day) FILTER (WHERE worked.day >= :first_day) AS days, max(worked.day) AS last_day
  FROM position_grant AS held JOIN account ON account.id = held.account_id
  LEFT JOIN worked_day AS worked ON worked.grant_id = held.id AND worked.day <= :last_day
 WHERE held.organization_id = :organization_id AND held.given_at < :until AND (held.ended_at IS NULL OR held.ended_at >= :since)
   AND (CAST(:after AS uuid) IS NULL OR held.id > :after)
 GROUP BY held.id, account.display_name ORDER BY held.id LIMIT :limit
""")


async def counted(session: AsyncSession, day: date) -> bool:
    """Whether a day was counted."""
    return bool(await session.scalar(select(exists().where(VisitCount.day == day))))


async def count(session: AsyncSession, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Positions and visits over [since, until), by role and unit."""
    return (await session.execute(_COUNT, {"since": since, "until": until})).all()


async def following(session: AsyncSession, after: UUID, limit: int) -> Sequence[VisitCount]:
    """Counts in order of id, after a key."""
    statement = select(VisitCount).where(VisitCount.id > after).order_by(VisitCount.id).limit(limit)
    return (await session.scalars(statement)).all()


async def mark(session: AsyncSession, day: date, since: datetime, until: datetime) -> None:
    """Keep which positions in organizations were worked in on a day, [since, until)."""
    await session.execute(_MARK, {"day": day, "since": since, "until": until})


async def workers(session: AsyncSession, **asked: Any) -> Sequence[Row[Any]]:
    """Positions held in an organization over [since, until), with the days worked from ``first_day`` to ``last_day``, by key."""
    return (await session.execute(_WORKERS, asked)).all()


async def forget(session: AsyncSession, before: date) -> None:
    """Remove the days worked before a day."""
    await session.execute(delete(WorkedDay).where(WorkedDay.day < before))
