"""A notice is about the child: who takes the child over in its days goes by it too, but for the family's own words."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..daycare.kindergarten import as_kindergarten, saved, sheet, stand_at
from ..factories import MONDAY, School, guardianship, hear, movement, noted, placement
from .test_notices import change, of_day, tell

MOVED = date(2026, 9, 9)
FRIDAY = date(2026, 9, 11)


@pytest.fixture
async def other(school: School) -> School:
    return await School(school.service).open()


async def moved(school: School, other: School) -> tuple[UUID, dict[str, Any]]:
    """A child whose family told the first place of an absence, and who went to the other in its days; the notice."""
    [student] = await school.enrol("Аистов")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, student))
    family = school.headers(Role.GUARDIAN, guardian)
    notice = await tell(school, student, family, MONDAY, date(2026, 9, 15), note="Подробности")
    assert notice.status_code == 201, notice.text
    await school.depart(student, MOVED)
    other.placements[student] = placement(other.organization_id, other.group_id)
    await hear(school.service, movement(student, MOVED, opened=other.placements[student]))
    return student, notice.json()


async def test_days_confirmed_elsewhere_are_absent_as_told(school: School, other: School) -> None:
    for one in (school, other):
        await as_kindergarten(one)
    student, notice = await moved(school, other)
    [beside] = await other.enrol("Белова")
    stand_at(school.service, FRIDAY)
    [row] = [one for one in (await sheet(other))["children"] if one["student_id"] == str(student)]
    assert next(day for day, _ in row["announced"]) == 9
    confirmed = (await saved(other, confirm=[FRIDAY]))["confirmed"]
    assert {one["student_id"]: one["code"] for one in confirmed} == {str(student): "sick", str(beside): "present"}
    [shown] = await of_day(other, "absence-notices", FRIDAY)
    assert (shown["notice"]["id"], shown["notice"]["note"], shown["absent"]) == (notice["id"], None, True)
    assert await of_day(other, "unexplained-absences", FRIDAY) == []
    assert (await change(other, notice, "acceptance", other.admin)).status_code == 404, "it was told to another"
    [before] = await of_day(school, "absence-notices", MOVED - timedelta(days=1))
    assert before["notice"]["note"] == "Подробности"
    assert await of_day(school, "absence-notices", MOVED) == []
    withdrawn = await change(school, notice, "withdrawal", school.admin)
    assert withdrawn.status_code == 200, withdrawn.text
    assert await of_day(other, "absence-notices", FRIDAY) == []


async def test_of_two_notices_the_one_told_here_stands(school: School, other: School) -> None:
    student, _ = await moved(school, other)
    own = (await tell(other, student, other.admin, FRIDAY, reason="vacation", note="Отпуск")).json()
    [shown] = await of_day(other, "absence-notices", FRIDAY)
    assert (shown["notice"]["id"], shown["notice"]["note"]) == (own["id"], "Отпуск")


async def test_a_teacher_is_offered_what_another_school_was_told(school: School, other: School) -> None:
    student, _ = await moved(school, other)
    path = f"/journals/{await other.journal()}/announced-absences"
    params = {"from": MONDAY.isoformat(), "to": "2026-09-30"}
    answer = await school.service.client.get(path, params=params, headers=other.teacher)
    [offered] = answer.json()["items"]
    assert (offered["student_id"], offered["code"]) == (str(student), "sick")
    assert (offered["first_day"], offered["last_day"]) == ("2026-09-09", "2026-09-15"), "of its own days there"
    lesson = await other.lesson(FRIDAY)
    stand_at(school.service, FRIDAY)
    await other.save(attendance=[noted(lesson, student, "sick")])
    assert await of_day(other, "unexplained-absences", FRIDAY) == []
