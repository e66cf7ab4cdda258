"""A service's worker over a real broker, and the services around it, played by the test."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from asu_contracts.base import Event
from servicekit.messaging.binding import to_message
from servicekit.testing.harness import ServiceUnderTest
from servicekit.testing.messages import received
from servicekit.testing.servers import VirtualHost
from servicekit.worker import Worker

T = TypeVar("T")


@asynccontextmanager
async def working(service: ServiceUnderTest) -> AsyncIterator[None]:
    """The service's worker runs inside the block, in this process."""
    worker = Worker(service.definition, service.definition.runtime(service.runtime.settings, "worker"))
    worker.start()
    try:
        yield
    finally:
        await worker.stop()


async def publish(host: VirtualHost, *events: Event, traceparent: str | None = None) -> None:
    """Publish as the services that own the events would, each confirmed and routed."""
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        channel = await connection.channel(on_return_raises=True)
        for event in events:
            envelope = received(event).envelope
            message = to_message(
                type(event),
                event_id=envelope.id,
                subject=event.subject,
                sequence=envelope.sequence,
                occurred_at=envelope.time,
                payload=event.model_dump_json().encode(),
                traceparent=traceparent,
            )
            exchange = await channel.get_exchange(event.exchange())
            await exchange.publish(message, event.type, mandatory=True)


async def drain(host: VirtualHost, queue: str) -> list[AbstractIncomingMessage]:
    """Take everything that stands in a queue."""
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        standing = await (await connection.channel()).get_queue(queue)
        found = []
        while (message := await standing.get(fail=False, no_ack=True)) is not None:
            found.append(message)
        return found


async def eventually(check: Callable[[], Awaitable[T | None]], seconds: float = 60) -> T:
    """What ``check`` gives as soon as it is true; fails when it is not in time."""
    deadline = time.monotonic() + seconds
    while not (found := await check()):
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.05)
    return found
