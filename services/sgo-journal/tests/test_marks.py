"""Cells are saved many at once, all or none; nobody's mark is lost silently, and every change is kept."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id

from .factories import MONDAY, School, hear, load, mark, member, noted, teaching_group
from .test_lessons import count, published


async def changes(school: School, lesson_id: str) -> list[dict[str, Any]]:
    answer = await school.service.client.get(f"/lessons/{lesson_id}/changes", headers=school.admin)
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def errors(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "cells.invalid"), answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_many_cells_are_saved_at_once_and_told_as_counts(school: School) -> None:
    students = await school.enrol(*(f"Ученик{place:02}" for place in range(30)))
    lesson_id = await school.lesson()
    marks = [mark(lesson_id, student, "5") for student in students[:28]]
    answer = await school.save(*marks, attendance=[noted(lesson_id, students[29], "sick")])
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"marks": [1] * 28, "attendance": [1]}
    [told] = await published(school.service)
    assert (told["learners"], told["absent"], told["marks"], told["version"]) == (30, 1, 28, 1)
    assert set((await school.marks()).values()) == {("5", 1)}
    assert await count(school.service, "record_change") == 29


async def test_every_change_of_a_cell_is_kept(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    await school.save(mark(lesson_id, student, "4", comment="У доски"), attendance=[noted(lesson_id, student, "late")])
    await school.save(mark(lesson_id, student, "5", 1), reason="Пересмотрено", headers=school.admin)
    await school.save(mark(lesson_id, student, None, 2), attendance=[noted(lesson_id, student, None, 1)])
    kept = await changes(school, lesson_id)
    assert [(one["kind"], one["version"], one["old_value"], one["new_value"]) for one in kept if one["kind"] == "mark"] == [
        ("mark", 1, None, "4"), ("mark", 2, "4", "5"), ("mark", 3, "5", None),
    ]  # fmt: skip
    assert [(one["old_value"], one["new_value"]) for one in kept if one["kind"] == "attendance"] == [
        (None, "late"), ("late", None),
    ]  # fmt: skip
    assert [one["old_comment"] for one in kept if one["version"] == 2 and one["kind"] == "mark"] == ["У доски"]
    assert [one["reason"] for one in kept if one["version"] == 2 and one["kind"] == "mark"] == ["Пересмотрено"]
    assert {one["changed_by"] for one in kept if one["version"] == 1} == {str(school.teacher_id)}


async def test_a_cell_changed_by_another_teacher_is_told_with_its_value(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    lesson_id = await school.lesson()
    colleague = new_id()
    subject = await school.add_subject("Музыка")
    shared = await school.teach(subject_id=subject)
    await hear(school.service, load(school.organization_id, school.group_id, subject, colleague))
    lesson_id = await school.lesson(journal_id=shared)
    theirs = school.headers(Role.TEACHER, colleague)
    assert (await school.save(mark(lesson_id, first, "3"), journal_id=shared, headers=theirs)).status_code == 200
    mine = await school.save(mark(lesson_id, second, "5"), mark(lesson_id, first, "4"), journal_id=shared)
    assert (mine.status_code, mine.json()["code"]) == (409, "cells.changed")
    [conflict] = mine.json()["conflicts"]
    assert (conflict["pointer"], conflict["value"], conflict["version"]) == ("/body/marks/1", "3", 1)
    assert conflict["changed_by"] == str(colleague)
    assert await school.marks(journal_id=shared) == {(lesson_id, str(first)): ("3", 1)}
    again = await school.save(mark(lesson_id, second, "5"), mark(lesson_id, first, "4", 1), journal_id=shared)
    assert again.json() == {"marks": [1, 2], "attendance": []}


async def test_of_two_at_once_one_is_told(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    answers = await asyncio.gather(*(school.save(mark(lesson_id, student, value)) for value in "54325432"))
    by_status = sorted(answer.status_code for answer in answers)
    [(value, version)] = (await school.marks()).values()
    same = sum(sent == value for sent in "54325432")
    assert version == 1
    assert by_status == [200] * same + [409] * (8 - same)
    assert all(answer.json()["conflicts"][0]["value"] == value for answer in answers if answer.status_code == 409)
    assert await count(school.service, "record_change") == 1


async def test_what_stands_already_is_no_conflict_and_no_change(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    for version in (0, 0, 1, 7):
        answer = await school.save(mark(lesson_id, student, "5", version))
        assert answer.json() == {"marks": [1], "attendance": []}
    emptied = await school.save(attendance=[noted(lesson_id, student, None)])
    assert emptied.json() == {"marks": [], "attendance": [0]}
    assert len(await changes(school, lesson_id)) == 1


async def test_a_version_of_the_future_is_a_conflict(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    lesson_id = await school.lesson()
    await school.save(mark(lesson_id, first, "5"))
    answer = await school.save(mark(lesson_id, first, "4", 2), mark(lesson_id, second, "4", 3))
    assert (answer.status_code, answer.json()["code"]) == (409, "cells.changed")
    assert [(one["value"], one["version"]) for one in answer.json()["conflicts"]] == [("5", 1), (None, 0)]


async def test_a_request_sent_again_under_its_key_changes_nothing(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    headers = {**school.teacher, "Idempotency-Key": "cells-of-monday"}
    first = await school.save(mark(lesson_id, student, "5"), headers=headers)
    await school.save(mark(lesson_id, student, "4", 1))
    second = await school.save(mark(lesson_id, student, "5"), headers=headers)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert set((await school.marks()).values()) == {("4", 2)}


async def test_one_foreign_student_among_thirty_refuses_the_whole_and_is_named(school: School) -> None:
    students = await school.enrol(*(f"Ученик{place:02}" for place in range(29)))
    foreign = await School(school.service).open()
    [stranger] = await foreign.enrol("Чужой")
    lesson_id = await school.lesson()
    cells = [mark(lesson_id, student, "5") for student in [*students[:17], stranger, *students[17:]]]
    assert errors(await school.save(*cells)) == [("/body/marks/17/student_id", "cells.not-on-roster")]
    assert await count(school.service, "mark") == await count(school.service, "record_change") == 0
    assert await published(school.service) == []


async def test_every_id_of_a_request_is_looked_at(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    foreign = await School(school.service).open()
    theirs = await foreign.lesson()
    other_journal = await school.lesson(number=2, journal_id=await school.teach("Музыка"))
    cells = [
        mark(lesson_id, student, "5"),
        mark(theirs, student, "5"),
        mark(other_journal, student, "5"),
        mark(str(new_id()), student, "5"),
        mark(lesson_id, new_id(), "5"),
        mark(lesson_id, student, "6", work=1),
        mark(lesson_id, student, "5", work=2),
    ]
    assert errors(await school.save(*cells, attendance=[noted(lesson_id, student, "5")])) == [
        ("/body/marks/5", "cells.twice"),
        ("/body/marks/1/lesson_id", "cells.lesson-unknown"),
        ("/body/marks/2/lesson_id", "cells.lesson-unknown"),
        ("/body/marks/3/lesson_id", "cells.lesson-unknown"),
        ("/body/marks/4/student_id", "cells.not-on-roster"),
        ("/body/marks/5", "cells.unknown-code"),
        ("/body/marks/6/work", "cells.work-unknown"),
        ("/body/attendance/0", "cells.unknown-code"),
    ]
    assert await count(school.service, "mark") == 0


async def test_a_teacher_writes_in_own_lessons_only(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    stranger = await school.hire("Иная")
    headers = school.headers(Role.TEACHER, stranger)
    answer = await school.save(mark(lesson_id, student, "5"), headers=headers)
    assert answer.status_code == 404
    substituted = await school.lesson(number=2, teacher_id=str(stranger))
    refused = await school.save(mark(substituted, student, "5"), mark(lesson_id, student, "5"), headers=headers)
    assert errors(refused) == [("/body/marks/1/lesson_id", "cells.not-yours")]
    assert (await school.save(mark(substituted, student, "5"), headers=headers)).status_code == 200
    assert (await school.save(mark(substituted, student, "4", 1))).status_code == 200, "the journal's own teacher may"


async def test_who_taught_before_writes_what_was_taught_then_and_who_took_over_all(school: School) -> None:
    [student] = await school.enrol("Образцова")
    friday = MONDAY - timedelta(days=3)
    subject = await school.add_subject("Музыка")
    journal = await school.teach(subject_id=subject, until=MONDAY)
    successor = new_id()
    await hear(school.service, load(school.organization_id, school.group_id, subject, successor, since=MONDAY))
    before = await school.lesson(friday, journal_id=journal, teacher_id=None)
    after = await school.lesson(MONDAY, journal_id=journal, teacher_id=None)
    assert (await school.save(mark(before, student, "5"), journal_id=journal)).status_code == 200
    assert errors(await school.save(mark(after, student, "5"), journal_id=journal)) == [
        ("/body/marks/0/lesson_id", "cells.not-yours")
    ]
    theirs = school.headers(Role.TEACHER, successor)
    both = await school.save(
        mark(before, student, "4", 1), mark(after, student, "5"), headers=theirs, journal_id=journal
    )
    assert both.status_code == 200, both.text


async def test_a_class_teacher_reads_and_writes_only_if_the_organization_says_so(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    leader = new_id()
    await school.appoint(leader)
    headers = school.headers(Role.TEACHER, leader)
    assert (await school.page(headers=headers))["students"]
    assert errors(await school.save(mark(lesson_id, student, "5"), headers=headers)) == [
        ("/body/marks/0/lesson_id", "cells.not-yours")
    ]
    path = f"/organizations/{school.organization_id}/journal-settings"
    settings = {"edit_days": None, "class_teacher_writes": True}
    set_ = await school.service.client.put(path, json=settings, headers={**school.admin, "If-Match": '"0"'})
    assert set_.status_code == 200, set_.text
    assert (await school.save(mark(lesson_id, student, "5"), headers=headers)).status_code == 200


async def test_the_edit_window_closes_for_teachers(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    school.service.runtime.clock = FixedClock(school.service.runtime.clock.now() + timedelta(days=8))
    assert errors(await school.save(mark(lesson_id, student, "5"))) == [("/body/marks/0/lesson_id", "cells.too-late")]
    assert (await school.save(mark(lesson_id, student, "5"), headers=school.admin)).status_code == 200


async def test_a_roster_change_dated_back_moves_nothing_and_shows_the_right_rows(school: School) -> None:
    stays, leaves = await school.enrol("Аистов", "Белов")
    lessons = {day: await school.lesson(MONDAY - timedelta(days=day), 1) for day in (6, 4, 3, 0)}
    await school.save(*(mark(lesson, student, "5") for lesson in lessons.values() for student in (stays, leaves)))
    recorded = await school.marks(MONDAY - timedelta(days=6), MONDAY)
    await school.depart(leaves, MONDAY - timedelta(days=4))
    assert await school.marks(MONDAY - timedelta(days=6), MONDAY) == recorded
    assert [len((await school.page(MONDAY - timedelta(days=day)))["students"]) for day in (6, 4, 0)] == [2, 1, 1]
    assert errors(await school.save(mark(lessons[3], leaves, "4", 1))) == [
        ("/body/marks/0/student_id", "cells.not-on-roster")
    ]
    gone = await school.save(mark(lessons[3], leaves, None, 1), mark(lessons[6], leaves, "4", 1))
    assert gone.status_code == 200, (
        "what was noted before the departure was told may go, what was noted while there may change"
    )


async def test_subgroups_and_electives_have_journals_of_their_own(school: School) -> None:
    first, second, third = await school.enrol("Аистов", "Белов", "Ветров")
    subject = await school.add_subject("Английский язык")
    left, _ = await school.divide([first, second], [third])
    journal = await school.teach(subject_id=subject, learners_id=left, of_teaching_group=True)
    lesson_id = await school.lesson(journal_id=journal)
    assert errors(await school.save(mark(lesson_id, third, "5"), journal_id=journal)) == [
        ("/body/marks/0/student_id", "cells.not-on-roster")
    ]
    assert (await school.save(mark(lesson_id, first, "5"), journal_id=journal)).status_code == 200
    elective = teaching_group(school.organization_id, member(third))
    await hear(school.service, elective)
    other = await school.teach("Астрономия", learners_id=elective.teaching_group_id, of_teaching_group=True)
    there = await school.lesson(number=2, journal_id=other)
    assert (await school.save(mark(there, third, "4"), journal_id=other)).status_code == 200


STRANGER = """
    INSERT INTO mark
    SELECT organization_id, academic_year, gen_random_uuid(), lesson_id, 1, gen_random_uuid(), NULL, 1, '5', NULL, false, NULL, 1,
           changed_by, now(), NULL
      FROM mark
