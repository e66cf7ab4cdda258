"""From commit in eu-enrollment to visible in reporting, at 50 events a second; the yardstick is a bare publish → consume.

Informative: what a family's change of status takes to reach a report while nothing else is going on.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import quantiles
from uuid import UUID

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage

from asu_contracts.enrollment import ApplicationStatus, ApplicationStatusChanged
from asu_contracts.exchanges import Service
from bench.runner import Comparison
from bench.servers import Running, migrated, running, virtual_host
from eu_enrollment.bootstrap import SERVICE as ENROLLMENT
from reporting.bootstrap import SERVICE as REPORTING
from servicekit.ids import new_id
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.relay import Relay
from servicekit.testing.servers import VirtualHost, postgres_server, rabbitmq_server

EVENTS = 1_000
PER_SECOND = 50
_QUEUE = next(queue for queue in REPORTING.topology.queues if ApplicationStatusChanged in queue.reads)
_LOOK = 0.002


async def _at_rate(send: Callable[[UUID], Awaitable[float]]) -> dict[UUID, float]:
    """Send at the rate; the instant each id left, as ``send`` tells it."""
    sent: dict[UUID, float] = {}
    begin = time.perf_counter()
    for number in range(EVENTS):
        await asyncio.sleep(max(0.0, begin + number / PER_SECOND - time.perf_counter()))
        event_id = new_id()
        sent[event_id] = await send(event_id)
    return sent


def _shown(label: str, sent: dict[UUID, float], seen: dict[UUID, float]) -> float:
    """Print the percentiles in milliseconds; returns the median in seconds."""
    waits = [seen[event_id] - sent[event_id] for event_id in sent]
    cuts = quantiles(waits, n=100)
    print(
        f"latency: {label}: p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms, {len(waits)} events", flush=True
    )
    return cuts[49]


async def _ours(enrollment: Running, reporting: Running) -> float:
    campaign = new_id()
    seen: dict[UUID, float] = {}

    async def commit(application_id: UUID) -> float:
        async with enrollment.runtime.uow() as uow:
            uow.publish(
                ApplicationStatusChanged(
                    application_id=application_id,
                    campaign_id=campaign,
                    municipality="03701000",
                    status=ApplicationStatus.REGISTERED,
                    changed_at=uow.now,
                ),
                version=1,
            )
        return time.perf_counter()

    async def watch() -> None:
        """Look for new rows as a reader would."""
        connection = await asyncpg.connect(reporting.database.url)
        try:
            while len(seen) < EVENTS:
                rows = await connection.fetch("SELECT id FROM application WHERE NOT id = ANY($1::uuid[])", list(seen))
                now = time.perf_counter()
                seen.update({row["id"]: now for row in rows})
                await asyncio.sleep(_LOOK)
        finally:
            await connection.close()

    relay = Relay(enrollment.runtime)
    consumer = Consumer(reporting.runtime, _QUEUE, REPORTING.handlers[_QUEUE.concern])
    loops = [asyncio.create_task(work) for work in (relay.run(), consumer.run(), enrollment.runtime.run_notifier())]
    watching = asyncio.create_task(watch())
    while not (relay.leading and consumer.connected):  # noqa: ASYNC110 - both come up on their own
        await asyncio.sleep(0.05)
    sent = await _at_rate(commit)
    await watching
    relay.stop()
    consumer.stop()
    await asyncio.gather(*loops[:2])
    loops[2].cancel()
    await asyncio.gather(loops[2], return_exceptions=True)
    return _shown("commit in enrollment → row in reporting", sent, seen)


async def _bare(host: VirtualHost) -> float:
    seen: dict[UUID, float] = {}
    complete = asyncio.Event()

    async def take(message: AbstractIncomingMessage) -> None:
        seen[UUID(message.message_id)] = time.perf_counter()
        await message.ack()
        if len(seen) == EVENTS:
            complete.set()

    reading = await aio_pika.connect(host.url(Service.REPORTING))
    writing = await aio_pika.connect(host.url(Service.ENROLLMENT))
    async with reading, writing:
        queue = await (await reading.channel()).get_queue(_QUEUE.name)
        tag = await queue.consume(take)
        exchange = await (await writing.channel()).get_exchange(Service.ENROLLMENT.exchange)

        async def publish(event_id: UUID) -> float:
            started = time.perf_counter()
            message = aio_pika.Message(b"{}", message_id=str(event_id), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await exchange.publish(message, ApplicationStatusChanged.type)
            return started

        sent = await _at_rate(publish)
        await complete.wait()
        await queue.cancel(tag)
    return _shown("bare publish → consume", sent, seen)


async def run() -> Comparison:
    """Measure both, one after the other."""
    with postgres_server() as postgres, rabbitmq_server() as broker:
        host = virtual_host(broker, "bench-latency", [ENROLLMENT.topology, REPORTING.topology])
        async with (
            running(ENROLLMENT, await migrated(postgres, ENROLLMENT), host) as enrollment,
            running(REPORTING, await migrated(postgres, REPORTING), host) as reporting,
        ):
            yardstick = await _bare(host)
            ours = await _ours(enrollment, reporting)
    return Comparison("latency", ours, yardstick)
