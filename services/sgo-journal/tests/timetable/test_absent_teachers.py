"""A timetable is published whoever is ill: the lessons stand till somebody substitutes."""

from typing import Any

import pytest

from ..factories import MONDAY, YEAR, School
from ..substitutions.samples import away
from ..switches.test_switches import switch
from .office import Office, line


@pytest.fixture
async def office(school: School) -> Office:
    office = await Office.of(school)
    await school.hire("Иванова", school.teacher_id)
    return office


async def unavailable(office: Office, **more: Any) -> None:
    told = {"academic_year": YEAR, "kind": "teacher", "resource_id": str(office.school.teacher_id),
            "valid_from": MONDAY.isoformat(), "valid_to": "2026-09-21", "reason": "Курсы", **more}  # fmt: skip
    path = f"/organizations/{office.school.organization_id}/unavailability"
    assert (await office.call("POST", path, **told)).status_code == 201


async def test_an_absence_is_told_of_and_keeps_nothing_from_being_published(office: Office) -> None:
    school = office.school
    absences = f"/organizations/{school.organization_id}/absences"
    absence = (await office.call("POST", absences, **away(school.teacher_id))).json()
    await unavailable(office)
    draft = await office.draft(line(await school.journal()))
    found = (await office.call("GET", f"/timetables/{draft['id']}/conflicts")).json()
    assert (found["total"], found["blocking"]) == (2, 0)
    assert {(one["code"], one["blocking"]) for one in found["items"]} == {("timetable.teacher-away", False)}
    run = await office.publish(draft)
    assert run["status"] == "succeeded", run
    missed = (await office.call("GET", f"/absences/{absence['id']}/lessons")).json()["items"]
    assert [one["lesson"]["date"] for one in missed] == [MONDAY.isoformat()]


async def test_hours_a_teacher_cannot_work_keep_a_timetable_from_being_published(office: Office) -> None:
    await unavailable(office, weekday=1)
    run = await office.publish(await office.draft(line(await office.school.journal())))
    assert (run["status"], run["problem"]["code"]) == ("failed", "timetable.conflicts")


async def test_a_switch_is_undone_although_a_teacher_is_not_to_be_had(office: Office) -> None:
    await office.published(line(await office.school.journal()))
    made = (await switch(office)).json()
    await unavailable(office, weekday=1)
    undone = await office.call("POST", f"/switches/{made['id']}/undo", 1, reason="Снято")
    assert undone.status_code == 200, undone.text
    assert {one["state"] for one in await office.lessons(MONDAY)} == {"planned"}
