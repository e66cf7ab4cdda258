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

from .factories import (
    MONDAY,
    SEPTEMBER,
    School,
    audited,
    entry,
    group,
    guardianship,
    hear,
    mark,
    movement,
    noted,
    placement,
)
from .test_pages import statements
from .timetable.office import Office

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
        f"/lessons/{first}", json={"topic": "Лес"}, headers={**school.admin, "If-Match": '"1"'}
    )
    await school.give(first, "§ 1")
    assert written.status_code == 200, written.text
    answer = await read(school, child, school.headers(Role.GUARDIAN, guardian))
    week = lessons(answer)
    assert {day: [lesson["lesson_id"] for lesson in found] for day, found in week.items()} == {
        (MONDAY + timedelta(days=day)).isoformat(): [first] if day == 0 else [second] if day == 2 else []
        for day in range(7)
    }
    assert week["2026-09-07"] == [
        {
            "lesson_id": first, "number": 2, "starts_at": None, "ends_at": None, "subject": "Окружающий мир",
            "teacher": None, "room": None, "state": "planned", "mode": "on_site", "video_link": None,
            "substituted": False, "instead_of": None, "note": None, "topic": "Лес", "homework": "§ 1", "works": [],
            "marks": [
                {
                    "value": "pass", "sign": "зч", "title": "зачтено", "work": 1, "comment": "Молодец", "debt": False, "due_on": None,
                    "set_at": "2026-09-19T22:30:00Z", "set_by": None,
                }
            ],
            "attendance": {"code": "late", "sign": "ОП", "title": "опоздал", "absent": False},
        }
    ]  # fmt: skip
    beside = ("upcoming", "events", "totals", "acknowledged_at", "visited_at")
    assert [answer.json()[name] for name in beside] == [[], [], [], None, None]
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
    await school.save(attendance=[noted(own, child, "sick")], headers=school.admin)
    path, period = f"/students/{child}/diary/attendance", {"from": monday, "to": monday}
    for headers, count in (
        (school.teacher, 1), (school.admin, 2), (school.headers(Role.TEACHER, await school.hire("Другая")), 0)
    ):  # fmt: skip
        summed = (await school.service.client.get(path, params=period, headers=headers)).json()
        assert (summed["lessons"], summed["missed"]) == (count, min(count, 1))


async def test_a_week_is_named_by_its_monday(school: School) -> None:
    [child] = await school.enrol("Своя")
    answer = await read(school, child, school.admin, MONDAY + timedelta(days=1))
    assert (answer.status_code, answer.json()["code"]) == (422, "diary.week-not-monday")
    answer = await read(school, child, school.admin, date(9999, 12, 27))
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def test_a_student_reads_the_own_diary_alone(school: School) -> None:
    child, other = await school.enrol("Своя", "Другая")
    await school.lesson()
    headers = school.headers(Role.STUDENT, child)
    week = lessons(await read(school, child, headers))
    assert len(week["2026-09-07"]) == 1
    assert (await read(school, other, headers)).status_code == 404
    assert await audited(school) == []


async def test_a_week_is_two_statements(school: School) -> None:
    children = await school.enrol("Первый", "Второй")
    guardian = new_id()
    await hear(school.service, *(guardianship(guardian, child) for child in children))
    for day in range(5):
        lesson = await school.lesson(MONDAY + timedelta(days=day))
        await school.save(
            *(mark(lesson, child, "5") for child in children),
            attendance=[noted(lesson, children[0], "late")],
            headers=school.admin,
        )
    sent = statements(school)
    for number, child in enumerate(children, 1):
        week = lessons(await read(school, child, school.headers(Role.GUARDIAN, guardian)))
        assert sum(len(lesson["marks"]) for day in week.values() for lesson in day) == 5
        assert len(sent) == 2 * number, sent


async def test_teacher_room_link_substitution_and_cancellation_are_shown(school: School) -> None:
    [child] = await school.enrol("Своя")
    await school.hire("Иванова", school.teacher_id)
    other = await school.hire("Замещающая")
    room = await school.add_room("21")
    journal = await school.journal()
    await school.service.client.patch(
        f"/journals/{journal}",
        json={"video_link": "https://video.example/1a"},
        headers={**school.admin, "If-Match": '"1"'},
    )
    usual = await school.lesson(number=1, room_id=str(room))
    await school.lesson(number=2, teacher_id=str(other))
    remote = await school.lesson(number=3)
    await school.service.fetch("UPDATE lesson SET mode = 'remote' WHERE id = $1", remote)
    await school.save(mark(usual, child, "4"), headers=school.admin)
    [first, second, third] = lessons(await read(school, child, school.headers(Role.STUDENT, child)))["2026-09-07"]
    assert (first["teacher"], first["room"], first["substituted"]) == ("Иванова Мария", "21", False)
    assert (second["teacher"], second["substituted"]) == ("Замещающая Мария", True)
    assert (first["video_link"], third["video_link"]) == (None, "https://video.example/1a")


