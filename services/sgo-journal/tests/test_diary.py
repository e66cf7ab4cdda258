"""A week of a child: for a guardian who may see it today, for the staff of the organization."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received

from .factories import MONDAY, SEPTEMBER, School, audited, group, guardianship, hear, mark, movement, noted, placement

TODAY = date(2026, 9, 20)


@pytest.fixture(autouse=True)
def _today(school: School) -> None:
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 19, 22, 30, tzinfo=UTC))


async def read(school: School, student_id: UUID, headers: dict[str, str], week: date = MONDAY) -> httpx.Response:
    return await school.service.client.get(
        f"/students/{student_id}/diary", params={"week": week.isoformat()}, headers=headers
    )


def lessons(answer: httpx.Response) -> dict[str, list[dict[str, Any]]]:
    assert answer.status_code == 200, answer.text
    return {day["date"]: day["lessons"] for day in answer.json()["days"]}


async def test_a_guardian_reads_the_week_of_the_child(school: School) -> None:
    child, other = await school.enrol("Своя", "Другая")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, child))
    first, second = await school.lesson(number=2), await school.lesson(MONDAY + timedelta(days=2))
    await school.lesson(MONDAY + timedelta(days=7))
    saved = await school.save(
        mark(first, child, "pass", comment="Молодец"),
        mark(first, other, "2", comment="Чужое"),
        attendance=[noted(first, child, "late"), noted(first, other, "absent")],
        headers=school.admin,
    )
    assert saved.status_code == 200, saved.text
    written = await school.service.client.patch(
        f"/lessons/{first}", json={"topic": "Лес", "homework": "§ 1"}, headers={**school.admin, "If-Match": '"1"'}
    )
    assert written.status_code == 200, written.text
    answer = await read(school, child, school.headers(Role.GUARDIAN, guardian))
    assert answer.json() == {
        "student_id": str(child),
        "week": "2026-09-07",
        "days": [
            {"date": (MONDAY + timedelta(days=day)).isoformat(), "lessons": found}
            for day, found in enumerate(
                [
                    [
                        {
                            "lesson_id": first, "number": 2, "subject": "Окружающий мир", "state": "planned",
                            "topic": "Лес", "homework": "§ 1",
                            "marks": [{"value": "pass", "sign": "зч", "work": 1, "comment": "Молодец"}],
                            "attendance": {"code": "late", "sign": "ОП", "title": "опоздал"},
                        }
                    ],
                    [],
                    [
                        {
                            "lesson_id": second, "number": 1, "subject": "Окружающий мир", "state": "planned",
                            "topic": None, "homework": None,
                            "marks": [], "attendance": None,
                        }
                    ],
                    [], [], [], [],
                ]
            )
        ],
    }  # fmt: skip
    assert [action for _, action, _ in await audited(school)] == ["journal.cells.save"], (
        "a family's own reading is nobody's"
    )


async def test_the_right_is_that_of_today(school: School) -> None:
    [child] = await school.enrol("Своя")
    guardian, tie = new_id(), new_id()
    headers = school.headers(Role.GUARDIAN, guardian)
    states = [
        (guardianship(guardian, child, guardianship_id=tie, since=TODAY + timedelta(days=1)), 404),
        (guardianship(guardian, child, guardianship_id=tie, since=TODAY), 200),
        (guardianship(guardian, child, guardianship_id=tie, may_see=False), 404),
        (guardianship(guardian, child, guardianship_id=tie, until=TODAY + timedelta(days=1)), 200),
        (guardianship(guardian, child, guardianship_id=tie, until=TODAY), 404),
    ]
    assert (await read(school, child, headers)).status_code == 404
    for version, (state, expected) in enumerate(states, start=1):
        await hear(school.service, received(state, version=version))
        assert (await read(school, child, headers)).status_code == expected, version
    await hear(school.service, received(states[1][0], version=2))
    assert (await read(school, child, headers)).status_code == 404


async def test_a_guardian_sees_no_other_child(school: School) -> None:
    child, other = await school.enrol("Своя", "Другая")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, child))
    headers = school.headers(Role.GUARDIAN, guardian)
    assert (await read(school, other, headers)).status_code == 404
    assert (await read(school, new_id(), headers)).status_code == 404


async def test_a_diary_follows_the_child_from_class_to_class(school: School) -> None:
    [child] = await school.enrol("Своя")
    wednesday = MONDAY + timedelta(days=2)
    club = await School(school.service).open()
    next_class = School(school.service, school.organization_id)
    await hear(
        school.service,
        group(next_class.group_id, school.organization_id, "1 «Б»"),
        movement(
            child,
            wednesday,
            opened=placement(school.organization_id, next_class.group_id),
            closed=school.placements[child],
        ),
        movement(child, SEPTEMBER, opened=placement(club.organization_id, club.group_id, main=False)),
        guardianship(guardian := new_id(), child),
    )
    for place in (school, next_class):
        journal = await place.teach(place.group_id.hex)
        await place.set_lessons(
            *[await place.planned(MONDAY + timedelta(days=day), journal_id=journal) for day in range(5)]
        )
    await club.set_lessons(await club.planned(number=9, journal_id=await club.teach("Кружок")))
    week = lessons(await read(school, child, school.headers(Role.GUARDIAN, guardian)))
    old, new = school.group_id.hex, next_class.group_id.hex
    assert [[lesson["subject"] for lesson in day] for day in week.values()] == [
        [old, "Кружок"], [old], [new], [new], [new], [], [],
    ]  # fmt: skip
    at_school = lessons(await read(school, child, school.admin))
    assert [lesson["subject"] for lesson in at_school["2026-09-07"]] == [old]
    assert [lesson["subject"] for lesson in lessons(await read(club, child, club.teacher))["2026-09-07"]] == ["Кружок"]


async def test_staff_read_the_diary_of_their_student_and_it_is_audited(school: School) -> None:
    [child] = await school.enrol("Своя", on=MONDAY)
    await school.depart(child, MONDAY + timedelta(days=14))
    stranger = await School(school.service).open()
    for headers in (school.admin, school.teacher):
        assert (await read(school, child, headers)).status_code == 200
    weeks = [MONDAY - timedelta(days=7), MONDAY + timedelta(days=7), MONDAY + timedelta(days=14)]
    assert [(await read(school, child, school.admin, week)).status_code for week in weeks] == [404, 200, 404]
    assert (await read(stranger, child, stranger.admin)).status_code == 404
    assert await audited(school) == [
        (role, "student.diary.read", [child]) for role in ("organization_admin", "teacher", "organization_admin")
    ]


async def test_a_teacher_sees_own_lessons_alone(school: School) -> None:
    [child] = await school.enrol("Своя")
    theirs = await school.teach("Музыка", teacher_id=new_id())
    own, other = await school.lesson(), await school.lesson(number=2, journal_id=theirs, teacher_id=None)
    await school.save(mark(own, child, "5"), headers=school.admin)
    await school.save(mark(other, child, "5"), headers=school.admin, journal_id=theirs)
    monday = MONDAY.isoformat()
    for headers, seen in ((school.teacher, [own]), (school.admin, [own, other])):
        week = lessons(await read(school, child, headers))
        assert [lesson["lesson_id"] for lesson in week[monday]] == seen


async def test_a_week_is_named_by_its_monday(school: School) -> None:
    [child] = await school.enrol("Своя")
    answer = await read(school, child, school.admin, MONDAY + timedelta(days=1))
    assert (answer.status_code, answer.json()["code"]) == (422, "diary.week-not-monday")
    answer = await read(school, child, school.admin, date(9999, 12, 27))
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
