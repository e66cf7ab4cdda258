"""Lessons are set in batches; a record is saved whole, once per version, with its history and its event."""

import asyncio
import json
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import MovementRecorded
from asu_contracts.journal import LessonRecorded
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_journal.lessons.service import recorded_lessons

from .factories import MONDAY, SEPTEMBER, School, group, hear, mark, movement, noted, placement


async def published(service: ServiceUnderTest) -> list[dict[str, Any]]:
    connection = await service.database.connect()
    rows = await connection.fetch("SELECT type, version, payload FROM outbox ORDER BY id")
    await connection.close()
    assert {row["type"] for row in rows} <= {LessonRecorded.type}
    return [{"version": row["version"], **json.loads(row["payload"])} for row in rows]


async def count(service: ServiceUnderTest, table: str) -> int:
    connection = await service.database.connect()
    found: int = await connection.fetchval(f"SELECT count(*) FROM {table}")
    await connection.close()
    return found


async def changes(school: School, lesson_id: str) -> list[dict[str, Any]]:
    answer = await school.service.client.get(f"/lessons/{lesson_id}/changes", headers=school.admin)
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_lessons_are_set_in_the_given_order(school: School) -> None:
    planned = [school.planned(number=number, topic=f"Тема {number}") for number in (3, 1, 2)]
    lessons = await school.set_lessons(*planned)
    assert [(lesson["number"], lesson["topic"], lesson["version"]) for lesson in lessons] == [
        (3, "Тема 3", 1), (1, "Тема 1", 1), (2, "Тема 2", 1),
    ]  # fmt: skip
    assert {lesson["academic_year"] for lesson in lessons} == {2026}
    assert await published(school.service) == []


async def test_one_bad_lesson_refuses_all(school: School) -> None:
    foreign = await School(school.service).open()
    answer = await school.service.client.post(
        f"/organizations/{school.organization_id}/lessons",
        json={
            "lessons": [
                school.planned(),
                school.planned(number=2, group_id=str(foreign.group_id)),
                school.planned(number=3, date="2026-08-31"),
                school.planned(number=4, date="2027-09-01"),
            ]
        },
        headers=school.admin,
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "lessons.invalid"
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/body/lessons/1/group_id", "lesson.group-unknown"),
        ("/body/lessons/2/date", "lesson.outside-year"),
        ("/body/lessons/3/date", "lesson.outside-year"),
    ]
    assert await count(school.service, "lesson") == 0


async def test_an_hour_is_taken_once_and_a_repeated_batch_sets_nothing(school: School) -> None:
    await school.set_lessons(school.planned())
    for planned in ([school.planned(number=2), school.planned()], [school.planned(number=5), school.planned(number=5)]):
        answer = await school.service.client.post(
            f"/organizations/{school.organization_id}/lessons", json={"lessons": planned}, headers=school.admin
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "lessons.slot-taken")
    assert await count(school.service, "lesson") == 1
    await school.set_lessons(school.planned(teacher_id=str(new_id())))  # the other subgroup


