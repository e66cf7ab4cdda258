"""SQL of the watch. The log and facts are other slices': they are read by name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.watch.model import ingest_gap, ingest_state

_MEASURE = text("""
INSERT INTO ingest_state AS known (type, events, position, last_occurred_at, last_received_at, lag_seconds)
SELECT come.type, count(*), max(come.position), max(come.occurred_at), max(come.received_at),
       coalesce(max(extract(epoch FROM come.received_at - come.occurred_at))
           FILTER (WHERE come.occurred_at > coalesce(before.last_occurred_at, '-infinity')), 0)
  FROM event_log AS come LEFT JOIN ingest_state AS before USING (type)
 WHERE come.position > :reached AND come.position <= :until GROUP BY come.type
ON CONFLICT (type) DO UPDATE
   SET events = known.events + excluded.events, position = excluded.position,
       last_occurred_at = greatest(known.last_occurred_at, excluded.last_occurred_at),
       last_received_at = excluded.last_received_at, lag_seconds = excluded.lag_seconds
""")
_GAPS = text("""
INSERT INTO ingest_gap AS known (kind, missing, measured_at)
SELECT kind, missing, :now FROM (
    SELECT 'learner' AS kind, count(DISTINCT p.statistical_id) AS missing FROM facts.placement AS p
     WHERE p.known_to = 'infinity'
       AND NOT EXISTS (SELECT FROM facts.learner AS l WHERE l.statistical_id = p.statistical_id)
    UNION ALL
    SELECT 'group', count(DISTINCT p.group_id) FROM facts.placement AS p
     WHERE p.known_to = 'infinity'
       AND NOT EXISTS (SELECT FROM facts.study_group AS g WHERE g.organization_id = p.organization_id
                          AND g.academic_year = p.academic_year AND g.id = p.group_id)
    UNION ALL
    SELECT 'organization', count(*) FROM (
        SELECT organization_id FROM facts.study_group UNION SELECT organization_id FROM facts.post
        UNION SELECT organization_id FROM facts.placement UNION SELECT organization_id FROM facts.card_quality) AS named
     WHERE NOT EXISTS (SELECT FROM directory_organization AS o WHERE o.id = named.organization_id)) AS counted
ON CONFLICT (kind) DO UPDATE SET missing = excluded.missing, measured_at = excluded.measured_at
""")


async def measure(session: AsyncSession, until: int) -> None:
    """Take what the log has got since the last time, up to a position.

    What is of an instant before the last one known of its type was told again or filled a gap: it says nothing of lateness.
    """
    reached = await session.scalar(select(func.coalesce(func.max(ingest_state.c.position), 0)))
    await session.execute(_MEASURE, {"reached": reached, "until": until})


async def measure_gaps(session: AsyncSession, now: datetime) -> None:
    """Count what is named and was never told."""
    await session.execute(_GAPS, {"now": now})


async def states(session: AsyncSession) -> Sequence[Row[Any]]:
    """The log by event type."""
    return (await session.execute(select(ingest_state).order_by(ingest_state.c.type))).all()


async def gaps(session: AsyncSession) -> Sequence[Row[Any]]:
    """What is missing by kind."""
    return (await session.execute(select(ingest_gap).order_by(ingest_gap.c.kind))).all()
