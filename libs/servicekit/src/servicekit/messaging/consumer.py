"""Batch consumer of one queue: many messages, one transaction, commit, then ack.

The failure path (each step loses nothing if the process dies in it):

* a bad message is published to ``.dead``, confirmed, acked;
* a batch that fails is taken message by message; one that fails alone is published to ``.wait`` with its attempt counted,
  confirmed, acked; after ``MAX_ATTEMPTS`` it goes to ``.dead``;
* database away: the batch stays in hand and is tried again until the database is back, for the broker would count every
  message given back (and takes back, counting once, what is held for half an hour); broker away: the consumer starts again after a pause;
* a message that kills the process, or that cannot be read for a reason unforeseen, is redelivered and counted by the
  broker, up to the queue's delivery limit. After a start the consumer therefore takes redelivered messages one at a time,
  so that only the guilty one is counted.

Messages are taken from the channel under aio-pika, aiormq's: aio-pika makes a task and a message of its own of each, a quarter of
what an event costs here, for acknowledging one by one.
"""

import asyncio
import itertools
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aio_pika
import structlog
from aiormq.abc import AbstractChannel, DeliveredMessage
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from pydantic import ValidationError

from asu_contracts.base import Event
from asu_contracts.envelope import Envelope
from asu_contracts.registry import EVENT_TYPES
from servicekit.faults import is_infrastructure
from servicekit.messaging import inbox
from servicekit.messaging.binding import BadMessageError, envelope_of
from servicekit.messaging.handlers import Handlers, Received
from servicekit.messaging.topology import MAX_ATTEMPTS, Queue
from servicekit.runtime import Runtime
from servicekit.telemetry import context_of, meter, records_spans, tracer

log = structlog.get_logger(__name__)

ATTEMPT_HEADER = "x-asu-attempt"
REASON_HEADER = "x-asu-reason"
BATCH = 200
_WINDOW = 0.005
"""Seconds to wait for company: under load the next batch gathers while this one is worked on, so a short wait is enough."""
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)

_processed = meter.create_counter("asu_consumer_events", description="Events applied")
_failed = meter.create_counter("asu_consumer_failures", description="Messages sent to wait or dead")
_propagator = TraceContextTextMapPropagator()


@dataclass(slots=True)
class Arrival:
    """A message that has arrived: what it says, or why it cannot be read. One that was rejected is not to be acknowledged."""

    message: DeliveredMessage
    said: tuple[Envelope, Event] | str
    rejected: bool = False


class _Item:
    """An event on its way through the consumer."""

    def __init__(self, arrival: Arrival, received: Received[Event], span: Span) -> None:
        self.arrival = arrival
        self.received = received
        self.span = span


