"""Only people of the organization are named in its plans, and why they are away is the office's to know."""

from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import MONDAY, SOCHI, YEAR, School, audited
from .office import Office, line


@pytest.fixture
async def office(school: School) -> Office:
    return await Office.of(school, today=MONDAY)


async def a_foreigner(office: Office) -> str:
    """A teacher of another school."""
    other = await School(office.school.service, municipality=SOCHI).open()
    return str(await other.hire("Чужая"))


async def test_a_teacher_of_another_school_is_named_nowhere(office: Office) -> None:
    school, stranger = office.school, await a_foreigner(office)
    journal, path = await school.journal(), f"/organizations/{office.school.organization_id}"
    lesson = await school.lesson()
    draft = await office.draft()
    added: dict[str, Any] = {
        "journal_id": str(journal),
        "date": MONDAY.isoformat(),
        "number": 2,
        "teacher_id": stranger,
        "reason": "Так",
    }
    unavailable: dict[str, Any] = {"academic_year": YEAR, "kind": "teacher", "resource_id": stranger, "valid_from": "2026-09-07",
                   "valid_to": "2026-09-09", "reason": "Курсы"}  # fmt: skip
    event: dict[str, Any] = {"kind": "trip", "title": "Поход", "learners_ids": [str(school.group_id)], "starts_on": "2026-09-12",
             "ends_on": "2026-09-12", "responsible_id": stranger}  # fmt: skip
    answers = [
        await office.call("POST", f"/timetables/{draft['id']}/lines", 1, put=[line(journal, teacher_id=stranger)]),
        await office.call("POST", f"{path}/lessons", lessons=[await school.planned(number=3, teacher_id=stranger)]),
        await office.call("POST", f"{path}/timetable/lessons", **added),
        await office.call("PATCH", f"/lessons/{lesson}/slot", 1, teacher_id=stranger, reason="Так"),
        await office.call("POST", f"{path}/unavailability", **unavailable),
        await office.call("POST", f"{path}/class-events", **event),
    ]
    assert [answer.status_code for answer in answers] == [422] * 6
    assert [answer.json()["errors"][0]["code"] for answer in answers[:4]] == ["lesson.teacher-unknown"] * 4
    assert "Чужая" not in str([answer.json() for answer in answers])
    assert [one["number"] for one in await office.lessons(MONDAY)] == [1]


async def test_a_room_of_another_school_is_named_nowhere(office: Office) -> None:
    other = await School(office.school.service, municipality=SOCHI).open()
    planned = await office.school.planned(room_id=str(await other.add_room()))
    path = f"/organizations/{office.school.organization_id}/lessons"
    refused = await office.call("POST", path, lessons=[planned])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "lesson.room-unknown")


async def test_a_lesson_that_names_nobody_is_given_by_whoever_alone_teaches_then(office: Office) -> None:
    school = office.school
    [lesson] = await school.set_lessons(await school.planned(teacher_id=None))
    assert lesson["teacher_id"] == str(school.teacher_id)
    await school.teach("Труд", until=MONDAY)
    journal = await school.teach("Труды", teacher_id=new_id(), until=MONDAY)
    [nobody] = await school.set_lessons(await school.planned(number=2, journal_id=str(journal), teacher_id=None))
    assert nobody["teacher_id"] is None


async def test_reasons_are_the_offices_and_their_reading_is_audited(office: Office) -> None:
    school = office.school
    lesson = await school.lesson()
    reason = "Иванова в больнице"
    await office.call("PATCH", f"/lessons/{lesson}/slot", 1, number=2, reason=reason)
    body: dict[str, Any] = {"academic_year": YEAR, "kind": "teacher", "resource_id": str(school.teacher_id), "valid_from": "2026-09-07",
            "valid_to": "2026-09-09", "reason": reason}  # fmt: skip
    path = f"/organizations/{school.organization_id}/unavailability"
    assert (await office.call("POST", path, **body)).status_code == 201
    client = school.service.client
    for private in (path, f"/lessons/{lesson}/planning"):
        assert (await client.get(private, headers=school.teacher)).status_code == 403
        assert reason in (await client.get(private, headers=school.admin)).text
    seen = [
        await client.get(f"/lessons/{lesson}", headers=school.teacher),
        await client.get(
            f"/organizations/{school.organization_id}/timetable",
            params={"date": MONDAY.isoformat()},
            headers=school.headers(Role.TEACHER, new_id()),
        ),
    ]
    assert [answer.status_code for answer in seen] == [200, 200]
    assert reason not in str([answer.text for answer in seen])
    assert ("organization_admin", "unavailability.list", [school.teacher_id]) in await audited(school)
    assert "lesson.planning" in {action for _, action, _ in await audited(school)}
