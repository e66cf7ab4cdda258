"""Lessons planned by hand."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from servicekit.ids import new_id

from ..factories import MONDAY, School
from .office import Office, line

WEEK = timedelta(days=7)
NEXT = MONDAY + WEEK


@pytest.fixture
async def office(school: School) -> Office:
    office = await Office.of(school)
    await office.published(line(await school.journal(), 1, 1))
    office.stand_at(MONDAY)
    return office


async def next_lesson(office: Office) -> dict[str, Any]:
    [lesson] = await office.lessons(NEXT)
    return lesson


async def test_a_lesson_is_moved_with_its_reason_and_no_timetable_moves_it_back(office: Office) -> None:
    lesson = await next_lesson(office)
    slot = f"/lessons/{lesson['id']}/slot"
    moved = await office.call("PATCH", slot, 1, date="2026-09-16", number=3, reason="Экскурсия")
    assert moved.status_code == 200, moved.text
    assert (moved.json()["date"], moved.json()["number"], moved.json()["starts_at"]) == ("2026-09-16", 3, "10:10:00")
    assert (moved.json()["version"], moved.json()["note"]) == (2, "Урок перенесён")
    assert (await office.call("PATCH", slot, 1, number=4, reason="Снова")).status_code == 412
    await office.published(line(await office.school.journal(), 1, 1), since=MONDAY)
    assert [(one["id"], one["date"]) for one in await office.lessons(NEXT)] == [(lesson["id"], "2026-09-16")]
    [kept] = (await office.call("GET", f"/lessons/{lesson['id']}/planning")).json()["items"]
    assert (kept["action"], kept["reason"], kept["old"]["date"], kept["new"]["date"]) == (
        "changed", "Экскурсия", "2026-09-14", "2026-09-16"
    )  # fmt: skip


async def test_a_lesson_is_cancelled_and_restored_once_each(office: Office) -> None:
    lesson = await next_lesson(office)
    path = f"/lessons/{lesson['id']}"
    cancelled = await office.call("POST", f"{path}/cancellation", 1, reason="Мороз")
    assert (cancelled.json()["state"], cancelled.json()["note"]) == ("cancelled", "Урок отменён")
    again = await office.call("POST", f"{path}/cancellation", 2, reason="Мороз")
    assert (again.status_code, again.json()["code"]) == (409, "lesson.state")
    assert (await office.call("PATCH", f"{path}/slot", 2, number=2, reason="Так")).json()["code"] == "lesson.state"
    await office.published(line(await office.school.journal(), 1, 1), since=MONDAY)
    assert (await next_lesson(office))["state"] == "cancelled"
    restored = await office.call("POST", f"{path}/restoration", 2, reason="Потеплело")
    assert (restored.json()["state"], restored.json()["note"]) == ("planned", None)
    assert (await office.call("POST", f"{path}/restoration", 3, reason="Так")).json()["code"] == "lesson.state"
    kept = (await office.call("GET", f"{path}/planning")).json()["items"]
    assert [one["action"] for one in kept] == ["cancelled", "restored"]


async def test_a_lesson_is_added_beside_the_timetable(office: Office) -> None:
    journal = await office.school.journal()
    path = f"/organizations/{office.school.organization_id}/timetable/lessons"
    body: dict[str, Any] = {
        "journal_id": str(journal),
        "date": NEXT.isoformat(),
        "number": 2,
        "reason": "Дополнительный",
    }
    added = await office.call("POST", path, **body)
    assert added.status_code == 201, added.text
    assert (added.json()["starts_at"], added.json()["teacher_id"]) == ("09:20:00", str(office.school.teacher_id))
    taken = await office.call("POST", path, **body)
    assert (taken.status_code, taken.json()["code"]) == (409, "timetable.conflicts")
    await office.published(line(journal, 1, 1), since=MONDAY)
    assert [one["number"] for one in await office.lessons(NEXT)] == [1, 2]
    wrong: dict[str, dict[str, Any]] = {
        "lesson.journal-unknown": {"journal_id": str(new_id())},
        "lesson.in-past": {"date": "2026-09-04"},
        "lesson.room-unknown": {"room_id": str(new_id())},
    }
    for code, changed in wrong.items():
        answer = await office.call("POST", path, **{**body, "number": 3, **changed})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    sunday = await office.call("POST", path, **{**body, "date": "2026-09-13"})
    assert (sunday.status_code, sunday.json()["code"]) == (422, "lesson.no-such-hour")
    late = await office.call("POST", path, **{**body, "number": 9})
    assert late.json()["code"] == "lesson.no-such-hour"


async def test_a_busy_teacher_room_or_class_is_refused_with_both_sides_and_nothing_moves(office: Office) -> None:
    school = office.school
    room = await school.add_room()
    other = await school.teach("Музыка", learners_id=await office.another_class(), teacher_id=new_id())
    path = f"/organizations/{school.organization_id}/timetable/lessons"
    body: dict[str, Any] = {
        "journal_id": str(other),
        "date": NEXT.isoformat(),
        "number": 2,
        "room_id": str(room),
        "reason": "Замена",
    }
    assert (await office.call("POST", path, **body)).status_code == 201
    lesson = await next_lesson_of(office, 1)
    clash = await office.call("PATCH", f"/lessons/{lesson['id']}/slot", 1, number=2, room_id=str(room), reason="Так")
    assert (clash.status_code, clash.json()["code"]) == (409, "timetable.conflicts")
    [error] = clash.json()["errors"]
    assert error["code"] == "timetable.room-busy"
    assert "Музыка" in error["title"]
    assert "Окружающий мир" in error["title"]
    busy = await office.call(
        "POST", path, **{**body, "number": 1, "room_id": None, "teacher_id": str(school.teacher_id)}
    )
    assert [one["code"] for one in busy.json()["errors"]] == ["timetable.teacher-busy"]
    assert (await next_lesson_of(office, 1))["version"] == 1


async def next_lesson_of(office: Office, number: int) -> dict[str, Any]:
    [lesson] = [one for one in await office.lessons(NEXT) if one["number"] == number]
    return lesson


async def test_a_substitute_is_named_and_the_teacher_sees_the_lesson(office: Office) -> None:
    lesson = await next_lesson(office)
    substitute = await office.school.hire("Петрова")
    changed = await office.call(
        "PATCH", f"/lessons/{lesson['id']}/slot", 1, teacher_id=str(substitute), reason="Болезнь"
    )
    assert changed.json()["teacher_id"] == str(substitute)
    assert [one["id"] for one in await office.lessons(NEXT, teacher_id=substitute)] == [lesson["id"]]


async def test_what_took_place_is_not_planned_any_more(office: Office) -> None:
    [today] = await office.lessons(MONDAY)
    office.stand_at(MONDAY + timedelta(days=1))
    for act in ("cancellation", "restoration"):
        answer = await office.call("POST", f"/lessons/{today['id']}/{act}", 1, reason="Поздно")
        assert (answer.status_code, answer.json()["code"]) == (409, "lesson.took-place")
    moved = await office.call("PATCH", f"/lessons/{today['id']}/slot", 1, number=2, reason="Поздно")
    assert moved.json()["code"] == "lesson.took-place"
    lesson = await next_lesson(office)
    past = await office.call("PATCH", f"/lessons/{lesson['id']}/slot", 1, date="2026-09-07", reason="Назад")
    assert past.json()["errors"][0]["code"] == "lesson.in-past"


async def test_of_two_who_want_one_hour_at_once_one_gets_it(office: Office) -> None:
    school = office.school
    other = await school.teach("Музыка", learners_id=await office.another_class(), teacher_id=school.teacher_id)
    ours = await school.journal()
    path = f"/organizations/{school.organization_id}/timetable/lessons"
    asked = [
        office.call("POST", path, journal_id=str(journal), date=NEXT.isoformat(), number=4, reason="Вместе")
        for journal in (ours, other)
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len([one for one in await office.lessons(NEXT) if one["number"] == 4]) == 1


async def test_no_lesson_is_set_into_a_room_that_an_event_holds(office: Office) -> None:
    school = office.school
    room, other = str(await school.add_room()), str(await school.add_room("102"))
    guest = str(await school.hire("Гостева"))
    held = await office.call(
        "POST",
        f"/organizations/{school.organization_id}/class-events",
        kind="meeting",
        title="Собрание",
        learners_ids=[str(await office.another_class())],
        starts_on=NEXT.isoformat(),
        ends_on=NEXT.isoformat(),
        starts_at="09:00",
        ends_at="09:30",
        room_id=room,
        responsible_id=guest,
    )
    assert held.status_code == 201, held.text
    path = f"/organizations/{school.organization_id}/timetable/lessons"
    body: dict[str, Any] = {
        "journal_id": str(await school.journal()),
        "date": NEXT.isoformat(),
        "number": 2,
        "reason": "Так",
    }
    refused = await office.call("POST", path, **body, room_id=room)
    assert (refused.status_code, [one["code"] for one in refused.json()["errors"]]) == (
        409, ["timetable.room-at-event"]
    )  # fmt: skip
    slot = f"/lessons/{(await next_lesson(office))['id']}/slot"
    moved = await office.call("PATCH", slot, 1, room_id=room, reason="Так")
    assert [one["code"] for one in moved.json()["errors"]] == ["timetable.room-at-event"]
    assert (await office.call("PATCH", slot, 1, room_id=other, reason="Так")).status_code == 200
    assert (await office.call("POST", path, **body, room_id=other)).status_code == 201
    assert (await office.call("POST", f"/class-events/{held.json()['id']}/cancellation", 1, reason="Мороз")).is_success
    assert (await office.call("PATCH", slot, 2, room_id=room, reason="Так")).status_code == 200


async def test_a_timetable_is_told_of_rooms_that_events_hold_and_published_nevertheless(office: Office) -> None:
    school = office.school
    room = str(await school.add_room())
    held = await office.call(
        "POST",
        f"/organizations/{school.organization_id}/class-events",
        kind="meeting",
        title="Собрание",
        learners_ids=[str(await office.another_class())],
        starts_on=NEXT.isoformat(),
        ends_on=NEXT.isoformat(),
        room_id=room,
        responsible_id=str(await school.hire("Гостева")),
    )
    assert held.status_code == 201, held.text
    draft = await office.draft(line(await school.journal(), 1, 1, room_id=room), valid_from=MONDAY.isoformat())
    answer = await office.call("GET", f"/timetables/{draft['id']}/conflicts")
    [conflict] = answer.json()["items"]
    assert (conflict["code"], conflict["sides"][1]["kind"]) == ("timetable.room-at-event-on-days", "event")
    assert (await office.publish(draft, MONDAY))["status"] == "succeeded"
