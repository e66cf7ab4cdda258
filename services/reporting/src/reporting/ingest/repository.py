"""SQL of the event log."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from reporting.bulk import arrays, unnest_insert
from reporting.ingest.model import event_log

_COLUMNS = ("id", "type", "subject", "sequence", "occurred_at", "payload")
_APPEND = unnest_insert(event_log, _COLUMNS, "(id) DO NOTHING RETURNING id")

# Advisory: the application role has no right to lock a table that it may only append to.
_APPENDING = text("SELECT pg_advisory_xact_lock_shared(hashtext('asu.event_log'))")
_HOLD = text("SELECT pg_advisory_xact_lock(hashtext('asu.event_log'))")

_IDLE = text("SET LOCAL idle_in_transaction_session_timeout = 0")
"""A transaction that only holds a lock while another works is idle for as long as that takes."""
_KEEP_FACTS = text("SELECT pg_advisory_xact_lock_shared(hashtext('asu.facts'))")
_EXCHANGE_FACTS = text("SELECT pg_advisory_xact_lock(hashtext('asu.facts'))")

_READ = select(event_log.c.id, event_log.c.type, event_log.c.sequence, event_log.c.occurred_at, event_log.c.payload)


async def append(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> set[UUID]:
    """Append rows in the order of the log's columns; ids of those that were not there yet."""
    await session.execute(_APPENDING)
    return set(await session.scalars(_APPEND, arrays(_COLUMNS, rows)))


async def hold(connection: AsyncConnection | AsyncSession) -> None:
    """Wait for the transactions that are appending and keep others from it until this one ends."""
    await connection.execute(_HOLD)


async def keep_facts(connection: AsyncConnection) -> None:
    """Let nobody put other tables in the place of the facts until this transaction ends."""
    await connection.execute(_IDLE)
    await connection.execute(_KEEP_FACTS)


async def exchange_facts(connection: AsyncConnection | AsyncSession) -> None:
    """Wait for those who need the tables of facts to stay, and keep others from beginning until this transaction ends."""
    await connection.execute(_EXCHANGE_FACTS)


async def position(connection: AsyncConnection | AsyncSession) -> int:
    """Position of the last event the transaction sees, 0 before the first."""
    return await connection.scalar(select(func.coalesce(func.max(event_log.c.position), 0))) or 0


async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Any]:
    """Events by id."""
    return (await session.execute(_READ.where(event_log.c.id == func.any(sorted(ids))))).all()


async def after(session: AsyncSession, position: int, until: int, limit: int | None) -> Sequence[Any]:
    """The next events in order of position, with it, up to ``until``."""
    statement = _READ.add_columns(event_log.c.position).where(event_log.c.position.between(position + 1, until))
    return (await session.execute(statement.order_by(event_log.c.position).limit(limit))).all()


async def up_to(
    session: AsyncSession, ids: Collection[UUID], position: int, after: UUID | None, limit: int
) -> Sequence[Any]:
    """Of some events those up to a position, in order of id, after a key."""
    statement = _READ.where(event_log.c.id == func.any(sorted(ids)), event_log.c.position <= position)
    if after is not None:
        statement = statement.where(event_log.c.id > after)
    return (await session.execute(statement.order_by(event_log.c.id).limit(limit))).all()
