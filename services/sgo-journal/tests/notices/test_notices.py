"""What families are told of their timetable."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..class_events.test_class_events import plan
from ..factories import MONDAY, School, audited, guardianship, hear
from ..substitutions.samples import away
from ..switches.test_switches import switch
from ..timetable.office import Office, line

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
async def office(school: School) -> Office:
    """A class with its own teacher has a lesson on Mondays and Tuesdays; a student of it; it is early on Monday."""
    office = await Office.of(school)
    await school.hire("Иванова", school.teacher_id)
    await school.appoint(school.teacher_id)
    await school.enrol("Аистов")
    journal = await school.journal()
    await office.published(line(journal, 1), line(journal, 2))
    office.stand_at(MONDAY, 4)
    return office


async def read(office: Office, path: str, headers: dict[str, str], **params: Any) -> httpx.Response:
    return await office.school.service.client.get(path, headers=headers, params=params)


async def told(office: Office, **params: Any) -> list[dict[str, Any]]:
    """What the class teacher reads."""
    school = office.school
    answer = await read(office, f"/groups/{school.group_id}/notices", school.teacher, **params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def of_lesson(office: Office, on: date = TUESDAY) -> dict[str, Any]:
    [lesson] = await office.lessons(on, "day")
    return lesson


async def test_a_new_timetable_is_one_notice_a_class(office: Office) -> None:
    [notice] = await told(office)
    assert (notice["kind"], notice["title"], notice["date"]) == ("timetable", "Новое расписание", "2026-09-01")


async def test_a_lesson_moved_cancelled_and_brought_back_is_told_without_the_reason(office: Office) -> None:
    lesson = await of_lesson(office)
    path = f"/lessons/{lesson['id']}"
    await office.call("PATCH", f"{path}/slot", 1, date="2026-09-09", number=3, reason="Больна Иванова")
    await office.call("POST", f"{path}/cancellation", 2, reason="Больна Иванова")
    await office.call("POST", f"{path}/restoration", 3, reason="Здорова")
    back, cancelled, moved, _ = await told(office)
    assert [one["kind"] for one in (moved, cancelled, back)] == ["lesson_moved", "lesson_cancelled", "lesson_restored"]
    assert (moved["old"]["date"], moved["old"]["number"]) == ("2026-09-08", 1)
    assert moved["new"] == {"date": "2026-09-09", "number": 3, "teacher": "Иванова Мария", "room": None}
    assert (moved["subject"], moved["learners"], moved["source_id"]) == ("Окружающий мир", "5 «А»", lesson["id"])
    assert "ольна" not in str([back, cancelled, moved])


async def test_a_substitution_names_who_comes_and_is_taken_back(office: Office) -> None:
    school = office.school
    other = await school.hire("Петрова")
    path = f"/organizations/{school.organization_id}/absences"
    absence = (await office.call("POST", path, **away(school.teacher_id))).json()
    lesson = await of_lesson(office, MONDAY)
    wanted = {"lesson_id": lesson["id"], "version": lesson["version"], "action": "replace", "teacher_id": str(other)}
    assert (await office.call("POST", f"/absences/{absence['id']}/substitutions", lessons=[wanted])).status_code == 201
    await office.call("POST", f"/absences/{absence['id']}/withdrawal", 1)
    back, given, _ = await told(office)
    assert (given["kind"], given["old"]["teacher"], given["new"]["teacher"]) == (
        "substituted", "Иванова Мария", "Петрова Мария"
    )  # fmt: skip
    assert (back["kind"], back["new"]["teacher"]) == ("substitution_ended", "Иванова Мария")
    assert absence["reason"] not in str([back, given])


async def test_a_switch_and_an_event_are_one_notice_a_class_each(office: Office) -> None:
    made = (await switch(office, learners_ids=[str(office.school.group_id)])).json()
    assert made["lessons"] == 4
    undone = await office.call("POST", f"/switches/{made['id']}/undo", 1, reason="Снято")
    assert undone.status_code == 200, undone.text
    event = (await plan(office)).json()
    await office.call("PATCH", f"/class-events/{event['id']}", 1, note="Взять воду")
    await office.call("POST", f"/class-events/{event['id']}/cancellation", 2, reason="Болен водитель")
    cancelled, planned, undone_notice, quarantine, _ = await told(office)
    assert (quarantine["kind"], quarantine["date"], quarantine["until"], quarantine["text"]) == (
        "no_lessons", "2026-09-07", "2026-09-21", "Карантин по гриппу"
    )  # fmt: skip
    assert (undone_notice["kind"], undone_notice["source_id"]) == ("switch_undone", made["id"])
    assert (planned["kind"], planned["text"], cancelled["kind"]) == ("event_planned", "Музей", "event_cancelled")
    assert "водитель" not in str(cancelled)


async def test_notices_page_from_the_newest(office: Office) -> None:
    lesson = await of_lesson(office)
    await office.call("POST", f"/lessons/{lesson['id']}/cancellation", 1, reason="Так")
    [newest] = await told(office, limit=1)
    assert newest["kind"] == "lesson_cancelled"
    assert [one["kind"] for one in await told(office, after=newest["id"])] == ["timetable"]


async def test_the_family_reads_what_is_of_its_childs_days_and_nobody_elses(office: Office) -> None:
    school, parent, stranger = office.school, new_id(), new_id()
    [student] = await school.enrol("Белов")
    [elsewhere] = await school.enrol("Ветров", on=date(2026, 9, 10))
    for child in (student, elsewhere):
        await hear(school.service, guardianship(parent, child))
    lesson = await of_lesson(office)
    await office.call("POST", f"/lessons/{lesson['id']}/cancellation", 1, reason="Так")

    async def seen(child: UUID, headers: dict[str, str]) -> list[str] | int:
        answer = await read(office, f"/students/{child}/notices", headers)
        if answer.status_code != 200:
            return answer.status_code
        return [one["kind"] for one in answer.json()["items"]]

    guardian = school.headers(Role.GUARDIAN, parent)
    assert await seen(student, guardian) == ["lesson_cancelled", "timetable"]
    assert await seen(student, school.headers(Role.STUDENT, student)) == ["lesson_cancelled", "timetable"]
    assert await seen(elsewhere, guardian) == []
    assert await seen(student, school.headers(Role.GUARDIAN, stranger)) == 404
    assert await seen(student, school.headers(Role.STUDENT, stranger)) == 404
    assert not [action for _, action, _ in await audited(school) if action == "notices.read"]


async def test_the_class_teacher_and_the_office_read_the_notices_of_a_class(office: Office) -> None:
    school = office.school
    path = f"/groups/{school.group_id}/notices"
    other = school.headers(Role.TEACHER, await school.hire("Петрова"))
    assert (await read(office, path, other)).status_code == 403
    assert (await read(office, path, school.admin)).status_code == 200
    assert (await read(office, f"/groups/{new_id()}/notices", school.admin)).status_code == 404
    assert ("organization_admin", "notices.read") in {one[:2] for one in await audited(school)}
