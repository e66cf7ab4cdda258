"""A producer and a reader of its events, each with its database, over a real broker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import aio_pika

from kit_sample.service import CONSUMER, MOVEMENTS, PRODUCER, movement
from servicekit.ids import new_id
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.relay import Relay
from servicekit.runtime import Runtime
from servicekit.service import ServiceDefinition
from servicekit.testing import Template
from servicekit.testing.harness import Database, settings_for_tests
from servicekit.testing.servers import VirtualHost

TOPOLOGIES = [PRODUCER.topology, CONSUMER.topology]


class Side:
    """One service of the pair, with its database."""

    def __init__(self, definition: ServiceDefinition, database: Database, runtime: Runtime) -> None:
        self.definition = definition
        self.database = database
        self.runtime = runtime

    async def fetch(self, query: str) -> list[Any]:
        connection = await self.database.connect()
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    async def value(self, query: str) -> Any:
        return (await self.fetch(query))[0][0]


@asynccontextmanager
async def side(
    definition: ServiceDefinition, template: Template, host: VirtualHost, files: Path
) -> AsyncIterator[Side]:
    async with template.clone() as database:
        settings = settings_for_tests(definition, database, files, amqp_url=host.url(definition.service))
        runtime = definition.runtime(settings, "worker")
        try:
            yield Side(definition, database, runtime)
        finally:
            await runtime.close()


@asynccontextmanager
async def running(loop: Relay | Consumer) -> AsyncIterator[None]:
    task = asyncio.create_task(loop.run())
    try:
        yield
    finally:
        loop.stop()
        await asyncio.wait_for(task, 10)


def consumer_of(reader: Side) -> Consumer:
    return Consumer(reader.runtime, MOVEMENTS, CONSUMER.handlers["movements"])


async def publish(producer: Side, count: int) -> list[UUID]:
    ids = [new_id() for _ in range(count)]
    async with producer.runtime.uow() as uow:
        for event_id in ids:
            uow.publish(movement(event_id))
    return ids


async def depth(host: VirtualHost, queue: str) -> int:
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        declared = await (await connection.channel()).get_queue(queue)
        return declared.declaration_result.message_count or 0


async def delete_queue(host: VirtualHost, queue: str) -> None:
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        await (await connection.channel()).queue_delete(queue)


async def put(host: VirtualHost, message: aio_pika.Message) -> None:
    """Straight into the work queue, as a foreign or broken producer could."""
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        await (await connection.channel()).default_exchange.publish(message, MOVEMENTS.name)


async def is_(value: Awaitable[Any], expected: Any) -> bool:
    return bool(await value == expected)
