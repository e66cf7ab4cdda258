"""The whole worker over a real broker: events in, facts out, a report built by its run."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import aio_pika

from asu_contracts.access import Role
from asu_contracts.base import Event
from asu_contracts.core import OrganizationKind
from asu_contracts.exchanges import Service
from reporting.bootstrap import SERVICE
from servicekit.messaging import Topology
from servicekit.messaging.binding import to_message
from servicekit.testing import ServiceUnderTest, Template, TokenFactory, received
from servicekit.testing.servers import VirtualHost
from servicekit.worker import Worker

from .factories import Region

PRODUCERS = [Topology(one) for one in Service if one is not Service.REPORTING]


async def publish(host: VirtualHost, *events: Event) -> None:
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        channel = await connection.channel(on_return_raises=True)
        for event in events:
            envelope = received(event).envelope
            message = to_message(
                type(event), event_id=envelope.id, subject=event.subject, sequence=envelope.sequence,
                occurred_at=envelope.time, payload=event.model_dump_json().encode(), traceparent=None,
            )  # fmt: skip
            exchange = await channel.get_exchange(event.exchange())
            await exchange.publish(message, event.type, mandatory=True)


async def eventually(check: Callable[[], Awaitable[Any]]) -> Any:
    deadline = time.monotonic() + 20
    while not (found := await check()):
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.05)
    return found


@asynccontextmanager
async def working(service: ServiceUnderTest) -> AsyncIterator[None]:
    worker = Worker(SERVICE, SERVICE.runtime(service.runtime.settings, "worker"))
    worker.start()
    try:
        yield
    finally:
        await worker.stop()


async def test_from_events_to_a_report(
    virtual_host: Callable[..., VirtualHost], template: Template, tokens: TokenFactory, tmp_path: Path, region: Region
) -> None:
    host = virtual_host([SERVICE.topology, *PRODUCERS])
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 3)
    children = [region.id() for _ in range(30)]
    address = host.url(Service.REPORTING)
    async with (
        ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, amqp_url=address) as service,
        working(service),
    ):
        await publish(host, school, group)
        await publish(host, *(region.movement(one, date(2026, 9, 1), opened=region.stay(group)) for one in children))
        await publish(host, *(region.statistics(date(2017, 5, 5), of=one) for one in children))
        headers = tokens.headers(Role.REGION_ADMIN)

        async def counted() -> bool:
            answer = await service.client.get("/contingent", params={"date": "2026-09-20"}, headers=headers)
            return [item["total"] for item in answer.json()["items"]] == [30]

        await eventually(counted)
        body = {"form": "oo-1", "organization_id": str(school.organization_id), "as_of": "2026-09-20"}
        ordered = await service.client.post("/reports", json=body, headers=headers)
        location = ordered.headers["location"]

        async def finished() -> Any:
            return (await service.client.get(f"http://test{location}", headers=headers)).json()["result"]

        result = await eventually(finished)
        report = (await service.client.get(f"/reports/{result['report_id']}", headers=headers)).json()
        rows = {row["code"]: row["cells"] for row in report["sections"][0]["rows"]}
        assert (rows["01"]["6"], rows["02"]["6"], rows["02"]["3"]) == (1, 30, 30)
        assert all(one["ok"] for one in report["controls"])
