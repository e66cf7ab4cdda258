"""SQL of the event log."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bulk import arrays, unnest_insert
from reporting.ingest.model import event_log

_COLUMNS = ("id", "type", "subject", "sequence", "occurred_at", "payload")
_APPEND = unnest_insert(event_log, _COLUMNS, "(id) DO NOTHING")


async def append(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> None:
    """Append rows in the order of the log's columns; an event already there stays as it is."""
    await session.execute(_APPEND, arrays(_COLUMNS, rows))


async def position(session: AsyncSession) -> int:
    """Position of the last event the transaction sees, 0 before the first."""
    return await session.scalar(select(func.coalesce(func.max(event_log.c.position), 0))) or 0
