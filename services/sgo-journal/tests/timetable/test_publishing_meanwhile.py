"""A timetable is published while teachers write: nothing they put into a lesson goes."""

import asyncio
from uuid import UUID

import pytest

from servicekit.ids import new_id

from ..factories import MONDAY, School
from ..locks import waiting
from .office import Office, line


@pytest.fixture
async def office(school: School) -> Office:
    """The class has a lesson on Mondays and Tuesdays."""
    office = await Office.of(school)
    journal = await school.journal()
    await office.published(line(journal, 1), line(journal, 2))
    return office


async def test_homework_that_is_being_given_keeps_its_lesson(office: Office) -> None:
    school, journal = office.school, await office.school.journal()
    [_, lesson] = await office.lessons(MONDAY)
    fewer = await office.draft(line(journal, 1), valid_from=MONDAY.isoformat())
    writer = await school.service.database.connect()
    under_way = writer.transaction()
    await under_way.start()
    await writer.execute("SELECT FROM journal WHERE id = $1 FOR SHARE", journal)
    await writer.execute(
        "INSERT INTO homework (organization_id, academic_year, id, journal_id, lesson_id, text, individual, required, author_id,"
        " version, created_at) VALUES ($1, 2026, $2, $3, $4, 'Читать', false, true, $2, 1, now())",
        *(school.organization_id, new_id(), journal, UUID(lesson["id"])),
    )
    publication = asyncio.create_task(office.publish(fewer, MONDAY))
    await waiting(school)
    await under_way.commit()
    await writer.close()
    run = await publication
    assert run["status"] == "succeeded", run
    assert [(one["id"], one["date"]) for one in await office.lessons(MONDAY)] == [(lesson["id"], MONDAY.isoformat())]


async def test_lessons_set_from_elsewhere_wait_for_a_publication(office: Office) -> None:
    school = office.school
    planner = await school.service.database.connect()
    under_way = planner.transaction()
    await under_way.start()
    await planner.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('timetable:' || $1, 0))", str(school.organization_id)
    )
    adding = asyncio.create_task(school.set_lessons(await school.planned(number=5)))
    await waiting(school)
    assert not adding.done()
    await under_way.commit()
    await planner.close()
    assert len(await adding) == 1
