"""The whole worker over a real broker: directory in, allocation by its run, approval out, enrolment back."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aio_pika

from asu_contracts.base import Event
from asu_contracts.enrollment import AdmissionApproved, ApplicationStatusChanged
from asu_contracts.exchanges import Service
from servicekit.messaging import Topology
from servicekit.messaging.binding import to_message
from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest, Template, TokenFactory, received
from servicekit.testing.servers import VirtualHost
from servicekit.worker import Worker

from .factories import Town, group, organization
from .test_journey import movement

OTHERS = [Topology(one) for one in Service if one is not Service.ENROLLMENT]


class Broker:
    """The other services: publishes what they would, hears what enrolment publishes."""

    def __init__(self, channel: aio_pika.abc.AbstractChannel, heard: aio_pika.abc.AbstractQueue) -> None:
        self._channel = channel
        self._heard = heard

    @classmethod
    @asynccontextmanager
    async def connect(cls, host: VirtualHost) -> AsyncIterator["Broker"]:
        async with await aio_pika.connect(host.admin_url) as connection:
            channel = await connection.channel(on_return_raises=True)
            queue = await channel.declare_queue("heard", exclusive=True)
            for event in (ApplicationStatusChanged, AdmissionApproved):
                await queue.bind(event.exchange(), event.type)
            yield cls(channel, queue)

    async def publish(self, *events: Event) -> None:
        for event in events:
            envelope = received(event).envelope
            message = to_message(
                type(event),
                event_id=envelope.id,
                subject=event.subject,
                sequence=envelope.sequence,
                occurred_at=envelope.time,
                payload=event.model_dump_json().encode(),
                traceparent=None,
            )
            exchange = await self._channel.get_exchange(event.exchange())
            await exchange.publish(message, event.type, mandatory=True)

    async def hear(self) -> list[bytes]:
        """Bodies of the approvals heard since the last time."""
        found = []
        while message := await self._heard.get(no_ack=True, fail=False):
            if message.routing_key == AdmissionApproved.type:
                found.append(message.body)
        return found


async def eventually(check: Callable[[], Awaitable[Any]]) -> Any:
    deadline = time.monotonic() + 30
    while not (found := await check()):
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.05)
    return found


@asynccontextmanager
async def working(service: ServiceUnderTest) -> AsyncIterator[None]:
    worker = Worker(service.definition, service.definition.runtime(service.runtime.settings, "worker"))
    worker.start()
    try:
        yield
    finally:
        await worker.stop()


async def test_from_the_directory_to_enrolment(
    virtual_host: Callable[..., VirtualHost],
    definition: ServiceDefinition,
    template: Template,
    tokens: TokenFactory,
    tmp_path: Path,
    extra_settings: dict[str, Path],
) -> None:
    host = virtual_host([definition.topology, *OTHERS])
    preschool = organization()
    place = group(preschool.organization_id, 20)
    address = host.url(Service.ENROLLMENT)
    async with (
        ServiceUnderTest.start(definition, template, tokens, tmp_path, amqp_url=address, **extra_settings) as service,
        working(service),
        Broker.connect(host) as others,
    ):
        town = Town(service)
        await others.publish(place, preschool)
        await town.open({})

        async def offered() -> bool:
            answer = await service.client.put(
                f"/campaigns/{town.campaign_id}/offers",
                json={"offers": [{"group_id": str(place.group_id), "places": 2}]},
                headers=town.operator,
            )
            return answer.status_code == 204

        await eventually(offered)
        for number in range(3):
            await town.apply(number, preschool.organization_id)
        run = await town.post(f"/campaigns/{town.campaign_id}/allocations", 202, town.operator)

        async def finished() -> Any:
            found = await town.get(f"/runs/{run['id']}")
            assert found["status"] != "failed", found
            return found["result"]

        assert (await eventually(finished))["placed"] == 2
        for item in await town.referrals():
            await town.post(f"/referrals/{item['id']}/accept")
        await town.order(preschool.organization_id)
        approved: list[AdmissionApproved] = []

        async def told() -> bool:
            approved.extend(AdmissionApproved.model_validate_json(body) for body in await others.hear())
            return len(approved) == 2

        await eventually(told)
        await others.publish(*(movement(event) for event in approved))

        async def enrolled() -> bool:
            return await town.counts() == {"enrolled": 2, "queued": 1}

        await eventually(enrolled)
