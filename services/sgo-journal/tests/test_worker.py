"""The whole worker over a real broker: the registry's events in, rosters out; a recorded lesson goes to its reader."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aio_pika

from asu_contracts.access import Role
from asu_contracts.auth import AccessRevoked
from asu_contracts.base import Event
from asu_contracts.exchanges import Service
from asu_contracts.journal import LessonRecorded
from servicekit.ids import new_id
from servicekit.messaging import Queue, Topology
from servicekit.messaging.binding import to_message
from servicekit.messaging.republish import republish
from servicekit.testing import ServiceUnderTest, Template, TokenFactory, received
from servicekit.testing.servers import VirtualHost
from servicekit.worker import Worker
from sgo_journal.bootstrap import SERVICE

from .factories import SEPTEMBER, School, group, guardianship, mark, movement, organization, placement, profile

READER = Queue(Service.REPORTING, "lessons", (LessonRecorded,))
OTHERS = [Topology(Service.CORE), Topology(Service.AUTH), Topology(Service.REPORTING, (READER,))]


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


async def take(host: VirtualHost, queue: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Headers and body of the next message of a queue."""
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        channel = await connection.channel()
        found = await channel.get_queue(queue)
        message = await eventually(lambda: found.get(fail=False))
        await message.ack()
    return dict(message.headers), json.loads(message.body)


async def test_from_movements_to_a_recorded_lesson(
    virtual_host: Callable[..., VirtualHost], template: Template, tokens: TokenFactory, tmp_path: Path
) -> None:
    host = virtual_host([SERVICE.topology, *OTHERS])
    address = host.url(Service.JOURNAL)
    async with (
        ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, amqp_url=address) as service,
        working(service),
    ):
        school, guardian = School(service), new_id()
        students = [new_id() for _ in range(30)]
        # Names and placements come before the school itself: what is missing is pending, not lost.
        for student in students:
            part = placement(school.organization_id, school.group_id)
            await publish(host, profile(student, "Образцова"), movement(student, SEPTEMBER, opened=part))
        await publish(
            host,
            guardianship(guardian, students[0]),
            group(school.group_id, school.organization_id),
            organization(school.organization_id),
        )

        async def enrolled() -> bool:
            answer = await service.client.get(
                f"/groups/{school.group_id}/roster", params={"date": "2026-09-07"}, headers=school.admin
            )
            return answer.status_code == 200 and len(answer.json()["students"]) == len(students)

        await eventually(enrolled)
        lesson_id = await school.lesson()
        recorded = await school.record(lesson_id, marks=[mark(student, "4") for student in students])
        assert recorded.status_code == 200
        headers, body = await take(host, READER.name)
        assert (headers["ce-type"], headers["ce-subject"]) == (LessonRecorded.type, lesson_id)
        assert headers["ce-sequence"] == "000001.000000000002"
        assert LessonRecorded.model_validate(body).marks == len(students)
        assert await republish(service.runtime, dict(SERVICE.sources), READER.name) == 1
        again, same = await take(host, READER.name)
        assert (again["ce-sequence"], same) == (headers["ce-sequence"], body)

        async def child() -> Any:
            answer = await service.client.get("/children", headers=school.headers(Role.GUARDIAN, guardian))
            return answer.json()["items"]

        assert [item["student_id"] for item in await eventually(child)] == [str(students[0])]


async def test_a_cut_off_account_is_refused(
    virtual_host: Callable[..., VirtualHost], template: Template, tokens: TokenFactory, tmp_path: Path
) -> None:
    host = virtual_host([SERVICE.topology, *OTHERS])
    async with (
        ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, amqp_url=host.url(Service.JOURNAL)) as service,
        working(service),
    ):
        school = School(service)
        headers = school.teacher
        assert (await service.client.get("/contingent", headers=headers)).status_code == 200
        later = service.runtime.clock.now() + timedelta(minutes=1)
        await publish(host, AccessRevoked(account_id=school.teacher_id, not_before=later))

        async def refused() -> bool:
            await service.runtime.revocations.reload()
            return (await service.client.get("/contingent", headers=headers)).status_code == 401

        await eventually(refused)