async def test_news_are_what_was_written_since_the_last_visit(school: School) -> None:
    [child] = await school.enrol("Своя")
    guardian, stranger = new_id(), new_id()
    await hear(school.service, guardianship(guardian, child))
    lesson = await school.lesson()
    headers = school.headers(Role.GUARDIAN, guardian)
    path = f"/students/{child}/diary"

    async def news(headers: dict[str, str] = headers) -> list[tuple[str, str | None, str | None]]:
        answer = await school.service.client.get(f"{path}/news", headers=headers)
        assert answer.status_code == 200, answer.text
        return sorted((one["kind"], one["text"], one["comment"]) for one in answer.json()["items"])

    await school.save(
        mark(lesson, child, "5", comment="Умница"), attendance=[noted(lesson, child, "late")], headers=school.admin
    )
    await school.give(lesson, "§ 2")
    seen = [("attendance", "опоздал", None), ("homework", "§ 2", None), ("mark", "5", "Умница")]
    assert await news() == seen
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 20, 6, tzinfo=UTC))
    answer = await school.service.client.post(
        f"{path}/visit", json={"seen_to": "2026-09-20T01:00:00Z"}, headers=headers
    )
    assert answer.json() == {"visited_at": "2026-09-20T01:00:00Z"}
    back = await school.service.client.post(f"{path}/visit", json={"seen_to": "0001-01-01T00:00:00Z"}, headers=headers)
    assert back.json() == {"visited_at": "2026-09-20T01:00:00Z"}
    ahead = await school.service.client.post(
        f"{path}/visit", json={"seen_to": "2100-01-01T00:00:00Z"}, headers=school.headers(Role.STUDENT, child)
    )
    assert ahead.json() == {"visited_at": "2026-09-20T06:00:00Z"}
    assert await news() == []
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 20, 7, tzinfo=UTC))
    await school.save(mark(lesson, child, "4", 1), headers=school.admin)
    assert [kind for kind, _, _ in await news()] == ["mark"]
    await school.service.fetch("UPDATE homework SET created_at = '2026-09-20T06:30Z', individual = true")
    assert [kind for kind, _, _ in await news()] == ["mark"], "given to others"
    naive = await school.service.client.post(f"{path}/visit", json={"seen_to": "2026-09-20T01:00:00"}, headers=headers)
    assert (naive.status_code, naive.json()["code"]) == (422, "request.invalid")
    theirs = school.headers(Role.GUARDIAN, stranger)
    refused = [
        await school.service.client.get(f"{path}/news", headers=theirs),
        await school.service.client.post(f"{path}/visit", json={"seen_to": "2026-09-20T01:00:00Z"}, headers=theirs),
    ]
    assert [answer.status_code for answer in refused] == [404, 404]
    kept = await school.service.fetch("SELECT reader_id FROM diary_visit ORDER BY visited_at")
    assert [row["reader_id"] for row in kept] == [guardian, child]


async def test_news_of_a_lesson_are_the_last_that_was_done_with_it(school: School) -> None:
    [child] = await school.enrol("Своя")
    office = await Office.of(school, today=MONDAY)
    lesson = await school.lesson(MONDAY + timedelta(days=1))
    for version, action in enumerate(("cancellation", "restoration", "cancellation", "restoration"), 1):
        school.service.runtime.clock = FixedClock(datetime(2026, 9, 7, 6 + version, tzinfo=UTC))
        answer = await office.call("POST", f"/lessons/{lesson}/{action}", version, reason="Так")
        assert answer.status_code == 200, answer.text
    works = {"works": [{"number": 1, "kind": "answer", "title": None, "weight": "1"}]}
    put = await school.service.client.put(
        f"/lessons/{lesson}/works", json=works, headers={**school.admin, "If-Match": '"5"'}
    )
    assert put.status_code == 200, put.text
    answer = await school.service.client.get(
        f"/students/{child}/diary/news", headers=school.headers(Role.STUDENT, child)
    )
    assert [(one["kind"], one["at"]) for one in answer.json()["items"]] == [("restored", "2026-09-07T10:00:00Z")]


async def test_a_guardian_acknowledges_a_week_once(school: School) -> None:
    [child] = await school.enrol("Своя")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, child))
    headers = school.headers(Role.GUARDIAN, guardian)

    async def put(week: date) -> httpx.Response:
        return await school.service.client.put(
            f"/students/{child}/diary/acknowledgement", params={"week": week.isoformat()}, headers=headers
        )

    assert (await put(MONDAY)).status_code == 204
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 20, 7, tzinfo=UTC))
    assert (await put(MONDAY)).status_code == 204
    shown = (await read(school, child, school.admin)).json()
    assert shown["acknowledged_at"] == "2026-09-19T22:30:00Z"
    assert (await put(MONDAY + timedelta(days=14))).json()["code"] == "diary.week-ahead"
    assert (await put(MONDAY + timedelta(days=1))).json()["code"] == "diary.week-not-monday"


async def test_attendance_is_summed_up_and_works_to_come_are_shown(school: School) -> None:
    [child] = await school.enrol("Своя")
    past = [await school.lesson(MONDAY + timedelta(days=day)) for day in range(3)]
    coming = await school.lesson(TODAY + timedelta(days=1))
    await school.save(attendance=[noted(past[0], child, "sick"), noted(past[1], child, "late")], headers=school.admin)
    works = {"works": [{"number": 1, "kind": "control", "title": "Контрольная", "weight": "2"}]}
    await hear(school.service, entry("control", "Контрольная работа"))
    put = await school.service.client.put(
        f"/lessons/{coming}/works", json=works, headers={**school.admin, "If-Match": '"1"'}
    )
    assert put.status_code == 200, put.text
    period = {"from": MONDAY.isoformat(), "to": "2026-10-01"}
    headers = school.headers(Role.STUDENT, child)
    path = f"/students/{child}/diary/attendance"
    answer = (await school.service.client.get(path, params=period, headers=headers)).json()
    assert (answer["lessons"], answer["missed"]) == (3, 1)
    assert [(one["code"], one["lessons"]) for one in answer["items"]] == [(None, 1), ("sick", 1), ("late", 1)]
    upcoming = (await read(school, child, headers)).json()["upcoming"]
    assert upcoming == [
        {"date": "2026-09-21", "number": 1, "subject": "Окружающий мир", "kind": "control", "title": "Контрольная"}
    ]
    assert (await read(school, child, school.teacher)).json()["upcoming"] == []
    wrong = await school.service.client.get(path, params={**period, "to": "2026-01-01"}, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "diary.period")