"""


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("UPDATE mark SET value = '2', version = version + 1 WHERE value IS NOT NULL", "ASJ01"),
        (STRANGER, "ASJ02"),
        ("UPDATE mark SET value = '2'", "23000"),
        ("UPDATE mark SET changed_by = gen_random_uuid()", "23000"),
        ("UPDATE mark SET value = '2', version = version + 2", "23000"),
        ("UPDATE mark SET work = 2", "23000"),
        ("UPDATE attendance SET code = NULL", "23000"),
        ("DELETE FROM mark", "42501"),
        ("INSERT INTO record_change SELECT * FROM record_change", "42501"),
        ("UPDATE record_change SET new_value = '5'", "42501"),
    ],
)  # fmt: skip
async def test_the_database_itself_refuses(school: School, statement: str, state: str) -> None:
    """Whatever the application were to send: no mark in a closed period, none of a stranger, no history rewritten."""
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    await school.save(mark(lesson_id, student, "5"), attendance=[noted(lesson_id, student, "late")])
    if state == "ASJ01":
        await close(school, MONDAY, MONDAY)
    application = await asyncpg.connect(school.service.database.url)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await application.execute(statement)
    await application.close()
    assert refused.value.sqlstate == state


async def close(school: School, first: date, last: date) -> UUID:
    """Close a period of the class as a closing leaves it in the database."""
    closing = new_id()
    connection = await school.service.database.connect()
    await connection.execute(
        "INSERT INTO period_closing VALUES ($1, 2026, $2, $3, 'I четверть', $4, $5, now(), $6)",
        school.organization_id, closing, school.group_id, first, last, new_id(),
    )  # fmt: skip
    await connection.close()
    return closing


async def test_a_closed_period_refuses_cells_until_an_order_opens_it(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    closing = await close(school, MONDAY, MONDAY)
    for headers in (school.teacher, school.admin):
        refused = await school.save(mark(lesson_id, student, "5"), headers=headers)
        assert errors(refused) == [("/body/marks/0/lesson_id", "cells.period-closed")]
    connection = await school.service.database.connect()
    await connection.execute(
        "INSERT INTO period_unlock VALUES ($1, 2026, $2, $3, NULL, now() + interval '1 hour', '12', $4, 'Ошибка', now(), $2)",
        school.organization_id, new_id(), closing, MONDAY,
    )  # fmt: skip
    await connection.close()
    assert (await school.save(mark(lesson_id, student, "5"))).status_code == 200


async def test_nothing_is_noted_of_a_lesson_that_is_yet_to_come(school: School) -> None:
    [student] = await school.enrol("Образцова")
    tomorrow = await school.lesson(MONDAY + timedelta(days=1))
    for headers in (school.teacher, school.admin):
        refused = await school.save(mark(tomorrow, student, "5"), headers=headers)
        assert errors(refused) == [("/body/marks/0/lesson_id", "cells.not-yet")]
    nothing = await school.save()
    assert (nothing.status_code, nothing.json()["code"]) == (422, "request.invalid")


async def test_a_mark_keeps_the_scale_it_was_given_by(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    await school.save(mark(lesson_id, student, "5"))
    path, headers = f"/journals/{await school.journal()}", {**school.admin, "If-Match": '"1"'}
    await school.service.client.patch(path, json={"scale_id": 2}, headers=headers)
    assert (await school.page())["marks"] == [[[0, "5", 1, 1, None, 1]]]
    await school.save(mark(lesson_id, student, "pass", 1))
    assert (await school.page())["marks"] == [[[0, "pass", 2]]]
    assert [(one["old_scale_id"], one["new_scale_id"]) for one in await changes(school, lesson_id)] == [
        (None, 1),
        (1, 2),
    ]
