"""Lessons are set in batches; what was taught is written at the version that was seen, and told as counts."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy import delete

from asu_contracts.access import Role
from asu_contracts.journal import LessonRecorded
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest, received
from sgo_journal.lessons.service import Lesson, recorded_lessons

from .closings.samples import WEEK, closed
from .factories import MONDAY, SEPTEMBER, School, calendar, group, group_teacher, hear, load, mark, movement, placement


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


async def patch(
    school: School, lesson_id: str, version: int, headers: dict[str, str] | None = None, **body: Any
) -> Any:
    return await school.service.client.patch(
        f"/lessons/{lesson_id}", json=body, headers={**(headers or school.teacher), "If-Match": f'"{version}"'}
    )


async def test_lessons_are_set_in_the_given_order(school: School) -> None:
    lessons = await school.set_lessons(*[await school.planned(number=number) for number in (3, 1, 2)])
    assert [(lesson["number"], lesson["version"]) for lesson in lessons] == [(3, 1), (1, 1), (2, 1)]
    assert {lesson["academic_year"] for lesson in lessons} == {2026}
    assert {lesson["learners_id"] for lesson in lessons} == {str(school.group_id)}
    assert await published(school.service) == []


async def test_one_bad_lesson_refuses_all(school: School) -> None:
    foreign = await School(school.service).open()
    planned = [
        await school.planned(),
        await school.planned(number=2, journal_id=await foreign.journal()),
        await school.planned(number=3, date="2026-08-31"),
        await school.planned(number=4, date="2027-09-01"),
    ]
    path = f"/organizations/{school.organization_id}/lessons"
    answer = await school.service.client.post(path, json={"lessons": planned}, headers=school.admin)
    assert answer.status_code == 422
    assert answer.json()["code"] == "lessons.invalid"
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/body/lessons/1/journal_id", "lesson.journal-unknown"),
        ("/body/lessons/2/date", "lesson.outside-year"),
        ("/body/lessons/3/date", "lesson.outside-year"),
    ]
    assert await count(school.service, "lesson") == 0


async def test_a_lesson_is_of_the_learners_of_its_journal(school: School) -> None:
    await school.lesson()
    connection = await school.service.database.connect()
    for table in ("lesson", "journal"):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute(f"UPDATE {table} SET learners_id = $1", new_id())
    await connection.close()


async def test_an_hour_of_a_journal_is_taken_once(school: School) -> None:
    await school.lesson()
    planned = [await school.planned(number=2), await school.planned(number=1)]
    path = f"/organizations/{school.organization_id}/lessons"
    answer = await school.service.client.post(path, json={"lessons": planned}, headers=school.admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "lessons.slot-taken")
    assert await count(school.service, "lesson") == 1


async def test_a_batch_sent_again_under_its_key_answers_the_same_lessons(school: School) -> None:
    path, body = f"/organizations/{school.organization_id}/lessons", {"lessons": [await school.planned()]}
    headers = {**school.admin, "Idempotency-Key": "lessons-of-monday"}
    first = await school.service.client.post(path, json=body, headers=headers)
    second = await school.service.client.post(path, json=body, headers=headers)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert await count(school.service, "lesson") == 1


async def test_what_was_taught_is_written_and_told(school: School) -> None:
    lesson_id = await school.lesson()
    answer = await patch(school, lesson_id, 1, topic="Времена года", attendance_checked=True)
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == '"2"'
    lesson = answer.json()
    assert (lesson["topic"], lesson["homework"], lesson["attendance_checked"]) == ("Времена года", None, True)
    [told] = await published(school.service)
    assert (told["version"], told["subject_name"], told["group_id"]) == (1, "Окружающий мир", str(school.group_id))
    kept = await patch(school, lesson_id, 2, topic_id=None)
    assert kept.json()["topic"] == "Времена года"


async def test_a_stale_version_changes_nothing(school: School) -> None:
    lesson_id = await school.lesson()
    assert (await patch(school, lesson_id, 1, topic="Первая")).status_code == 200
    stale = await patch(school, lesson_id, 1, topic="Вторая")
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")
    lesson = (await school.service.client.get(f"/lessons/{lesson_id}", headers=school.teacher)).json()
    assert lesson["topic"] == "Первая"


async def test_a_teacher_has_a_week_and_the_office_has_longer(school: School) -> None:
    on_time, late = await school.lesson(SEPTEMBER), await school.lesson(SEPTEMBER.replace(day=2), 2)
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 8, 22, 30, tzinfo=UTC))  # the 9th
    refused = await patch(school, on_time, 1, topic="Поздно")
    assert (refused.status_code, refused.json()["code"]) == (409, "lesson.closed")
    assert (await patch(school, late, 1, topic="В последний день")).status_code == 200
    assert (await patch(school, on_time, 1, school.admin, topic="Завуч дописал")).status_code == 200


async def test_works_are_set_and_one_with_marks_stays(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    works = [{"number": 1, "kind": "answer"}, {"number": 2, "kind": "test", "title": "Диктант", "weight": "2.5"}]
    path, headers = f"/lessons/{lesson_id}/works", {**school.teacher, "If-Match": '"1"'}
    set_ = await school.service.client.put(path, json={"works": works}, headers=headers)
    assert set_.status_code == 200, set_.text
    assert [(work["number"], work["kind"], work["weight"]) for work in set_.json()["works"]] == [
        (1, "answer", "1.00"),
        (2, "test", "2.50"),
    ]
    assert (await school.save(mark(lesson_id, student, "5", work=2))).status_code == 200
    unknown = await school.save(mark(lesson_id, student, "5", work=3))
    assert [error["code"] for error in unknown.json()["errors"]] == ["cells.work-unknown"]
    headers["If-Match"] = '"2"'
    marked = await school.service.client.put(path, json={"works": works[:1]}, headers=headers)
    assert (marked.status_code, marked.json()["code"]) == (409, "lesson-works.marked")
    twice = await school.service.client.put(path, json={"works": [works[0], works[0]]}, headers=headers)
    assert (twice.status_code, twice.json()["code"]) == (422, "lesson-works.invalid")
    unknown_kind = await school.service.client.put(path, json={"works": [{"number": 1, "kind": "x"}]}, headers=headers)
    assert [one["code"] for one in unknown_kind.json()["errors"]] == ["lesson-works.kind-unknown"]
    await school.save(mark(lesson_id, student, None, 1, work=2))
    assert (await school.service.client.put(path, json={"works": []}, headers=headers)).json()["works"] == []
    connection = await school.service.database.connect()
    kept = await connection.fetch("SELECT old, new FROM lesson_change WHERE action = 'works' ORDER BY id")
    await connection.close()
    assert [(len(json.loads(row["old"])["works"]), len(json.loads(row["new"])["works"])) for row in kept] == [
        (0, 2),
        (2, 0),
    ]


async def test_a_teacher_reaches_own_lessons_and_those_of_the_own_class(school: School) -> None:
    lesson_id = await school.lesson()
    stranger, class_teacher = new_id(), new_id()
    await hear(school.service, group_teacher(school.group_id, class_teacher, school.organization_id))
    of_stranger, of_class_teacher = (school.headers(Role.TEACHER, one) for one in (stranger, class_teacher))
    for headers, status in ((school.teacher, 200), (of_stranger, 404), (of_class_teacher, 200)):
        assert (await school.service.client.get(f"/lessons/{lesson_id}", headers=headers)).status_code == status
    await school.hire("Замещающая", stranger)
    substitute = await school.lesson(number=2, teacher_id=str(stranger))
    assert (await school.service.client.get(f"/lessons/{substitute}", headers=of_stranger)).status_code == 200
    assert (await school.service.client.get(f"/lessons/{lesson_id}", headers=of_stranger)).status_code == 404


async def test_lessons_page_in_order_of_date_and_hour(school: School) -> None:
    tuesday = MONDAY.replace(day=8)
    for on, number in ((tuesday, 1), (MONDAY, 2), (MONDAY, 1)):
        await school.lesson(on, number)
    period: dict[str, str | int] = {
        "learners_id": str(school.group_id),
        "from": MONDAY.isoformat(),
        "to": tuesday.isoformat(),
        "limit": 2,
    }
    first = (await school.service.client.get("/lessons", params=period, headers=school.admin)).json()
    # A timetable published meanwhile takes the last of the page away.
    async with school.service.runtime.uow() as uow:
        await uow.session.execute(delete(Lesson).where(Lesson.id == first["items"][-1]["id"]))
    period["after"] = first["next"]
    rest = (await school.service.client.get("/lessons", params=period, headers=school.admin)).json()
    assert [(one["date"], one["number"]) for one in first["items"] + rest["items"]] == [
        ("2026-09-07", 1), ("2026-09-07", 2), ("2026-09-08", 1),
    ]  # fmt: skip
    assert rest["next"] is None
    wrong = await school.service.client.get("/lessons", params={**period, "after": str(new_id())}, headers=school.admin)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid-value")


async def test_republish_sends_every_recorded_lesson_at_its_version(school: School) -> None:
    lessons = await school.set_lessons(*[await school.planned(number=number) for number in range(1, 4)])
    for lesson in lessons[:2]:
        await patch(school, lesson["id"], 1, topic="Тема")
    await patch(school, lessons[0]["id"], 2, topic="Другая тема")
    async with school.service.runtime.sessions() as session:
        sent = [item async for chunk in recorded_lessons(session) for item in chunk]
    assert [(item.event.subject, item.version) for item in sent] == [(lessons[0]["id"], 2), (lessons[1]["id"], 1)]
    assert json.loads(sent[0].event.model_dump_json()) == {
        key: value for key, value in (await published(school.service))[-1].items() if key != "version"
    }


async def test_dictionaries_name_what_codes_mean(school: School) -> None:
    answer = (await school.service.client.get("/dictionaries", headers=school.teacher)).json()
    assert {item["sign"]: item["absent"] for item in answer["attendance"]} == {
        "ОТ": True, "УП": True, "Б": True, "НП": True, "ОП": False, "ОСВ": False,
    }  # fmt: skip


async def test_a_year_nobody_foresaw_gets_its_partitions_with_the_first_event(school: School) -> None:
    older = School(school.service, school.organization_id, teacher_id=school.teacher_id)
    student, part = new_id(), placement(older.organization_id, older.group_id, year=2019)
    await hear(school.service, movement(student, SEPTEMBER.replace(year=2019), opened=part))
    await hear(school.service, group(older.group_id, older.organization_id, "1 «А»", 2019))
    assert await count(school.service, "placement_p_2019") == 1
    connection = await school.service.database.connect()
    assert await connection.fetchval("SELECT to_regclass('mark_p_2019') IS NOT NULL")
    triggers = await connection.fetch(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'mark_p_2019'::regclass AND tgparentid <> 0"
    )
    await connection.close()
    assert {"keep_mark", "keep_new_mark", "guard_mark", "guard_new_mark", "guard_emptied_mark"} <= {
        row["tgname"] for row in triggers
    }


async def test_topic_and_cells_written_at_once_are_told_one_after_the_other(school: School) -> None:
    students = await school.enrol(*(f"Ученик{place}" for place in range(6)))
    lesson_id = await school.lesson()
    answers = await asyncio.gather(
        *(school.save(mark(lesson_id, student, "5")) for student in students),
        patch(school, lesson_id, 1, topic="Тема", attendance_checked=True),
    )
    assert [answer.status_code for answer in answers] == [200] * 7
    told = await published(school.service)
    assert [one["version"] for one in told] == list(range(1, 8))
    assert (told[-1]["marks"], told[-1]["learners"], told[-1]["attendance_checked"]) == (6, 6, True)


async def test_homework_set_ahead_is_not_told_and_leaves_the_lesson_free(school: School) -> None:
    lesson_id = await school.lesson(MONDAY.replace(day=14))
    await school.give(lesson_id, "§ 5")
    assert await published(school.service) == []
    lesson = (await school.service.client.get(f"/lessons/{lesson_id}", headers=school.teacher)).json()
    assert lesson["recorded_at"] is None


async def test_who_only_sees_a_lesson_writes_nothing_there(school: School) -> None:
    lesson_id = await school.lesson()
    leader, former = new_id(), new_id()
    await school.appoint(leader)
    subject = await school.add_subject("Музыка")
    journal = await school.teach(subject_id=subject)
    await hear(
        school.service, load(school.organization_id, school.group_id, subject, former, until=SEPTEMBER.replace(day=3))
    )
    music = await school.lesson(number=3, journal_id=journal)
    for person, seen in ((leader, lesson_id), (former, music)):
        headers = school.headers(Role.TEACHER, person)
        assert (await school.service.client.get(f"/lessons/{seen}", headers=headers)).status_code == 200
        refused = await patch(school, seen, 1, headers, topic="Чужая тема")
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        works = await school.service.client.put(
            f"/lessons/{seen}/works", json={"works": []}, headers={**headers, "If-Match": '"1"'}
        )
        assert works.status_code == 403


async def test_a_teacher_without_a_card_sees_no_lesson_that_nobody_gives(school: School) -> None:
    lesson_id = await school.lesson(teacher_id=None)
    unit = {"municipality": school.municipality, "organization_id": school.organization_id}
    headers = school.service.tokens.headers(Role.TEACHER, **unit, account_id=new_id(), person_id=None)
    answer = await school.service.client.get(f"/lessons/{lesson_id}", headers=headers)
    assert answer.status_code == 404


async def test_attendance_is_checked_when_the_day_has_come_and_nothing_is_written_of_a_cancelled_lesson(
    school: School,
) -> None:
    ahead = await school.lesson(date="2026-10-05")
    early = await patch(school, ahead, 1, attendance_checked=True)
    assert (early.status_code, early.json()["code"]) == (409, "lesson.not-yet")
    assert (await patch(school, ahead, 1, topic="Осень")).status_code == 200
    lesson_id = await school.lesson()
    path = f"/lessons/{lesson_id}"
    cancelled = await school.service.client.post(
        f"{path}/cancellation", json={"reason": "Карантин"}, headers={**school.admin, "If-Match": '"1"'}
    )
    assert cancelled.status_code == 200, cancelled.text
    topic = await patch(school, lesson_id, 2, topic="Осень")
    assert (topic.status_code, topic.json()["code"]) == (409, "lesson.cancelled")
    works = {"works": [{"number": 2, "kind": "control", "title": None, "weight": "1"}]}
    put = await school.service.client.put(f"{path}/works", json=works, headers={**school.teacher, "If-Match": '"2"'})
    assert (put.status_code, put.json()["code"]) == (409, "lesson.cancelled")
    assert await published(school.service) == []


async def test_no_lesson_is_set_in_a_closed_period(school: School) -> None:
    await hear(school.service, received(calendar(school.organization_id, WEEK), version=9))
    await closed(school)
    planned = [await school.planned(number=2), await school.planned(number=3, date="2026-09-04")]
    path = f"/organizations/{school.organization_id}/lessons"
    refused = await school.service.client.post(path, json={"lessons": planned}, headers=school.admin)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/body/lessons/1/date", "lesson.period-closed")
    ]
    assert await count(school.service, "lesson") == 0
    taken = await school.service.client.post(path, json={"lessons": planned[:1]}, headers=school.admin)
    assert taken.status_code == 201, taken.text
