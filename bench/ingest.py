"""Reporting's consumption of movements, against a bare consumer that inserts the same rows.

Both sides read the same messages from a quorum queue in batches of 200 and leave the same rows in inbox, event log and
facts; the yardstick does it by ``unnest`` straight on asyncpg, without envelope, contract, inbox check, failure path or a look at
what was told before.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage

from asu_contracts.core import MovementKind, MovementRecorded, Placement
from asu_contracts.envelope import Sequence as EventSequence
from asu_contracts.exchanges import Service
from bench.runner import Comparison, compare
from bench.servers import Running, migrated, running, virtual_host
from reporting.bootstrap import SERVICE
from servicekit.ids import new_id
from servicekit.messaging import Topology
from servicekit.messaging.binding import to_message
from servicekit.messaging.consumer import BATCH, Arrival, Consumer
from servicekit.messaging.topology import Queue
from servicekit.telemetry import configure_telemetry
from servicekit.testing.servers import VirtualHost, postgres_server, rabbitmq_server

EVENTS = 10_000
_WINDOW = 1000
_NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
_PRODUCERS = [Topology(one) for one in Service if one is not Service.REPORTING]
(QUEUE,) = (queue for queue in SERVICE.topology.queues if queue.concern == "movements")

_INBOX = "INSERT INTO inbox (consumer, event_id) SELECT $1, unnest($2::uuid[])"
_LOG = """INSERT INTO event_log (id, type, subject, sequence, occurred_at, payload)
    SELECT id, type, subject, sequence, occurred_at, payload::jsonb
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
    AS row (id, type, subject, sequence, occurred_at, payload)"""
_TOLD = """INSERT INTO facts.told (fact, subject, event_ids)
    SELECT 'placement', subject, ARRAY[id] FROM unnest($1::uuid[], $2::uuid[]) AS row (subject, id)"""
_PLACEMENT = """INSERT INTO facts.placement (organization_id, academic_year, id, statistical_id, group_id, grade, main,
        opened_kind, valid_from, known_from, valid_to, known_to)
    SELECT *, 'infinity', 'infinity' FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::bool[],
        $8::text[], $9::date[], $10::timestamptz[])"""


def _messages() -> list[aio_pika.Message]:
    """Enrolments of a region: placements spread over organizations and classes."""
    organizations = [new_id() for _ in range(60)]
    made = []
    for number in range(EVENTS):
        stay = Placement(
            placement_id=new_id(), organization_id=organizations[number % 60], group_id=new_id(), academic_year=2026,
            grade=number % 11 + 1, main=True,
        )  # fmt: skip
        event = MovementRecorded(
            movement_id=new_id(), student_id=new_id(), statistical_id=new_id(), kind=MovementKind.ENROLLED,
            effective_date=_NOW.date(), recorded_at=_NOW, opened=stay,
        )  # fmt: skip
        message = to_message(
            MovementRecorded, event_id=event.movement_id, subject=event.subject,
            sequence=EventSequence(epoch=1, version=1), occurred_at=_NOW,
            payload=event.model_dump_json().encode(), traceparent=f"00-{new_id().hex}-{new_id().hex[16:]}-01",
        )  # fmt: skip
        made.append(message)
    return made


async def _prepare(service: Running, host: VirtualHost, messages: Sequence[aio_pika.Message]) -> None:
    """Empty tables, a full queue."""
    await service.execute("TRUNCATE inbox, event_log, facts.told, facts.placement")
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        await (await channel.get_queue(QUEUE.name)).purge()
        for start in range(0, len(messages), _WINDOW):
            part = messages[start : start + _WINDOW]
            await asyncio.gather(*(channel.default_exchange.publish(one, QUEUE.name) for one in part))


async def _check(service: Running) -> None:
    connection = await asyncpg.connect(service.database.url)
    try:
        for table in ("inbox", "event_log", "facts.told", "facts.placement"):
            found = await connection.fetchval(f"SELECT count(*) FROM {table}")
            if found != EVENTS:
                raise RuntimeError(f"{found} rows in {table} instead of {EVENTS}")
    finally:
        await connection.close()


class _Reporting(Consumer):
    """The service's consumer, which stops after the last event."""

    def __init__(self, service: Running, queue: Queue) -> None:
        super().__init__(service.runtime, queue, SERVICE.handlers[queue.concern])
        self._left = EVENTS

    async def _process(self, batch: Sequence[Arrival]) -> None:
        await super()._process(batch)
        self._left -= len(batch)
        if self._left == 0:
            self.stop()


async def _ours(service: Running, host: VirtualHost, messages: Sequence[aio_pika.Message]) -> float:
    await _prepare(service, host, messages)
    started = time.perf_counter()
    await _Reporting(service, QUEUE).run()
    seconds = time.perf_counter() - started
    await _check(service)
    return seconds


async def _bare(service: Running, host: VirtualHost, messages: Sequence[aio_pika.Message]) -> float:
    await _prepare(service, host, messages)
    arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
    started = time.perf_counter()
    database = await asyncpg.connect(service.database.url)
    broker = await aio_pika.connect(host.url(Service.REPORTING))
    async with broker:
        channel = await broker.channel()
        await channel.set_qos(prefetch_count=BATCH * 2)
        queue = await channel.get_queue(QUEUE.name)
        await queue.consume(arrived.put)
        for _ in range(EVENTS // BATCH):
            batch = [await arrived.get() for _ in range(BATCH)]
            await _insert(database, batch)
            await batch[-1].ack(multiple=True)
    seconds = time.perf_counter() - started
    await database.close()
    await _check(service)
    return seconds


async def _insert(database: "asyncpg.Connection[asyncpg.Record]", batch: Sequence[AbstractIncomingMessage]) -> None:
    ids = [UUID(str(message.headers["ce-id"])) for message in batch]
    events = [json.loads(message.body) for message in batch]
    stays = [event["opened"] for event in events]
    size = len(batch)
    async with database.transaction():
        await database.execute(_INBOX, QUEUE.name, ids)
        await database.execute(
            _LOG, ids, [MovementRecorded.type] * size, [event["movement_id"] for event in events],
            [message.headers["ce-sequence"] for message in batch],
            [datetime.fromisoformat(str(message.headers["ce-time"])) for message in batch],
            [message.body.decode() for message in batch],
        )  # fmt: skip
        await database.execute(
            _TOLD, [stay["placement_id"] for stay in stays], [event["movement_id"] for event in events]
        )
        await database.execute(
            _PLACEMENT, [stay["organization_id"] for stay in stays], [stay["academic_year"] for stay in stays],
            [stay["placement_id"] for stay in stays], [event["statistical_id"] for event in events],
            [stay["group_id"] for stay in stays], [stay["grade"] for stay in stays], [stay["main"] for stay in stays],
            [event["kind"] for event in events], [date.fromisoformat(event["effective_date"]) for event in events],
            [datetime.fromisoformat(event["recorded_at"]) for event in events],
        )  # fmt: skip


async def run() -> Comparison:
    """Compare."""
    telemetry = configure_telemetry("reporting", "bench", None)
    messages = _messages()
    try:
        with postgres_server(durable=True) as postgres, rabbitmq_server() as broker:
            host = virtual_host(broker, "bench-ingest", [SERVICE.topology, *_PRODUCERS])
            async with running(SERVICE, await migrated(postgres, SERVICE), host) as service:
                return await compare(
                    "ingest",
                    lambda: _ours(service, host, messages),
                    lambda: _bare(service, host, messages),
                    work=EVENTS,
                    unit="events",
                )
    finally:
        telemetry.shutdown()
