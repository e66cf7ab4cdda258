"""The worker over a real broker: what core says becomes an offer, what is cut off here reaches every reader."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import (
    GuardianProfiled,
    Locality,
    OrganizationChanged,
    OrganizationKind,
    StudentOffered,
    WorkerPost,
    WorkerProfiled,
)
from asu_contracts.exchanges import Service
from auth.bootstrap import SERVICE
from auth.offers.model import OfferedGuardian, OfferedStudent, OfferedWorker
from auth.runtime import AuthRuntime
from auth.signing import OwnVerifier
from servicekit.ids import new_id
from servicekit.messaging import Queue, Topology
from servicekit.messaging.republish import republish
from servicekit.testing import ServiceUnderTest, Template, TokenFactory
from servicekit.testing.servers import VirtualHost
from servicekit.testing.worker import drain, eventually, publish, working

from .factories import ADMIN, ADMIN_PASSWORD, MUNICIPALITY, People, bearer

READERS = (Service.CORE, Service.JOURNAL, Service.ENROLLMENT, Service.REPORTING)
TOPOLOGIES = [SERVICE.topology, *(Topology(reader, (Queue(reader, "access", (AccessRevoked,)),)) for reader in READERS)]


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
    worker = WorkerProfiled(
        worker_id=new_id(), last_name="Образцов", first_name="Пётр", active=True,
        posts=(WorkerPost(organization_id=organization.organization_id, code="teacher", teaching=True),),
    )  # fmt: skip
    student = StudentOffered(
        student_id=new_id(), last_name="Образцов", first_name="Иван", organization_id=organization.organization_id
    )
    async with ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, **settings) as service, working(service):
        assert isinstance(service.runtime, AuthRuntime)
        service.runtime.verifier = OwnVerifier("asu-so", service.runtime.keys.public)
        await publish(host, organization, guardian, worker, student)
        people = People(service)
        region = await people.region_admin()

        async def appointed() -> bool:
            unit = {"kind": "organization", "organization_id": str(organization.organization_id)}
            sent = {"login": "admin", "display_name": "И", "grants": [{"role": "organization_admin", "unit": unit}]}
            return (await service.client.post("/accounts", json=sent, headers=bearer(region))).status_code == 201

        await eventually(appointed)

        async def offered() -> Any:
            async with service.runtime.sessions() as session:
                known = await session.get(OfferedWorker, worker.worker_id)
                return (
                    known
                    and await session.get(OfferedGuardian, guardian.guardian_id)
                    and await session.get(OfferedStudent, student.student_id)
                )

        await eventually(offered)
        signed_in = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
        gone = await service.client.delete("/sessions/current", headers=bearer(signed_in["access_token"]))
        assert gone.status_code == 204
        told = [await _next(host, reader) for reader in READERS]
        assert len({body["account_id"] for body in told}) == 1
        assert await republish(service.runtime, dict(SERVICE.sources), "journal.access") == 1
        assert await _next(host, Service.JOURNAL) == told[1]


async def _next(host: VirtualHost, reader: Service) -> Any:
    (message,) = await eventually(lambda: drain(host, f"{reader.value}.access"))
    return json.loads(message.body)