class Consumer:
    """Consumes one queue until told to stop."""

    def __init__(self, runtime: Runtime, queue: Queue, handlers: Handlers, *, batch: int = BATCH) -> None:
        if handlers.events != frozenset(queue.reads):
            raise ValueError(f"handlers of {queue.name} do not match what it reads")
        self._runtime = runtime
        self._queue = queue
        self._handlers = handlers
        self._batch = batch
        self._stopping = asyncio.Event()
        self._interrupted = asyncio.Event()
        self._arrived: asyncio.Queue[Arrival | None] = asyncio.Queue()
        self._retry: aio_pika.abc.AbstractExchange | None = None
        self.connected = False

    def stop(self) -> None:
        """Finish the batch in hand and return from ``run``."""
        self._stopping.set()
        self._interrupt()

    def _interrupt(self, *_: object) -> None:
        """Wake whoever waits for a message or for the database: the consumer stops, or the broker is gone."""
        self._interrupted.set()
        self._arrived.put_nowait(None)

    async def run(self) -> None:
        """Consume until stopped; survives the loss of database and broker."""
        failures = 0
        while not self._stopping.is_set():
            try:
                await self._session()
                failures = 0
            except Exception as error:
                if not is_infrastructure(error):
                    log.exception("consumer_failed", queue=self._queue.name)
                pause = _pause(failures)
                failures += 1
                log.warning("consumer_paused", queue=self._queue.name, seconds=pause, error=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)
            finally:
                self.connected = False

    async def _session(self) -> None:
        """One connection: careful first, then in batches."""
        connection = await aio_pika.connect(self._runtime.settings.amqp_url.get_secret_value(), timeout=5)
        async with connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            self._interrupted.clear()
            self._arrived = asyncio.Queue()
            channel.close_callbacks.add(self._interrupt)
            connection.close_callbacks.add(self._interrupt)
            # A queue that is deleted takes its consumer with it and leaves the channel open.
            taking = await channel.get_underlay_channel()
            taking.on_consumer_cancel_callbacks.add(self._interrupt)
            await channel.set_qos(prefetch_count=self._batch * 2)
            self._retry = await channel.get_exchange(self._queue.service.retry_exchange)
            self.connected = True
            await self._take_redelivered(taking)
            await self._take_batches(taking)

    async def _take_redelivered(self, channel: AbstractChannel) -> None:
        while not self._stopping.is_set():
            message = await channel.basic_get(self._queue.name)
            if message.delivery_tag is None:  # there is none
                return
            arrival = self._read(message)
            await self._process([arrival])
            await _ack([arrival])
            if not message.redelivered:
                return

    async def _take_batches(self, channel: AbstractChannel) -> None:
        arrived = self._arrived

        async def arrive(message: DeliveredMessage) -> None:
            # Read at once: the next batch is read while the database works on this one.
            try:
                arrived.put_nowait(self._read(message))
            except Exception:
                # Nobody waits for this task, and the ack of a later message would take this one along: all come again.
                log.exception("message_unread", queue=self._queue.name, event_id=message.header.properties.message_id)
                self._interrupt()

        consuming = await channel.basic_consume(self._queue.name, arrive)
        try:
            while not self._stopping.is_set():
                if self._interrupted.is_set():
                    raise ConnectionError("broker connection lost")
                batch = await self._collect(arrived)
                if batch:
                    await self._process(batch)
                    await _ack(batch)
        finally:
            with suppress(Exception):
                await channel.basic_cancel(consuming.consumer_tag or "")

    async def _collect(self, arrived: asyncio.Queue[Arrival | None]) -> list[Arrival]:
        first = await arrived.get()
        if first is None:
            return []
        batch = [first]
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _WINDOW
        while len(batch) < self._batch:
            try:
                arrival = arrived.get_nowait()
            except asyncio.QueueEmpty:
                left = deadline - loop.time()
                if left <= 0:
                    break
                try:
                    arrival = await asyncio.wait_for(arrived.get(), left)
                except TimeoutError:
                    break
            if arrival is None:
                arrived.put_nowait(None)
                break
            batch.append(arrival)
        return batch

    async def _process(self, batch: Sequence[Arrival]) -> None:
        """Apply, retry or bury every message of the batch; returns when all may be acked."""
        items: list[_Item] = []
        for arrival in batch:
            if isinstance(arrival.said, str):
                await self._bury(arrival, arrival.said)
            else:
                items.append(self._item(arrival, *arrival.said))
        try:
            if items:
                await self._apply_or_split(items)
        finally:
            for item in items:
                item.span.end()

    async def _apply_or_split(self, items: list[_Item]) -> None:
        try:
            await self._apply(items)
        except Exception as error:
            if is_infrastructure(error):
                raise
            if len(items) == 1:
                await self._fail(items[0], error)
                return
            log.warning("batch_split", queue=self._queue.name, size=len(items), error=type(error).__name__)
        else:
            return
        for item in items:
            await self._apply_or_split([item])

    async def _apply(self, items: list[_Item]) -> None:
        """Apply in one transaction, as often as it takes while the database is away."""
        for failures in itertools.count():
            try:
                async with self._runtime.uow() as uow:
                    count = await inbox.apply(uow, self._queue.name, self._handlers, [item.received for item in items])
            except Exception as error:
                if not is_infrastructure(error) or self._interrupted.is_set():
                    raise
                log.warning("consumer_waits", queue=self._queue.name, size=len(items), error=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._interrupted.wait(), _pause(failures))
            else:
                _processed.add(count, {"queue": self._queue.name})
                return

    def _read(self, message: DeliveredMessage) -> Arrival:
        try:
            envelope = envelope_of(message.header.properties.headers or {})
            event_type = EVENT_TYPES.get(envelope.type)
            if event_type is None or event_type not in self._handlers.events:
                return Arrival(message, "unknown type")
            return Arrival(message, (envelope, event_type.model_validate_json(message.body)))
        except BadMessageError as error:
            return Arrival(message, str(error))
        except ValidationError:
            return Arrival(message, "payload does not fit the contract")

    def _item(self, arrival: Arrival, envelope: Envelope, event: Event) -> _Item:
        if envelope.traceparent is not None and not records_spans():
            return _Item(arrival, Received(envelope, event, envelope.traceparent), INVALID_SPAN)
        span = tracer.start_span(
            f"process {envelope.type}",
            context=context_of(envelope.traceparent),
            kind=SpanKind.CONSUMER,
            attributes={"messaging.system": "rabbitmq", "messaging.destination.name": self._queue.name},
        )
        carrier: dict[str, str] = {}
        _propagator.inject(carrier, context=set_span_in_context(span))
        return _Item(arrival, Received(envelope, event, carrier.get("traceparent")), span)

    async def _fail(self, item: _Item, error: Exception) -> None:
        reason = type(error).__name__
        item.span.set_status(Status(StatusCode.ERROR, reason))
        attempt = _attempt_of(item.arrival.message) + 1
        log.warning(
            "event_failed", queue=self._queue.name, event_id=str(item.received.envelope.id),
            event_type=item.received.envelope.type, attempt=attempt, exc_info=error,
        )  # fmt: skip
        if attempt >= MAX_ATTEMPTS:
            await self._bury(item.arrival, reason)
        else:
            await self._send(item.arrival, self._queue.wait, {ATTEMPT_HEADER: attempt})

    async def _bury(self, arrival: Arrival, reason: str) -> None:
        message_id = arrival.message.header.properties.message_id
        log.error("event_dead", queue=self._queue.name, event_id=message_id, reason=reason)
        await self._send(arrival, self._queue.dead, {REASON_HEADER: reason})

    async def _send(self, arrival: Arrival, destination: str, headers: dict[str, Any]) -> None:
        if self._retry is None:
            raise ConnectionError("not connected")
        message, properties = arrival.message, arrival.message.header.properties
        kept = {key: value for key, value in (properties.headers or {}).items() if not key.startswith("x-death")}
        copy = aio_pika.Message(
            message.body,
            headers={**kept, **headers},
            content_type=properties.content_type,
            message_id=properties.message_id,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        try:
            await self._retry.publish(copy, destination, mandatory=True)
        except (TypeError, ValueError, OverflowError, struct.error):  # headers that can be read but not written again
            # The queue's own dead-lettering takes it to ``.dead`` as it is.
            await message.channel.basic_reject(_tag(message), requeue=False)
            arrival.rejected = True
        _failed.add(1, {"queue": self._queue.name, "destination": destination})


async def _ack(batch: Sequence[Arrival]) -> None:
    """Acknowledge all of the batch that the queue has not taken away itself."""
    left = [arrival.message for arrival in batch if not arrival.rejected]
    if left:
        await left[-1].channel.basic_ack(_tag(left[-1]), multiple=True)


def _tag(message: DeliveredMessage) -> int:
    if message.delivery_tag is None:
        raise ValueError("only what was delivered can be acknowledged")
    return message.delivery_tag


def _pause(failures: int) -> float:
    return _PAUSES[min(failures, len(_PAUSES) - 1)]


def _attempt_of(message: DeliveredMessage) -> int:
    value = (message.header.properties.headers or {}).get(ATTEMPT_HEADER, 0)
    return value if isinstance(value, int) else 0
