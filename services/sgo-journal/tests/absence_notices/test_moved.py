"""A notice is about the child: who takes the child over in its days goes by it too, but for the family's own words."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..daycare.kindergarten import as_kindergarten, saved, sheet, stand_at
from ..factories import MONDAY, SEPTEMBER, School, audited, guardianship, hear, movement, noted, placement
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


async def listed(school: School, path: str, headers: dict[str, str], **params: Any) -> list[dict[str, Any]]:
    """All pages of a list, of one item each."""
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] = {**params, "limit": 1}
    while True:
        answer = await school.service.client.get(path, params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            return found
        asked["after"] = page["next"]


async def announced(school: School, day: date) -> list[dict[str, Any]]:
    """The office's list of a day."""
    path = f"/organizations/{school.organization_id}/absence-notices"
    return await listed(school, path, school.headers(Role.SECRETARY), date=day.isoformat())


async def of_student(school: School, student: UUID, headers: dict[str, str]) -> list[dict[str, Any]]:
    return await listed(school, f"/students/{student}/absence-notices", headers)


async def test_the_office_sees_whoever_is_on_its_rosters_that_day(school: School, other: School) -> None:
    student, notice = await moved(school, other)
    [beside] = await other.enrol("Белова")
    own = (await tell(other, beside, other.admin, FRIDAY, note="Отпуск")).json()
    shown = await announced(other, FRIDAY)
    assert [(one["id"], one["name"], one["note"]) for one in shown] == [
        (notice["id"], "Аистов Алиса", None),
        (own["id"], "Белова Алиса", "Отпуск"),
    ]
    assert await announced(other, MOVED - timedelta(days=1)) == [], "the child was not there yet"
    assert [one["note"] for one in await announced(school, MOVED - timedelta(days=1))] == ["Подробности"]
    read = [students for _, action, students in await audited(other) if action == "absence-notices.day"]
    assert str(student) in {str(one) for of in read for one in of}
    refused = await change(other, notice, "end", other.admin, last_day=FRIDAY.isoformat())
    assert refused.status_code == 404, "it was told to another"
    stranger = await School(school.service).open()
    assert await announced(stranger, FRIDAY) == []
    withdrawn = await change(school, notice, "withdrawal", school.admin)
    assert withdrawn.status_code == 200, withdrawn.text
    assert [one["id"] for one in await announced(other, FRIDAY)] == [own["id"]]


async def test_the_office_sees_a_child_once_by_what_it_was_told_itself(school: School, other: School) -> None:
    student, notice = await moved(school, other)
    own = (await tell(other, student, other.admin, FRIDAY, reason="vacation")).json()
    assert [one["id"] for one in await announced(other, FRIDAY)] == [own["id"]]
    assert [one["id"] for one in await announced(other, FRIDAY + timedelta(days=1))] == [notice["id"]]
    await change(other, own, "withdrawal", other.admin)
    assert [one["id"] for one in await announced(other, FRIDAY)] == [notice["id"]]


async def test_a_club_sees_what_the_school_was_told(school: School, other: School) -> None:
    """A child of two organizations at once, in the second beside the main place of study."""
    [student] = await school.enrol("Аистов")
    club = placement(other.organization_id, other.group_id).model_copy(update={"main": False})
    await hear(school.service, movement(student, SEPTEMBER, opened=club))
    told = (await tell(school, student, school.admin, MONDAY, note="Подробности")).json()
    assert [(one["id"], one["note"]) for one in await announced(other, MONDAY)] == [(told["id"], None)]
    [own] = await announced(school, MONDAY)
    assert (own["id"], own["note"]) == (told["id"], "Подробности")


async def test_staff_read_of_a_student_what_is_of_days_there(school: School, other: School) -> None:
    student, notice = await moved(school, other)
    stand_at(school.service, FRIDAY)
    before = await tell(school, student, school.admin, SEPTEMBER, MOVED - timedelta(days=3))
    assert before.status_code == 201, "told of days before the move, which are the first school's alone"
    await other.appoint(other.teacher_id)
    for headers in (other.admin, other.teacher):
        assert [(one["id"], one["note"]) for one in await of_student(other, student, headers)] == [(notice["id"], None)]
    own = (await tell(other, student, other.admin, FRIDAY, note="Отпуск")).json()
    assert [(one["id"], one["note"]) for one in await of_student(other, student, other.admin)] == [
        (own["id"], "Отпуск"),
        (notice["id"], None),
    ]
    assert (await change(school, notice, "withdrawal", school.admin)).status_code == 200
    assert [one["id"] for one in await of_student(other, student, other.admin)] == [own["id"]]
