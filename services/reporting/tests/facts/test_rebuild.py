"""Facts made anew are those that were served, whatever happens meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from asu_contracts.base import Event
from asu_contracts.core import OrganizationKind, StudyFormChanged, StudyFormKind
from asu_contracts.enrollment import ApplicationStatus, ApplicationStatusChanged
from asu_contracts.journal import LessonRecorded
from asu_contracts.people import Sex
from reporting.facts import rebuild as rebuilding
from reporting.facts import rebuild_repository as repository
from reporting.facts.rebuild import Rebuilt
from reporting.ingest import service as ingest
from servicekit.clock import Clock
from servicekit.db import create_engine
from servicekit.messaging import Received
from servicekit.testing import received

from ..factories import Region, Reporting

START = date(2026, 9, 1)


@pytest_asyncio.fixture
async def owner(reporting: Reporting) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(reporting.service.database.owner_url)
    yield engine
    await engine.dispose()


def happened(region: Region, children: int = 20) -> list[Received[Event]]:
    """Something of every type that facts are made of, with corrections, shuffled."""
    chance = random.Random(3)
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 3)
    told: list[Received[Event]] = [
        received(school),
        received(school.model_copy(update={"municipality": "03726000"}), version=2),
        received(group),
        received(group.model_copy(update={"active": False}), version=2),
    ]
    for _ in range(children):
        child, stay = region.id(), region.stay(group)
        day = START + timedelta(days=chance.randrange(60))
        told += [
            received(region.statistics(date(2016, 2, 29), of=child)),
            received(region.statistics(date(2016, 3, 1), Sex.FEMALE, "112", of=child), version=2),
            received(region.movement(child, day, opened=stay)),
            received(region.movement(child, day + timedelta(days=chance.randrange(30)), closed=stay)),
        ]
        form = StudyFormChanged(
            study_form_id=region.id(), student_id=region.id(), statistical_id=child,
            organization_id=school.organization_id, kind=StudyFormKind.AT_HOME, valid_from=day,
        )  # fmt: skip
        told += [
            received(form),
            received(form.model_copy(update={"valid_to": day + timedelta(days=chance.randrange(9))}), version=2),
        ]
        application = ApplicationStatusChanged(
            application_id=region.id(), campaign_id=region.id(), municipality="03701000",
            status=ApplicationStatus.QUEUED, changed_at=datetime(2026, 9, 2, tzinfo=UTC),
        )  # fmt: skip
        told += [received(application)]
        told += [received(application.model_copy(update={"status": ApplicationStatus.ENROLLED}), version=2)]
        lesson = LessonRecorded(
            lesson_id=region.id(), organization_id=school.organization_id, group_id=group.group_id, academic_year=2026,
            date=day, subject_name="Чтение", learners=20, absent=1, marks=5,
        )  # fmt: skip
        told += [received(lesson), received(lesson.model_copy(update={"marks": 6}), version=2)]
        closing, month = region.period(group, first_day=day), region.month(group)
        told += [received(closing), received(closing.model_copy(update={"closed": False, "subjects": ()}), version=2)]
        told += [received(month), received(month.model_copy(update={"attended": 390}), version=2)]
        told += [received(region.quality(school, day), version=2), received(region.quality(school, day, missing=3))]
        told += [received(region.visits(school, day))]
        post = region.post(school, day)
        worker = region.worker(post)
        ended = post.model_copy(update={"valid_to": day + timedelta(days=chance.randrange(1, 30))})
        load = region.load(post, 4.5)
        told += [received(load), received(load.model_copy(update={"valid_to": day + timedelta(days=9)}), version=2)]
        told += [received(worker), received(worker.model_copy(update={"posts": (ended,)}), version=2)]
    chance.shuffle(told)
    return told


async def rebuilt(owner: AsyncEngine, **options: bool) -> Rebuilt:
    return await rebuilding.rebuild(owner, Clock(), lambda *_: None, **options)


async def of_tables(owner: AsyncEngine) -> dict[str, tuple[int, str]]:
    async with AsyncSession(owner) as session:
        return await repository.checksum(session, "facts")


async def test_all_is_made_anew_to_the_byte(reporting: Reporting, region: Region, owner: AsyncEngine) -> None:
    messages = happened(region)
    for start in range(0, len(messages), 7):
        await reporting.deliver(messages[start : start + 7])
    before = await of_tables(owner)
    assert all(rows > 0 for rows, _ in before.values()), before
    found = await rebuilt(owner)
    assert (found.events, found.differing) == (len(messages), [])
    assert found.made == before == await of_tables(owner)
    await reporting.deliver(happened(Region(8), 1))
    assert await of_tables(owner) != before, "the new tables are those that are written to"
    assert (await rebuilt(owner)).differing == []


async def test_what_differs_from_the_log_is_told_and_mended(
    reporting: Reporting, region: Region, owner: AsyncEngine
) -> None:
    await reporting.deliver(happened(region))
    before = await of_tables(owner)
    await reporting.service.fetch("UPDATE facts.learner SET citizenship = '643'")
    await reporting.service.fetch("DELETE FROM facts.lesson WHERE id = (SELECT min(id::text)::uuid FROM facts.lesson)")
    found = await rebuilt(owner)
    assert found.differing == ["learner", "lesson"]
    assert await of_tables(owner) == before


async def test_one_cut_short_goes_on(
    reporting: Reporting, region: Region, owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = happened(region)
    await reporting.deliver(messages)
    monkeypatch.setattr(rebuilding, "_BATCH", 10)
    real, batches = repository.reach, 0

    async def dying(session: AsyncSession, position: int) -> None:
        nonlocal batches
        batches += 1
        await real(session, position)
        if batches == 3:
            raise asyncio.CancelledError

    with monkeypatch.context() as killed:
        killed.setattr(repository, "reach", dying)
        with pytest.raises(asyncio.CancelledError):
            await rebuilt(owner)
    found = await rebuilt(owner)
    assert (found.events, found.differing) == (len(messages) - 20, [])


async def test_an_attempt_may_be_forgotten(
    reporting: Reporting, region: Region, owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = happened(region)
    await reporting.deliver(messages)

    async def dying(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as killed:
        killed.setattr(repository, "exchange", dying)
        with pytest.raises(asyncio.CancelledError):
            await rebuilt(owner)
    found = await rebuilt(owner, afresh=True)
    assert (found.events, found.differing) == (len(messages), [])


async def test_events_go_on_coming(
    reporting: Reporting, region: Region, owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_BATCH", 10)
    messages = happened(region)
    await reporting.deliver(messages[:100])

    async def come() -> None:
        for start in range(100, len(messages), 3):
            await reporting.deliver(messages[start : start + 3])

    found, _ = await asyncio.gather(rebuilt(owner), come())
    assert found.differing == []
    again = await rebuilt(owner)
    assert (again.events, again.differing) == (len(messages), [])


async def test_a_report_being_built_keeps_its_tables(reporting: Reporting, region: Region, owner: AsyncEngine) -> None:
    await reporting.deliver(happened(region))
    async with reporting.service.runtime.uow() as uow:
        await uow.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        async with ingest.snapshot(uow.session, reporting.service.runtime.engine):
            attempt = asyncio.create_task(rebuilt(owner))
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while not (await reporting.service.fetch(waiting))[0][0]:
                assert not attempt.done()
            rows = await uow.session.connection()
            counted = (await rows.exec_driver_sql("SELECT count(*) FROM facts.learner")).scalar_one()
            assert counted > 0
    assert (await attempt).differing == []
