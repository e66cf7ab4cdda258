"""Relay: sends outbox rows to the broker, oldest first, each marked only after the broker confirmed it.

One relay of a service works at a time (session advisory lock). It reads unpublished rows, never a watermark: ids commit out
of order. A row that fails holds back only later rows of its own subject, with growing pauses.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import aio_pika
import asyncpg
import structlog
from aio_pika.abc import AbstractExchange
from aio_pika.exceptions import DeliveryError, PublishError
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.trace import SpanKind
from sqlalchemy import text

from asu_contracts.base import Event
from asu_contracts.envelope import Sequence as EventSequence
from asu_contracts.registry import EVENT_TYPES
from servicekit.db import asyncpg_dsn
from servicekit.messaging.binding import to_message
from servicekit.runtime import OUTBOX_CHANNEL, Runtime
from servicekit.telemetry import continued_span, current_traceparent, is_recorded, meter

log = structlog.get_logger(__name__)

WINDOW = 500
_POLL = 1.0
_MEASURE = 5.0
_LOCK = "SELECT pg_try_advisory_lock(hashtext('asu.relay'))"
_UNLOCK = "SELECT pg_advisory_unlock_all()"
_NEXT = """
    SELECT id, event_id, type, subject, epoch, version, occurred_at, traceparent, payload, attempts FROM outbox o
    WHERE published_at IS NULL AND (attempts = 0 OR next_attempt_at <= now())
      AND NOT EXISTS (SELECT FROM outbox b WHERE b.subject = o.subject AND b.id < o.id
                      AND b.published_at IS NULL AND b.attempts > 0 AND b.next_attempt_at > now())
    ORDER BY id LIMIT $1
"""
_PUBLISHED = "UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[])"
_FAILED = "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = $2, last_error = $3 WHERE id = $1"
_DEPTH = text(
    "SELECT count(*), coalesce(extract(epoch FROM now() - min(occurred_at)), 0) FROM outbox WHERE published_at IS NULL"
)
_LONGEST_PAUSE = 300

_sent = meter.create_counter("asu_relay_events", description="Events confirmed by the broker")
_returned = meter.create_counter("asu_relay_failures", description="Events returned or refused by the broker")


class Relay:
    """Sends the outbox of one service until told to stop."""

    def __init__(self, runtime: Runtime, *, window: int = WINDOW) -> None:
        self._runtime = runtime
        self._window = window
        self._stopping = asyncio.Event()
        self._woken = asyncio.Event()
        self.backlog = (0, 0.0)
        """Events not yet published, age of the oldest in seconds; kept by ``measure``."""
        self.leading = False
        meter.create_observable_gauge(
            "asu_outbox_depth", [lambda o: self._observe(o, 0)], description="Unpublished events"
        )
        meter.create_observable_gauge(
            "asu_outbox_oldest_seconds",
            [lambda o: self._observe(o, 1)],
            description="Age of the oldest unpublished event",
        )

    def _observe(self, _options: CallbackOptions, part: int) -> Sequence[Observation]:
        return [Observation(self.backlog[part])]

    def stop(self) -> None:
        """Finish the window in hand, release the lock, return from ``run``."""
        self._stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """Relay until stopped; survives the loss of database and broker."""
        while not self._stopping.is_set():
            try:
                await self._session()
            except Exception as error:  # noqa: BLE001 - whatever it was, the rows are still there
                log.warning("relay_paused", error=type(error).__name__)
            finally:
                self.leading = False
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _POLL)

    async def _session(self) -> None:
        dsn = asyncpg_dsn(self._runtime.settings.direct_url.get_secret_value())
        database = await asyncpg.connect(dsn, timeout=5, command_timeout=60)
        try:
            if not await database.fetchval(_LOCK):
                return
            self.leading = True
            await database.add_listener(OUTBOX_CHANNEL, self._on_notify)
            broker = await aio_pika.connect(self._runtime.settings.amqp_url.get_secret_value(), timeout=5)
            async with broker:
                await self._relay(database, broker)
            await database.execute(_UNLOCK)
        finally:
            with suppress(Exception):
                await database.close(timeout=2)

    def _on_notify(self, *_: Any) -> None:
        self._woken.set()

    async def _relay(self, database: "asyncpg.Connection[Any]", broker: aio_pika.abc.AbstractConnection) -> None:
        channel = await broker.channel(publisher_confirms=True, on_return_raises=True)
        exchanges: dict[str, AbstractExchange] = {}
        while not self._stopping.is_set():
            self._woken.clear()
            rows = await database.fetch(_NEXT, self._window)
            if not rows:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), _POLL)
                if broker.is_closed:
                    raise ConnectionError("broker connection lost")
                continue
            for name in {event.exchange() for row in rows if (event := EVENT_TYPES.get(row["type"]))}:
                if name not in exchanges:
                    exchanges[name] = await channel.get_exchange(name)
            outcomes = await asyncio.gather(*(_publish(exchanges, row) for row in rows))
            confirmed = [row["id"] for row, failure in zip(rows, outcomes, strict=True) if failure is None]
            await database.execute(_PUBLISHED, confirmed)
            _sent.add(len(confirmed))
            for row, failure in zip(rows, outcomes, strict=True):
                if failure is not None:
                    await self._postpone(database, row, failure)

    @staticmethod
    async def _postpone(database: "asyncpg.Connection[Any]", row: asyncpg.Record, failure: str) -> None:
        _returned.add(1, {"type": row["type"]})
        log.warning("event_not_delivered", event_type=row["type"], event_id=str(row["event_id"]), reason=failure)
        pause = min(2 ** min(row["attempts"], 10), _LONGEST_PAUSE)
        await database.execute(_FAILED, row["id"], datetime.now(UTC) + timedelta(seconds=pause), failure)

    async def measure(self) -> None:
        """Keep the backlog's figures fresh until cancelled, whoever leads and whether the broker is there or not."""
        while True:
            with suppress(Exception):  # a database that is away is reported by readiness
                async with self._runtime.engine.connect() as connection:
                    waiting, oldest = (await connection.execute(_DEPTH)).one()
                    self.backlog = (int(waiting), float(oldest))
            await asyncio.sleep(_MEASURE)


async def _publish(exchanges: dict[str, AbstractExchange], row: asyncpg.Record) -> str | None:
    """Publish one row under its own trace; None when confirmed, else why not. Connection faults are raised."""
    event = EVENT_TYPES.get(row["type"])
    if event is None:  # written by a newer release: the next worker that knows it will send it
        return "unknown type"
    exchange = exchanges[event.exchange()]
    if not is_recorded(row["traceparent"]):  # nobody looks at the trace: its id goes on, a span of ours would only cost
        return await _send(exchange, event, row, row["traceparent"])
    with continued_span(f"publish {event.type}", row["traceparent"], SpanKind.PRODUCER):
        return await _send(exchange, event, row, current_traceparent())


async def _send(
    exchange: AbstractExchange, event: type[Event], row: asyncpg.Record, traceparent: str | None
) -> str | None:
    message = to_message(
        event,
        event_id=row["event_id"],
        subject=row["subject"],
        sequence=EventSequence(epoch=row["epoch"], version=row["version"]),
        occurred_at=row["occurred_at"],
        payload=row["payload"].encode(),
        traceparent=traceparent,
    )
    try:
        await exchange.publish(message, event.type, mandatory=bool(event.readers))
    except (DeliveryError, PublishError) as error:
        return type(error).__name__
    return None
