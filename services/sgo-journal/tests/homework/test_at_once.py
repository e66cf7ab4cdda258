"""A lesson, the one homework is due at, or a topic is taken away in the same moment: refused clearly, or it stays."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from asu_contracts.core import StudentMerged
from servicekit.ids import new_id
from servicekit.testing import received
from sgo_journal.lessons import planning

from ..factories import MONDAY, YEAR, School, hear, profile
from ..locks import waiting
from ..plans.desk import a_plan, followed, section, topic
from ..test_lessons import count
from .room import call, give, hand_in

HOLD = "SELECT id FROM lesson ORDER BY id FOR NO KEY UPDATE"
"""What a publication of a timetable holds, and what somebody who gives homework does."""
DAY = timedelta(days=1)


@asynccontextmanager
async def transaction(school: School) -> AsyncIterator[asyncpg.Connection]:
    """Another transaction, committed at the end."""
    connection = await school.service.database.connect()
    async with connection.transaction():
        yield connection
    await connection.close()


@pytest.mark.parametrize(("gone", "told"), [(0, (404, "not-found")), (1, (422, "homework.invalid"))])
async def test_a_lesson_taken_away_meanwhile_is_told(school: School, gone: int, told: tuple[int, str]) -> None:
    there = [await school.lesson(), await school.lesson(MONDAY + DAY)]
    async with transaction(school) as other:
        await other.execute(HOLD)
        await other.execute("DELETE FROM lesson WHERE id = $1", there[gone])
        body = {"text": "§ 1", "due_lesson_id": there[1]}
        given = asyncio.create_task(call(school, "POST", f"/lessons/{there[0]}/homework", json=body))
        await waiting(school)
    answer = await given
    assert (answer.status_code, answer.json()["code"]) == told
    assert await count(school.service, "homework") == 0


@pytest.mark.parametrize("due", [False, True])
async def test_a_publication_sees_homework_it_has_waited_for(school: School, *, due: bool) -> None:
    at, due_at = await school.lesson(), await school.lesson(MONDAY + DAY)

    async def content() -> dict[str, bool]:
        async with school.service.runtime.uow() as uow:
            found = await planning.planned_between(uow.session, school.organization_id, YEAR, MONDAY, MONDAY + 2 * DAY)
            return {str(lesson.id): has for lesson, has in found}

    async with transaction(school) as other:
        await other.execute(HOLD)
        await other.execute(
            """INSERT INTO homework (organization_id, academic_year, id, journal_id, lesson_id, due_lesson_id, text, individual,
                   required, author_id, version, created_at)
               SELECT organization_id, academic_year, $2, journal_id, id, $3, 'x', false, false, $2, 1, now()
                 FROM lesson WHERE id = $1""",
            *(at, new_id(), due_at if due else None),
        )
        publication = asyncio.create_task(content())
        await waiting(school)
    assert await publication == {at: True, due_at: due}


async def test_a_topic_taken_away_meanwhile_is_told(school: School) -> None:
    plan = await a_plan(school, section("Природа", topic("Лес"), topic("Луг")))
    await followed(school, plan)
    lesson, taken = await school.lesson(), plan["sections"][0]["topics"][0]["id"]
    async with transaction(school) as other:
        await other.execute("UPDATE plan SET version = version + 1")
        await other.execute("DELETE FROM plan_topic WHERE id = $1", taken)
        writing = asyncio.create_task(call(school, "PATCH", f"/lessons/{lesson}", 1, json={"topic_id": taken}))
        await waiting(school)
    answer = await writing
    assert (answer.status_code, answer.json()["code"]) == (422, "lesson.topic-unknown")


async def test_a_topic_taken_for_a_lesson_meanwhile_stays(school: School) -> None:
    plan = await a_plan(school, section("Природа", topic("Лес"), topic("Луг")))
    await followed(school, plan)
    lesson, kept = await school.lesson(), plan["sections"][0]["topics"]
    sections = [{"title": "Природа", "topics": kept[1:]}]
    async with transaction(school) as other:
        await other.execute("SELECT FROM plan FOR SHARE")
        await other.execute("UPDATE lesson SET topic_id = $2, topic = 'Лес' WHERE id = $1", lesson, kept[0]["id"])
        put = asyncio.create_task(
            call(school, "PUT", f"/plans/{plan['id']}/contents", plan["version"], json={"sections": sections})
        )
        await waiting(school)
    answer = await put
    assert (answer.status_code, answer.json()["code"]) == (409, "plan.topic-held")
    assert await count(school.service, "plan_topic") == 2


async def test_a_work_is_answered_whose_card_is_merged_in_the_same_moment(school: School) -> None:
    [absorbed] = await school.enrol("Образцова")
    survivor = new_id()
    await hear(school.service, profile(survivor, "Новая"))
    given = await give(school, await school.lesson())
    handed = (await hand_in(school, given["id"], absorbed, text="Готово")).json()
    async with transaction(school) as other:
        await other.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('hand-in:' || $1 || $2, 0))", given["id"], str(absorbed)
        )
        answering = asyncio.create_task(
            call(school, "POST", f"/hand-ins/{handed['id']}/answer", 1, json={"state": "accepted"})
        )
        await waiting(school)
        merging = asyncio.create_task(
            hear(school.service, received(StudentMerged(student_id=absorbed, merged_into=survivor), version=4))
        )
        await asyncio.wait({merging}, timeout=0.5)
    answer = await answering
    await merging
    assert answer.status_code == 200, answer.text
    row = await school.service.fetch("SELECT student_id, state FROM hand_in")
    assert [(one["student_id"], one["state"]) for one in row] == [(survivor, "accepted")]
