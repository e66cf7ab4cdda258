"""The worker over a real broker: what core says becomes an offer, what is cut off here reaches every reader."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aio_pika

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import GuardianProfiled, Locality, OrganizationChanged, OrganizationKind
from asu_contracts.exchanges import Service
from auth.bootstrap import SERVICE
from auth.offers.model import OfferedGuardian
from auth.runtime import AuthRuntime
from auth.signing import OwnVerifier
from servicekit.ids import new_id
from servicekit.messaging import Queue, Topology
from servicekit.messaging.binding import to_message
from servicekit.messaging.republish import republish
from servicekit.testing import ServiceUnderTest, Template, TokenFactory, received
from servicekit.testing.servers import VirtualHost
from servicekit.worker import Worker

from .factories import ADMIN, ADMIN_PASSWORD, MUNICIPALITY, People, bearer

READERS = (Service.CORE, Service.JOURNAL, Service.ENROLLMENT, Service.REPORTING)
TOPOLOGIES = [SERVICE.topology, *(Topology(reader, (Queue(reader, "access", (AccessRevoked,)),)) for reader in READERS)]


async def eventually(check: Callable[[], Awaitable[Any]]) -> Any:
    deadline = time.monotonic() + 30
    while not (found := await check()):
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.05)
    return found


async def publish(channel: aio_pika.abc.AbstractChannel, *events: OrganizationChanged | GuardianProfiled) -> None:
    for event in events:
        envelope = received(event).envelope
        message = to_message(
            type(event), event_id=envelope.id, subject=event.subject, sequence=envelope.sequence,
            occurred_at=envelope.time, payload=event.model_dump_json().encode(), traceparent=None,
        )  # fmt: skip
        exchange = await channel.get_exchange(event.exchange())
        await exchange.publish(message, event.type, mandatory=True)


async def test_events_in_and_cut_offs_out(
    virtual_host: Callable[..., VirtualHost],
    template: Template,
    tokens: TokenFactory,
    tmp_path: Path,
    extra_settings: dict[str, Any],
) -> None:
    host = virtual_host(TOPOLOGIES)
    settings = {**extra_settings, "amqp_url": host.url(Service.AUTH)}
    organization = OrganizationChanged(
        organization_id=new_id(), kind=OrganizationKind.SCHOOL, short_name="Школа", full_name="Школа",
        municipality=MUNICIPALITY, locality=Locality.URBAN, active=True,
    )  # fmt: skip
    guardian = GuardianProfiled(
        guardian_id=new_id(), last_name="Образцова", first_name="Мария", organization_ids=(organization.organization_id,)
    )  # fmt: skip
    connection = await aio_pika.connect(host.admin_url)
    async with connection, ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, **settings) as service:
        assert isinstance(service.runtime, AuthRuntime)
        service.runtime.verifier = OwnVerifier("asu-so", service.runtime.keys.public)
        worker = Worker(SERVICE, SERVICE.runtime(service.runtime.settings, "worker"))
        worker.start()
        try:
            channel = await connection.channel(on_return_raises=True)
            await publish(channel, organization, guardian)
            people = People(service)
            region = await people.region_admin()

            async def appointed() -> bool:
                unit = {"kind": "organization", "organization_id": str(organization.organization_id)}
                sent = {"login": "admin", "display_name": "И", "grants": [{"role": "organization_admin", "unit": unit}]}
                return (await service.client.post("/accounts", json=sent, headers=bearer(region))).status_code == 201

            await eventually(appointed)

            async def offered() -> Any:
                async with service.runtime.sessions() as session:
                    return await session.get(OfferedGuardian, guardian.guardian_id)

            await eventually(offered)
            signed_in = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
            gone = await service.client.delete("/sessions/current", headers=bearer(signed_in["access_token"]))
            assert gone.status_code == 204
            told = [await _next(channel, reader) for reader in READERS]
            assert len({body["account_id"] for body in told}) == 1
            assert await republish(service.runtime, dict(SERVICE.sources), "journal.access") == 1
            assert await _next(channel, Service.JOURNAL) == told[1]
        finally:
            await worker.stop()


async def _next(channel: aio_pika.abc.AbstractChannel, reader: Service) -> Any:
    queue = await channel.get_queue(f"{reader.value}.access")

    async def arrived() -> aio_pika.abc.AbstractIncomingMessage | None:
        return await queue.get(no_ack=True, fail=False)

    message = await eventually(arrived)
    return json.loads(message.body)
