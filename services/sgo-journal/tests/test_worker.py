"""The whole worker over a real broker: the registry's events in, rosters out; a recorded lesson goes to its reader."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from asu_contracts.access import Role
from asu_contracts.auth import AccessRevoked
from asu_contracts.exchanges import Service
from asu_contracts.journal import LessonRecorded
from servicekit.ids import new_id
from servicekit.messaging import Queue, Topology
from servicekit.messaging.republish import republish
from servicekit.testing import ServiceUnderTest, Template, TokenFactory
from servicekit.testing.servers import VirtualHost
from servicekit.testing.worker import drain, eventually, publish, working
from sgo_journal.bootstrap import SERVICE
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study

from .factories import (
    SEPTEMBER,
    YEAR,
    School,
    calendar,
    group,
    guardianship,
    mark,
    member,
    movement,
    organization,
    placement,
    profile,
    study_form,
    subject,
    teaching_group,
    worker,
)

READER = Queue(Service.REPORTING, "lessons", (LessonRecorded,))
OTHERS = [Topology(Service.CORE), Topology(Service.AUTH), Topology(Service.REPORTING, (READER,))]


async def take(host: VirtualHost, queue: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Headers and body of the only message of a queue."""
    (message,) = await eventually(lambda: drain(host, queue))
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
        recorded = await school.save(*(mark(lesson_id, student, "4") for student in students), headers=school.admin)
        assert recorded.status_code == 200
        headers, body = await take(host, READER.name)
        assert (headers["ce-type"], headers["ce-subject"]) == (LessonRecorded.type, lesson_id)
        assert headers["ce-sequence"] == "000001.000000000001"
        assert LessonRecorded.model_validate(body).marks == len(students)
        assert await republish(service.runtime, dict(SERVICE.sources), READER.name) == 1
        again, same = await take(host, READER.name)
        assert (again["ce-sequence"], same) == (headers["ce-sequence"], body)

        async def child() -> Any:
            answer = await service.client.get("/children", headers=school.headers(Role.GUARDIAN, guardian))
            return answer.json()["items"]

        assert [item["student_id"] for item in await eventually(child)] == [str(students[0])]


async def test_what_the_registry_sets_comes_by_its_queues(
    virtual_host: Callable[..., VirtualHost], template: Template, tokens: TokenFactory, tmp_path: Path
) -> None:
    """One event of each new queue, public and private: a binding that is missing would leave it undelivered."""
    host = virtual_host([SERVICE.topology, *OTHERS])
    async with (
        ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, amqp_url=host.url(Service.JOURNAL)) as service,
        working(service),
    ):
        school, student, physics = School(service), new_id(), subject("Физика")
        elective = teaching_group(school.organization_id, member(student))
        await publish(
            host,
            organization(school.organization_id),
            worker(school.teacher_id, "Образцова", school.organization_id),
            study_form(student, school.organization_id),
            elective,
            physics,
            calendar(school.organization_id),
        )

        async def known() -> bool:
            async with service.runtime.uow() as uow:
                key = (school.organization_id, YEAR, elective.teaching_group_id)
                return (
                    [line.at_home for line in await rosters.roster(uow, *key, SEPTEMBER)] == [True]
                    and bool(await staff.names_of(uow, [school.teacher_id]))
                    and bool(await study.subject_titles(uow, [physics.subject_id]))
                    and await study.calendar_of(uow, school.organization_id, YEAR) is not None
                )

        await eventually(known)


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
