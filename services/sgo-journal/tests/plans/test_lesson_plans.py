"""Plans of lessons: kept with the topic and its hour, copied with the plan, seen on the lesson the hour falls on."""

import asyncio
from datetime import timedelta
from typing import Any

from servicekit.ids import new_id
from sgo_journal.plans.workbooks import PlanRow, write_plan

from ..factories import MONDAY, YEAR, School
from ..homework.test_at_once import transaction
from ..locks import waiting
from ..test_lessons import count
from .desk import a_plan, call, followed, section, topic

BODY: dict[str, Any] = {
    "goals": "Узнать лес",
    "equipment": "Гербарий",
    "pages": "с. 12–15",
    "stages": [
        {"title": "Повторение", "minutes": 10, "text": None},
        {"title": "Новое", "minutes": 30, "text": "Рассказ"},
    ],
}


def path(plan: dict[str, Any], number: int = 1, place: int = 0) -> str:
    return f"/plans/{plan['id']}/topics/{plan['sections'][0]['topics'][place]['id']}/lesson-plans/{number}"


async def ready(school: School) -> dict[str, Any]:
    """A plan of two topics, two hours and one."""
    return await a_plan(school, section("Природа", topic("Лес", 2), topic("Луг")))


async def test_it_is_written_changed_and_taken_away_at_its_version(school: School) -> None:
    plan = await ready(school)
    made = await call(school, "PUT", path(plan), 0, json=BODY)
    assert made.status_code == 200, made.text
    assert {name: made.json()[name] for name in BODY} == BODY
    again = await call(school, "PUT", path(plan), 0, json=BODY)
    assert (again.status_code, again.json()["code"]) == (412, "version-mismatch")
    changed = await call(school, "PUT", path(plan), 1, json={"goals": "Иначе"})
    assert (changed.json()["goals"], changed.json()["stages"], changed.headers["ETag"]) == ("Иначе", [], '"2"')
    stale = await call(school, "PUT", path(plan), 1, json=BODY)
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")
    assert (await call(school, "GET", path(plan))).json() == changed.json()
    listed = await call(school, "GET", f"/plans/{plan['id']}/lesson-plans")
    assert listed.json()["items"] == [changed.json()]
    assert (await call(school, "DELETE", path(plan), 1)).status_code == 412
    assert (await call(school, "DELETE", path(plan), 2)).status_code == 204
    assert (await call(school, "GET", path(plan))).status_code == 404


async def test_one_written_anew_is_not_written_over_by_a_version_of_before(school: School) -> None:
    plan = await ready(school)
    await call(school, "PUT", path(plan), 0, json=BODY)
    await call(school, "PUT", path(plan), 1, json=BODY)
    assert (await call(school, "DELETE", path(plan), 2)).status_code == 204
    anew = await call(school, "PUT", path(plan), 0, json={"goals": "Заново"})
    assert anew.headers["ETag"] == '"3"'
    for old in (1, 2):
        stale = await call(school, "PUT", path(plan), old, json=BODY)
        assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")
        assert (await call(school, "DELETE", path(plan), old)).status_code == 412
    assert (await call(school, "GET", path(plan))).json()["goals"] == "Заново"
    assert (await call(school, "DELETE", path(plan), 3)).status_code == 204
    assert (await call(school, "PUT", path(plan), 0, json=BODY)).headers["ETag"] == '"4"'


async def test_a_removal_at_a_wrong_version_raises_nothing(school: School) -> None:
    plan = await ready(school)
    await call(school, "PUT", path(plan), 0, json=BODY)
    assert (await call(school, "DELETE", path(plan), 50)).status_code == 412
    assert (await call(school, "PUT", path(plan, 2), 0, json=BODY)).headers["ETag"] == '"1"'


