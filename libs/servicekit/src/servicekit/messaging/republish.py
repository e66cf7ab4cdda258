"""Republish: rebuild one reader from the producer's current state and its facts, sent to that reader's queue alone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import aio_pika
import asyncpg
from aio_pika.abc import AbstractExchange
from aio_pika.exceptions import PublishError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.base import Event, Semantics
from asu_contracts.envelope import Sequence as EventSequence
from servicekit.db import asyncpg_dsn
from servicekit.ids import new_id
from servicekit.messaging.binding import to_message
from servicekit.messaging.topology import replay_key
from servicekit.outbox import FACT_VERSION
from servicekit.runtime import Runtime
from servicekit.tables import producer_epoch

_WINDOW = 500


@dataclass(frozen=True)
class Aggregate:
    """One event to send again: a state at its current version, or a fact (version None)."""

    event: Event
    occurred_at: datetime
    version: int | None = None


Republish = Callable[[AsyncSession], AsyncIterator[Sequence[Aggregate]]]
"""Yields everything of one event type, in chunks read by key."""


async def republish(
    runtime: Runtime, sources: dict[type[Event], Republish], queue: str, only: str | None = None
) -> int:
    """Send every state and fact of the given types that ``queue`` reads; returns how many.

    What a queue reads its bindings tell: the broker returns a type that is not bound, and it is passed over.
    """
    sent = 0
    connection = await aio_pika.connect(runtime.settings.amqp_url.get_secret_value(), timeout=5)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(runtime.service.replay_exchange)
        async with runtime.sessions() as session:
            epoch = await session.scalar(select(producer_epoch.c.epoch)) or 1
            for event_type, source in sources.items():
                if only not in {None, event_type.type} or queue.split(".", 1)[0] not in event_type.readers:
                    continue
                sent += await _send_all(exchange, replay_key(queue, event_type), source(session), epoch)
    return sent


async def _send_all(
    exchange: AbstractExchange, key: str, chunks: AsyncIterator[Sequence[Aggregate]], epoch: int
) -> int:
    sent = 0
    async for chunk in chunks:
        try:
            sent += await _send(exchange, key, chunk, epoch)
        except PublishError:  # returned: the queue does not read the type
            if sent:
                raise
            return 0
    return sent


async def raise_epoch(owner_url: str, statements: Sequence[str] = ()) -> int:
    """Raise the producer's epoch, as its database's owner: states sent from now on are newer than any sent before.

    ``statements`` are what the service has to set right with it, in the same transaction.
    """
    connection = await asyncpg.connect(asyncpg_dsn(owner_url), timeout=5)
    try:
        async with connection.transaction():
            for statement in statements:
                await connection.execute(statement)
            return int(await connection.fetchval("UPDATE producer_epoch SET epoch = epoch + 1 RETURNING epoch"))
    finally:
        await connection.close()


async def _send(exchange: AbstractExchange, key: str, chunk: Sequence[Aggregate], epoch: int) -> int:
    for start in range(0, len(chunk), _WINDOW):
        part = chunk[start : start + _WINDOW]
        await asyncio.gather(*(exchange.publish(_message(item, epoch), key, mandatory=True) for item in part))
    return len(chunk)


def _message(item: Aggregate, epoch: int) -> aio_pika.Message:
    fact = item.event.semantics is Semantics.FACT
    return to_message(
        type(item.event),
        event_id=UUID(item.event.subject) if fact else new_id(),
        subject=item.event.subject,
        sequence=EventSequence(epoch=epoch, version=FACT_VERSION if item.version is None else item.version),
        occurred_at=item.occurred_at,
        payload=item.event.model_dump_json().encode(),
        traceparent=None,
    )
