"""The whole worker over a real broker; an import whose worker is killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

from asu_contracts.core import MovementRecorded
from asu_contracts.exchanges import Service
from asu_contracts.registry import published_by, read_by
from servicekit.messaging import Queue, Topology
from servicekit.messaging.republish import republish
from servicekit.testing import ServiceUnderTest, Template, TokenFactory
from servicekit.testing.servers import VirtualHost
from servicekit.testing.worker import drain, eventually, publish, working
from sgo_core.bootstrap import SERVICE
from sgo_core.imports import running

from .world import FIRST_DAY, Registry, class_, row, xlsx


def reader(service: Service) -> Topology:
    """A service that reads all it may of this one's events in one queue."""
    ours = tuple(event for event in read_by(service) if event in published_by(Service.CORE))
    return Topology(service, (Queue(service, "core", ours),))


READERS = [reader(one) for one in (Service.AUTH, Service.JOURNAL, Service.ENROLLMENT, Service.REPORTING)]
SENT, PART = 50, 30
"""Rows of the list whose worker is killed, and how many it enters at once."""
TRACE = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


async def test_from_approved_admissions_to_the_readers(
    virtual_host: Callable[..., VirtualHost], template: Template, tokens: TokenFactory, tmp_path: Path
) -> None:
    host = virtual_host([SERVICE.topology, *READERS])
    address = host.url(Service.CORE)
    async with (
        ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, amqp_url=address) as service,
        working(service),
    ):
        registry = Registry(service)
        organization_id = await registry.organization("preschool")
        group_id = await registry.preschool_group(organization_id, capacity=30)
        approved = [registry.admission(organization_id, group_id, number) for number in range(40)]
        await publish(host, *approved, *approved[:10], *reversed(approved), traceparent=TRACE)

        async def settled() -> bool:
            unpublished: int = await registry.value("SELECT count(*) FROM outbox WHERE published_at IS NULL")
            inbox: int = await registry.value("SELECT count(*) FROM inbox")
            return inbox == len(approved) and unpublished == 0

        await eventually(settled)
        assert await registry.contingent(organization_id, FIRST_DAY) == 30
        told = await drain(host, "enrollment.core")
        kinds = [message.headers["ce-type"] for message in told]
        assert kinds.count("core.movement.recorded.v1") == 30
        assert kinds.count("core.admission.rejected.v1") == 10
        movement = next(message for message in told if message.headers["ce-type"] == MovementRecorded.type)
        assert str(movement.headers["traceparent"]).split("-")[1] == "a" * 32
        assert await drain(host, "core.admissions.dead") == []
        for queue in ("auth.core", "journal.core", "enrollment.core", "reporting.core"):
            await drain(host, queue)
            sent = await republish(service.runtime, dict(SERVICE.sources), queue)
            assert sent == len(await drain(host, queue)) > 0
        await registry.check()


async def test_an_import_survives_kill_9(
    virtual_host: Callable[..., VirtualHost], template: Template, tokens: TokenFactory, tmp_path: Path
) -> None:
    host = virtual_host([SERVICE.topology, *READERS])
    address = host.url(Service.CORE)
    async with ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, amqp_url=address) as service:
        registry = Registry(service)
        organization_id = await registry.organization()
        groups = await registry.groups(organization_id, *(class_(f"{number}А", SENT) for number in (1, 2)))
        rows = [row(number, **{"Класс (группа)": f"{number // PART + 1}А"}) for number in range(SENT)]
        run_id = (await registry.upload(organization_id, xlsx(rows))).json()["id"]

        async def progress(of: int) -> bool:
            done: int = await registry.value("SELECT done FROM run")
            return done >= of

        second = "SELECT FROM study_group WHERE id = $1 FOR UPDATE", UUID(groups[1]["id"])
        async with held(service, *second), worker_process(service, running, PART) as first:
            await eventually(lambda: progress(PART))
            first.send_signal(signal.SIGKILL)
            await first.wait()
        assert await registry.value("SELECT count(*) FROM student") == PART

        async def ended() -> dict[str, Any] | None:
            answer = await service.client.get(f"/runs/{run_id}", headers=registry.office(organization_id))
            found: dict[str, Any] = answer.json()
            return None if found["status"] in {"queued", "running"} else found

        await registry.let_pause_pass()
        async with worker_process(service, running, PART):
            run = await eventually(ended)
        assert (run["status"], run["result"]["created"]) == ("succeeded", SENT)
        assert await registry.contingent(organization_id, FIRST_DAY) == SENT
        await registry.check()


@asynccontextmanager
async def held(service: ServiceUnderTest, lock: str, *arguments: Any) -> AsyncIterator[None]:
    """Rows that nobody else changes meanwhile: whoever needs them waits, and is sure to be in the middle of something."""
    connection = await service.database.connect()
    try:
        async with connection.transaction():
            await connection.execute(lock, *arguments)
            yield
    finally:
        await connection.close()


@asynccontextmanager
async def worker_process(
    service: ServiceUnderTest, cut: ModuleType, part: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker as an operator starts it, but for smaller parts of the work of a module."""
    settings = service.runtime.settings
    assert settings.transport_keys is not None
    environment = {
        "PATH": os.environ["PATH"],
        "ASU_DATABASE_URL": settings.database_url.get_secret_value(),
        "ASU_AMQP_URL": settings.amqp_url.get_secret_value(),
        "ASU_FIELD_KEYS": settings.field_keys.get_secret_value(),
        "ASU_TRANSPORT_KEYS": settings.transport_keys.get_secret_value(),
        "ASU_HASH_KEY": settings.hash_key.get_secret_value(),
        "ASU_FILES_DIR": str(settings.files_dir),
        "ASU_HTTP_PORT": "0",
        "ASU_LOG_LEVEL": "ERROR",
    }
    start = f"import runpy, {cut.__name__} as cut; cut.PART = {part}; runpy.run_module('sgo_core', run_name='__main__')"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", start, "worker", env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