async def test_a_batch_sent_again_under_its_key_answers_the_same_lessons(school: School) -> None:
    path, headers = f"/organizations/{school.organization_id}/lessons", school.admin | {"Idempotency-Key": "monday-1"}
    planned = {"lessons": [school.planned()]}
    first, again = [await school.service.client.post(path, json=planned, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = await school.service.client.post(path, json={"lessons": [school.planned(number=2)]}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert await count(school.service, "lesson") == 1


async def test_bad_lessons_are_refused_by_field_without_repeating_them(school: School) -> None:
    bad = {"number": 0, "date": "2026-02-30", "subject": " ", "teacher_id": "x", "room": "секрет"}
    answer = await school.service.client.post(
        f"/organizations/{school.organization_id}/lessons",
        json={"lessons": [school.planned() | bad]},
        headers=school.admin,
    )
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/body/lessons/0", *(f"/body/lessons/0/{name}" for name in ("number", "date", "subject", "teacher_id")),
    }  # fmt: skip
    assert "секрет" not in answer.text
    empty = await school.service.client.post(
        f"/organizations/{school.organization_id}/lessons", json={"lessons": []}, headers=school.admin
    )
    assert empty.status_code == 422


async def test_a_record_is_saved_whole_and_published_as_counts(school: School) -> None:
    first, second, third = await school.enrol("Первая", "Вторая", "Третья")
    lesson_id = await school.lesson(topic="По плану")
    answer = await school.record(
        lesson_id,
        marks=[mark(first, "5", "За доклад"), mark(second, "not_attested")],
        attendance=[noted(second, "late"), noted(third, "sick")],
        homework="§ 3",
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == '"2"'
    lesson = answer.json()
    assert lesson["topic"] == "По плану"
    assert lesson["homework"] == "§ 3"
    assert (lesson["learners"], lesson["absent"], lesson["marked"], lesson["version"]) == (3, 1, 2, 2)
    read = await school.service.client.get(f"/lessons/{lesson_id}", headers=school.teacher)
    assert read.headers["ETag"] == '"2"'
    assert {item["student_id"]: (item["value"], item["comment"]) for item in read.json()["marks"]} == {
        str(first): ("5", "За доклад"), str(second): ("not_attested", None),
    }  # fmt: skip
    assert {item["student_id"]: item["code"] for item in read.json()["attendance"]} == {
        str(second): "late", str(third): "sick",
    }  # fmt: skip
    assert await published(school.service) == [
        {
            "version": 2, "lesson_id": lesson_id, "organization_id": str(school.organization_id),
            "group_id": str(school.group_id), "academic_year": 2026, "date": "2026-09-07", "subject_name": "Окружающий мир",
            "learners": 3, "absent": 1, "marks": 2,
        }
    ]  # fmt: skip


async def test_every_change_of_a_mark_or_attendance_is_kept(school: School) -> None:
    first, second = await school.enrol("Первая", "Вторая")
    lesson_id = await school.lesson()
    await school.record(lesson_id, marks=[mark(first, "4"), mark(second, "3")], attendance=[noted(first, "late")])
    await school.record(lesson_id, 2, marks=[mark(first, "5", "Исправлено"), mark(second, "3")], headers=school.admin)
    await school.record(lesson_id, 3, marks=[mark(second, "3")])
    history = await changes(school, lesson_id)
    assert [
        (
            change["lesson_version"], change["kind"], UUID(change["student_id"]),
            (change["old_value"], change["old_comment"]), (change["new_value"], change["new_comment"]),
        )
        for change in history
    ] == [
        (2, "mark", first, (None, None), ("4", None)),
        (2, "mark", second, (None, None), ("3", None)),
        (2, "attendance", first, (None, None), ("late", None)),
        (3, "mark", first, ("4", None), ("5", "Исправлено")),
        (3, "attendance", first, ("late", None), (None, None)),
        (4, "mark", first, ("5", "Исправлено"), (None, None)),
    ]  # fmt: skip
    assert [change["changed_by"] == str(school.teacher_id) for change in history] == [True] * 3 + [False] * 2 + [True]
    assert await count(school.service, "mark") == 1
    assert await count(school.service, "attendance") == 0


async def test_topic_and_homework_left_out_stay_and_null_empties_them(school: School) -> None:
    lesson_id = await school.lesson(topic="Тема")
    await school.record(lesson_id, homework="§ 1")
    kept = (await school.record(lesson_id, 2)).json()
    assert (kept["topic"], kept["homework"]) == ("Тема", "§ 1")
    emptied = (await school.record(lesson_id, 3, topic=None, homework=None)).json()
    assert (emptied["topic"], emptied["homework"]) == (None, None)


async def test_students_not_on_the_roster_that_day_and_unknown_codes_refuse_the_whole_record(school: School) -> None:
    here, late, gone = await school.enrol("Здесь", "Позже", "Ушла")
    later = await School(school.service).open()
    [stranger] = await later.enrol("Чужая")
    tardy = new_id()
    await hear(
        school.service,
        movement(tardy, MONDAY.replace(day=8), opened=placement(school.organization_id, school.group_id)),
    )
    await school.depart(gone, MONDAY)
    lesson_id = await school.lesson()
    answer = await school.record(
        lesson_id,
        marks=[
            mark(here, "5"),
            mark(here, "4"),
            mark(stranger, "5"),
            mark(gone, "3"),
            mark(tardy, "2"),
            mark(late, "6"),
        ],
        attendance=[noted(here, "absent"), noted(stranger, "absent"), noted(late, "nowhere")],
        homework="§ 1",
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "lesson-record.invalid")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/body/marks/1/student_id", "lesson-record.student-twice"),
        ("/body/marks/2/student_id", "lesson-record.not-on-roster"),
        ("/body/marks/3/student_id", "lesson-record.not-on-roster"),
        ("/body/marks/4/student_id", "lesson-record.not-on-roster"),
        ("/body/attendance/1/student_id", "lesson-record.not-on-roster"),
        ("/body/marks/5/value", "lesson-record.unknown-code"),
        ("/body/attendance/2/code", "lesson-record.unknown-code"),
    ]
    lesson = (await school.service.client.get(f"/lessons/{lesson_id}", headers=school.teacher)).json()
    assert (lesson["version"], lesson["homework"], lesson["marks"]) == (1, None, [])
    assert await published(school.service) == []


async def test_what_was_noted_before_a_backdated_departure_may_stand_but_not_change(school: School) -> None:
    here, gone = await school.enrol("Здесь", "Ушла")
    lesson_id = await school.lesson()
    marks, attendance = [mark(here, "5"), mark(gone, "4", "За доклад")], [noted(gone, "sick")]
    assert (await school.record(lesson_id, marks=marks, attendance=attendance)).status_code == 200
    await school.depart(gone, SEPTEMBER.replace(day=2))
    saved = await school.record(lesson_id, 2, marks=marks, attendance=attendance, homework="§ 1")
    assert saved.status_code == 200, saved.text
    lesson = saved.json()
    assert (lesson["homework"], len(lesson["marks"]), lesson["learners"], lesson["absent"]) == ("§ 1", 2, 1, 0)
    assert [change["lesson_version"] for change in await changes(school, lesson_id)] == [2, 2, 2]
    refused = await school.record(lesson_id, 3, marks=[mark(here, "5"), mark(gone, "2")], attendance=attendance * 2)
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("/body/marks/1/student_id", "lesson-record.not-on-roster"),
        ("/body/attendance/1/student_id", "lesson-record.student-twice"),
    ]
    assert (await school.record(lesson_id, 3, marks=[mark(here, "5")])).status_code == 200


async def test_a_stale_version_changes_nothing(school: School) -> None:
    [student] = await school.enrol("Первая")
    lesson_id = await school.lesson()
    assert (await school.record(lesson_id, marks=[mark(student, "5")])).status_code == 200
    stale = await school.record(lesson_id, marks=[mark(student, "2")], headers=school.admin)
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")
    without = await school.service.client.put(
        f"/lessons/{lesson_id}/record", json={"marks": [], "attendance": []}, headers=school.teacher
    )
    assert (without.status_code, without.json()["code"]) == (428, "if-match-required")
    lesson = (await school.service.client.get(f"/lessons/{lesson_id}", headers=school.teacher)).json()
    assert [item["value"] for item in lesson["marks"]] == ["5"]
    assert [event["version"] for event in await published(school.service)] == [2]


async def test_of_many_writers_of_one_version_one_wins(school: School) -> None:
    students = await school.enrol("Первая", "Вторая", "Третья")
    lesson_id = await school.lesson()
    writers = [
        (school.teacher if number % 2 else school.admin, [mark(student, str(number % 5 + 1)) for student in students])
        for number in range(8)
    ]
    answers = await asyncio.gather(
        *(school.record(lesson_id, marks=marks, headers=headers) for headers, marks in writers)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    [won] = [number for number, answer in enumerate(answers) if answer.status_code == 200]
    lesson = (await school.service.client.get(f"/lessons/{lesson_id}", headers=school.teacher)).json()
    assert {item["value"] for item in lesson["marks"]} == {str(won % 5 + 1)}
    assert len(await changes(school, lesson_id)) == len(students)
    assert [event["version"] for event in await published(school.service)] == [2]


async def test_a_teacher_reaches_own_lessons_only(school: School) -> None:
    [student] = await school.enrol("Первая")
    own, other = await school.lesson(), await school.lesson(number=2, teacher_id=str(new_id()))
    listed = await school.service.client.get(
        "/lessons",
        params={"group_id": str(school.group_id), "from": "2026-09-01", "to": "2026-09-30"},
        headers=school.teacher,
    )
    assert [item["id"] for item in listed.json()["items"]] == [own]
    for path in (f"/lessons/{other}", f"/lessons/{other}/changes"):
        assert (await school.service.client.get(path, headers=school.teacher)).status_code == 404
    assert (await school.record(other, marks=[mark(student, "5")])).status_code == 404
    moved = School(school.service, teacher_id=school.teacher_id)
    assert (await moved.record(own, headers=moved.headers(Role.TEACHER, school.teacher_id))).status_code == 404
    assert (await school.record(other, marks=[mark(student, "5")], headers=school.admin)).status_code == 200


async def test_lessons_page_in_order_of_date_and_hour(school: School) -> None:
    days = [MONDAY, MONDAY.replace(day=8), MONDAY.replace(day=9)]
    await school.set_lessons(*(school.planned(day, number) for number in (3, 1, 2) for day in reversed(days)))
    params = {"group_id": str(school.group_id), "from": "2026-09-07", "to": "2026-09-08", "limit": "4"}
    first = (await school.service.client.get("/lessons", params=params, headers=school.admin)).json()
    second = (
        await school.service.client.get("/lessons", params={**params, "after": first["next"]}, headers=school.admin)
    ).json()
    assert second["next"] is None
    assert [(item["date"], item["number"]) for item in first["items"] + second["items"]] == [
        (day, number) for day in ("2026-09-07", "2026-09-08") for number in (1, 2, 3)
    ]


async def test_history_pages_by_key(school: School) -> None:
    students = await school.enrol(*(f"Ученик{place}" for place in range(5)))
    lesson_id = await school.lesson()
    await school.record(lesson_id, marks=[mark(student, "4") for student in students])
    path = f"/lessons/{lesson_id}/changes"
    first = (await school.service.client.get(path, params={"limit": 3}, headers=school.admin)).json()
    rest = (
        await school.service.client.get(path, params={"limit": 3, "after": first["next"]}, headers=school.admin)
    ).json()
    assert [UUID(item["student_id"]) for item in first["items"] + rest["items"]] == sorted(students)
    assert rest["next"] is None


async def test_republish_sends_every_recorded_lesson_at_its_version(school: School) -> None:
    lessons = await school.set_lessons(*(school.planned(number=number) for number in range(1, 4)))
    for lesson in lessons[:2]:
        await school.record(lesson["id"])
    await school.record(lessons[0]["id"], 2)
    async with school.service.runtime.sessions() as session:
        sent = [item async for chunk in recorded_lessons(session) for item in chunk]
    assert [(item.event.subject, item.version) for item in sent] == [(lessons[0]["id"], 3), (lessons[1]["id"], 2)]
    assert json.loads(sent[0].event.model_dump_json()) == {
        key: value for key, value in (await published(school.service))[-1].items() if key != "version"
    }


async def test_dictionaries_name_what_codes_mean(school: School) -> None:
    answer = (await school.service.client.get("/dictionaries", headers=school.teacher)).json()
    assert [item["sign"] for item in answer["marks"]] == ["5", "4", "3", "2", "1", "зч", "нз", "осв", "н/а"]
    assert {item["sign"]: item["absent"] for item in answer["attendance"]} == {
        "ОТ": True, "УП": True, "Б": True, "НП": True, "ОП": False, "ОСВ": False,
    }  # fmt: skip


async def test_a_year_nobody_foresaw_gets_its_partitions_with_the_first_event(school: School) -> None:
    older = School(school.service, school.organization_id, teacher_id=school.teacher_id)
    first_of_september = SEPTEMBER.replace(year=2019)
    student, part = new_id(), placement(older.organization_id, older.group_id, year=2019)
    await hear(school.service, movement(student, first_of_september, opened=part))
    await hear(school.service, group(older.group_id, older.organization_id, "1 «А»", 2019))
    lesson_id = await older.lesson(first_of_september)
    assert (await older.record(lesson_id, marks=[mark(student, "5")])).status_code == 200
    assert await count(school.service, "mark_p_2019") == 1


async def test_journal_of_two_years_stays_apart(school: School) -> None:
    older = School(school.service, school.organization_id, teacher_id=school.teacher_id)
    await hear(school.service, group(older.group_id, older.organization_id, "4 «Г»", 2025))
    student = new_id()
    part = placement(older.organization_id, older.group_id, year=2025)
    event: MovementRecorded = movement(student, SEPTEMBER.replace(year=2025), opened=part)
    await hear(school.service, event)
    lesson_id = await older.lesson(SEPTEMBER.replace(year=2025))
    assert (await older.record(lesson_id, marks=[mark(student, "5")])).status_code == 200
    assert await count(school.service, "mark_p_2025") == 1
    assert await count(school.service, "record_change_p_2025") == 1
    assert await count(school.service, "mark_p_2026") == 0
