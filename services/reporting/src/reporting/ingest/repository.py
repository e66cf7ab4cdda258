"""SQL of the event log."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from reporting.bulk import arrays, unnest_insert
from reporting.ingest.model import event_log

_COLUMNS = ("id", "type", "subject", "sequence", "occurred_at", "payload")
_APPEND = unnest_insert(event_log, _COLUMNS, "(id) DO NOTHING")

# Advisory: the application role has no right to lock a table that it may only append to.
_APPENDING = text("SELECT pg_advisory_xact_lock_shared(hashtext('asu.event_log'))")
_HOLD = text("SELECT pg_advisory_xact_lock(hashtext('asu.event_log'))")


async def append(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> None:
    """Append rows in the order of the log's columns; an event already there stays as it is."""
    await session.execute(_APPENDING)
    await session.execute(_APPEND, arrays(_COLUMNS, rows))


async def hold(connection: AsyncConnection) -> None:
    """Wait for the transactions that are appending and keep others from it until this one ends."""
    await connection.execute(_HOLD)


async def position(session: AsyncSession) -> int:
    """Position of the last event the transaction sees, 0 before the first."""
    return await session.scalar(select(func.coalesce(func.max(event_log.c.position), 0))) or 0