async def test_it_is_of_an_hour_the_topic_has(school: School) -> None:
    plan = await ready(school)
    assert (await call(school, "PUT", path(plan, 2), 0, json=BODY)).status_code == 200
    beyond = await call(school, "PUT", path(plan, 3), 0, json=BODY)
    assert (beyond.status_code, beyond.json()["code"]) == (422, "lesson-plan.hour-unknown")
    foreign = f"/plans/{plan['id']}/topics/{new_id()}/lesson-plans/1"
    assert (await call(school, "PUT", foreign, 0, json=BODY)).status_code == 404
    assert await count(school.service, "lesson_plan") == 1


async def test_an_approved_plan_stays_approved_and_another_teachers_is_read_alone(school: School) -> None:
    plan = await ready(school)
    approved = await call(school, "POST", f"/plans/{plan['id']}/approval", plan["version"], headers=school.admin)
    assert approved.json()["state"] == "approved"
    await call(school, "PUT", path(plan), 0, json=BODY)
    assert (await call(school, "GET", f"/plans/{plan['id']}")).json()["state"] == "approved"
    other = School(school.service, school.organization_id, school.group_id, municipality=school.municipality)
    assert (await call(other, "GET", path(plan))).status_code == 200
    refused = await call(other, "PUT", path(plan), 1, json=BODY)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


async def test_a_lesson_shows_the_plan_of_the_hour_that_falls_on_it(school: School) -> None:
    plan = await ready(school)
    await followed(school, plan)
    days = [await school.lesson(MONDAY + timedelta(days=day)) for day in range(4)]
    await call(school, "PUT", path(plan, 2), 0, json=BODY)

    async def shown(lesson: str) -> tuple[str | None, int | None, int | None, str | None]:
        found = (await call(school, "GET", f"/lessons/{lesson}/lesson-plan")).json()
        return found["topic"], found["hour"], found["hours"], found["plan"] and found["plan"]["goals"]

    assert [await shown(day) for day in days] == [
        ("Лес", 1, 2, None),
        ("Лес", 2, 2, "Узнать лес"),
        ("Луг", 1, 1, None),
        (None, None, None, None),
    ]
    await school.service.fetch("UPDATE lesson SET state = 'cancelled' WHERE id = $1 RETURNING id", days[0])
    assert await shown(days[2]) == ("Лес", 2, 2, "Узнать лес"), "it goes on with its hour"


async def test_it_goes_with_a_copy_and_stays_with_its_topic(school: School) -> None:
    plan = await ready(school)
    await call(school, "PUT", path(plan, 1, place=1), 0, json=BODY)
    copied = await call(
        school, "POST", f"/plans/{plan['id']}/copies", json={"academic_year": YEAR + 1, "title": "Копия"}
    )
    copy = (await call(school, "GET", f"/plans/{copied.json()['id']}")).json()
    [its] = (await call(school, "GET", f"/plans/{copy['id']}/lesson-plans")).json()["items"]
    assert (its["topic_id"], its["goals"], its["version"]) == (
        copy["sections"][0]["topics"][1]["id"],
        "Узнать лес",
        1,
    )
    book = await asyncio.to_thread(write_plan, [PlanRow("Природа", "Луг", 2), PlanRow("Природа", "Река", 1)])
    loaded = await call(
        school, "PUT", f"/plans/{plan['id']}/workbook", plan["version"], files={"file": ("plan.xlsx", book)}
    )
    assert loaded.status_code == 200, loaded.text
    assert (await call(school, "GET", path(loaded.json()))).json()["goals"] == "Узнать лес"
    gone = await call(school, "PUT", f"/plans/{plan['id']}/contents", loaded.json()["version"], json={"sections": []})
    assert (gone.status_code, gone.json()["code"]) == (409, "plan.topic-planned")


async def test_a_topic_taken_away_meanwhile_has_no_plan(school: School) -> None:
    plan = await ready(school)
    async with transaction(school) as other:
        await other.execute("UPDATE plan SET version = version + 1")
        await other.execute("DELETE FROM plan_topic WHERE title = 'Луг'")
        writing = asyncio.create_task(call(school, "PUT", path(plan, 1, place=1), 0, json=BODY))
        await waiting(school)
    assert (await writing).status_code == 404
    assert await count(school.service, "lesson_plan") == 0
