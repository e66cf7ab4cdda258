"""What stands in a week beside lessons and marks: substitutions, events of the class, totals."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import MONDAY, School, guardianship, hear
from ..substitutions.samples import away
from ..timetable.office import Office
from ..totals.columns import save, total

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
async def office(school: School) -> Office:
    office = await Office.of(school, today=MONDAY)
    await school.hire("Иванова", school.teacher_id)
    return office


async def week(school: School, student_id: UUID, headers: dict[str, str], monday: Any = MONDAY) -> dict[str, Any]:
    answer = await school.service.client.get(
        f"/students/{student_id}/diary", params={"week": monday.isoformat()}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_who_stands_in_for_whom_is_told_and_why_is_not(office: Office) -> None:
    school = office.school
    [child] = await school.enrol("Своя")
    [given, cancelled] = await school.set_lessons(*[await school.planned(number=number) for number in (1, 2)])
    other = await school.hire("Замещающая")
    path = f"/organizations/{school.organization_id}/absences"
    absence = (await office.call("POST", path, **away(school.teacher_id, reason="Болезнь"))).json()["id"]
    lessons = [
        {"lesson_id": given["id"], "version": 1, "action": "replace", "teacher_id": str(other)},
        {"lesson_id": cancelled["id"], "version": 1, "action": "cancel"},
    ]
    arranged = await office.call("POST", f"/absences/{absence}/substitutions", lessons=lessons)
    assert arranged.status_code == 201, arranged.text
    found = await week(school, child, school.headers(Role.STUDENT, child))
    first, second = found["days"][0]["lessons"]
    assert (first["teacher"], first["instead_of"], first["substituted"]) == ("Замещающая Мария", "Иванова Мария", True)
    assert (second["state"], second["instead_of"]) == ("cancelled", "Иванова Мария")
    assert "Болезнь" not in str(found)


async def test_events_are_those_of_the_childs_classes_on_days_of_the_week(office: Office) -> None:
    school = office.school
    [child] = await school.enrol("Своя", on=MONDAY)
    headers = school.headers(Role.STUDENT, child)
    other = await office.another_class()
    office.stand_at(MONDAY - timedelta(days=3))
    path = f"/organizations/{school.organization_id}/class-events"

    async def plan(title: str, since: int, until: int, learners_id: UUID = school.group_id) -> None:
        days = [(MONDAY + timedelta(days=day)).isoformat() for day in (since, until)]
        body: dict[str, Any] = {"kind": "excursion", "title": title, "learners_ids": [str(learners_id)], "place": "Музей",
                "starts_on": days[0], "ends_on": days[1], "responsible_id": str(school.teacher_id), "over_events": True}  # fmt: skip
        made = await office.call("POST", path, **body)
        assert made.status_code == 201, made.text

    for title, since, until in (("До неё", -1, 0), ("Сразу", 0, 0), ("Через край", 6, 7), ("Следом", 7, 7)):
        await plan(title, since, until)
    await plan("Чужое", 1, 1, other)
    found = await week(school, child, headers)
    assert [one["title"] for one in found["events"]] == ["Сразу", "Через край"], (
        "who came on Monday was not there before"
    )
    assert (found["events"][0]["place"], found["events"][0]["responsible"]) == ("Музей", "Иванова Мария")
    assert [one["title"] for one in (await week(school, child, headers, NEXT))["events"]] == ["Через край", "Следом"]


async def test_totals_stand_in_the_week_they_were_set_in(office: Office) -> None:
    school = office.school
    child, other = await school.enrol("Своя", "Другая")
    await hear(school.service, guardianship(guardian := new_id(), child))
    headers = school.headers(Role.GUARDIAN, guardian)
    assert (await save(school, total(child, "5"), total(other, "3"))).status_code == 200
    [one] = (await week(school, child, headers))["totals"]
    assert (one["subject"], one["kind"], one["period"], one["sign"]) == ("Окружающий мир", "period", 1, "5")
    for edge, shown in (("2026-09-06T20:59:59Z", False), ("2026-09-06T21:00:00Z", True),
                        ("2026-09-13T20:59:59Z", True), ("2026-09-13T21:00:00Z", False)):  # fmt: skip
        await school.service.fetch("UPDATE total SET changed_at = $1::text::timestamptz, version = version + 1", edge)
        assert bool((await week(school, child, headers))["totals"]) is shown, edge
    assert (await week(school, child, school.teacher))["totals"] == []
    await school.service.fetch("UPDATE total SET changed_at = '2026-09-08T00:00Z', version = version + 1")
    assert (await week(school, child, school.admin))["totals"] != []
