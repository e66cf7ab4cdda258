"""Relay to broker, against bare aio-pika publishing the same bodies.

Both sides: the same stored events, the same confirm window, persistent and mandatory, one quorum queue. Ours also reads the
rows, restores each one's trace and marks what was confirmed.
"""

import asyncio
import time
from uuid import UUID

import aio_pika
import asyncpg
from kit_sample.service import CONSUMER, MOVEMENTS, PRODUCER, movement

from asu_contracts.core import MovementRecorded
from asu_contracts.exchanges import Service
from bench.runner import Comparison, compare
from bench.servers import Running, migrated, running, virtual_host
from servicekit.messaging.relay import WINDOW, Relay
from servicekit.telemetry import configure_telemetry, tracer
from servicekit.testing.servers import VirtualHost, postgres_server, rabbitmq_server

EVENTS = 10_000


async def _fill(producer: Running) -> None:
    await producer.execute("TRUNCATE outbox")
    async with producer.runtime.uow() as uow:
        for _ in range(EVENTS):
            with tracer.start_as_current_span("request"):  # each row keeps the trace of its own cause
                uow.publish(movement())
    await producer.execute("ANALYZE outbox")


async def _stored(producer: Running) -> list[tuple[UUID, bytes]]:
    connection = await asyncpg.connect(producer.database.url)
    try:
        rows = await connection.fetch("SELECT event_id, payload FROM outbox ORDER BY id")
    finally:
        await connection.close()
    return [(row["event_id"], row["payload"].encode()) for row in rows]


async def _purge(host: VirtualHost) -> None:
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        await (await (await connection.channel()).get_queue(MOVEMENTS.name)).purge()


async def _relay(producer: Running, host: VirtualHost) -> float:
    await _fill(producer)
    await _purge(host)
    relay = Relay(producer.runtime)
    connection = await asyncpg.connect(producer.database.url)
    started = time.perf_counter()
    task = asyncio.create_task(relay.run())
    try:
        while await connection.fetchval(  # noqa: ASYNC110 - the relay runs on its own and only the rows tell
            "SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"
        ):
            await asyncio.sleep(0.05)
        return time.perf_counter() - started
    finally:
        relay.stop()
        await task
        await connection.close()


async def _bare(events: list[tuple[UUID, bytes]], host: VirtualHost) -> float:
    await _purge(host)
    started = time.perf_counter()
    connection = await aio_pika.connect(host.url(Service.CORE))
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(Service.CORE.exchange)
        for start in range(0, len(events), WINDOW):
            await asyncio.gather(
                *(
                    exchange.publish(
                        aio_pika.Message(
                            body,
                            message_id=str(event_id),
                            content_type="application/json",
                            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                        ),
                        MovementRecorded.type,
                        mandatory=True,
                    )
                    for event_id, body in events[start : start + WINDOW]
                )
            )
        return time.perf_counter() - started


async def run() -> Comparison:
    """Compare."""
    telemetry = configure_telemetry("core", "bench", None)
    try:
        with postgres_server(durable=True) as postgres, rabbitmq_server() as broker:
            host = virtual_host(broker, "bench-outbox", [PRODUCER.topology, CONSUMER.topology])
            async with running(PRODUCER, await migrated(postgres, PRODUCER), host) as producer:
                await _fill(producer)
                events = await _stored(producer)
                return await compare(
                    "outbox",
                    lambda: _relay(producer, host),
                    lambda: _bare(events, host),
                    work=EVENTS,
                    unit="events",
                )
    finally:
        telemetry.shutdown()
