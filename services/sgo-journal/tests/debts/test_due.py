"""A debt has a day it is due: the teacher's, or that of the organization's setting; kept with versions and history like the mark."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from asu_contracts.access import Role
from servicekit.sealing import sealer
from sgo_journal.marks.agreement import disagreeing
from sgo_journal.sealing import RECORD_CHANGES

from ..factories import MONDAY, School, hear, load, mark
from ..test_lessons import count
from ..test_marks import changes, close, errors
from ..test_pages import statements
from .samples import saved, set_up, stand

FRIDAY = MONDAY + timedelta(days=4)


async def cells(school: School) -> list[Any]:
    page = await school.page()
    return [cell for row in page["marks"] for cell in row]


def conflict(answer: Any) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (409, "cells.changed"), answer.text
    [found] = answer.json()["conflicts"]
    told: dict[str, Any] = found
    return told


async def test_a_debt_is_due_by_the_setting_unless_the_teacher_names_a_day(school: School) -> None:
    students = await school.enrol("Аистов", "Белов", "Ветров", "Гусев")
    lesson = await school.lesson(MONDAY - timedelta(days=3))
    await saved(school, mark(lesson, students[0], "debt"))
    stand(school)
    await set_up(school, debt_days=14)
    day = FRIDAY.isoformat()
    await saved(
        school,
        mark(lesson, students[1], "debt"),
        mark(lesson, students[2], "debt", due_on=day),
        mark(lesson, students[3], "debt", due_on=None),
    )
    shown = (await school.page(MONDAY - timedelta(days=3)))["marks"]
    assert shown == [
        [[0, "debt"]],
        [[0, "debt", 1, 1, None, 1, "2026-09-21"]],
        [[0, "debt", 1, 1, None, 1, day]],
        [[0, "debt"]],
    ], "counted from the day it is noted, not from the lesson; what was noted before the setting has no day"


async def test_another_day_is_a_version_with_its_history_and_a_mark_closes_the_debt(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await set_up(school, debt_days=7)
    lesson = await school.lesson()
    await saved(school, mark(lesson, student, "debt"))
    assert await saved(school, mark(lesson, student, "debt", 1, due_on=FRIDAY.isoformat())) == [2]
    stand(school, 2)
    assert await saved(school, mark(lesson, student, "debt", 2, comment="§ 5")) == [3], "the day stays as it is"
    assert await saved(school, mark(lesson, student, "4", 3), reason="Сдано") == [4]
    assert await cells(school) == [[0, "4", 4]]
    kept = await changes(school, lesson)
    assert [(one["old_value"], one["new_value"], one["old_due_on"], one["new_due_on"]) for one in kept] == [
        (None, "debt", None, "2026-09-14"),
        ("debt", "debt", "2026-09-14", "2026-09-11"),
        ("debt", "debt", "2026-09-11", "2026-09-11"),
        ("debt", "4", "2026-09-11", None),
    ]
    await saved(school, mark(lesson, student, "debt", 4))
    assert await cells(school) == [[0, "debt", 5, 1, None, 1, "2026-09-16"]], "a new debt has a new day"
    await sealer.seal(school.service.runtime, RECORD_CHANGES)
    assert await disagreeing(school.service.runtime, lambda _: None) == (1, [])


async def test_cells_whose_day_is_not_what_the_history_says_are_found(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson = await school.lesson()
    await saved(school, mark(lesson, student, "debt", due_on=FRIDAY.isoformat()))
    connection = await school.service.database.connect()
    await connection.execute("ALTER TABLE mark DISABLE TRIGGER USER")
    await connection.execute("UPDATE mark SET due_on = due_on + 1")
    await connection.close()
    looked_at, [found] = await disagreeing(school.service.runtime, lambda _: None)
    assert (looked_at, found.split()[0]) == (1, "mark")


async def test_what_is_sent_again_changes_nothing(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await set_up(school, debt_days=7)
    lesson = await school.lesson()
    for version in (0, 0, 1, 5):
        stand(school, version)
        assert await saved(school, mark(lesson, student, "debt", version)) == [1], "on a later day too"
    same = mark(lesson, student, "debt", due_on="2026-09-14")
    assert await saved(school, same) == [1]
    assert conflict(await school.save(mark(lesson, student, "debt", due_on=None)))["due_on"] == "2026-09-14"
    assert conflict(await school.save(mark(lesson, student, "debt", due_on="2026-09-15")))["version"] == 1
    assert len(await changes(school, lesson)) == 1
    headers = {**school.teacher, "Idempotency-Key": "debts-of-monday"}
    moved = mark(lesson, student, "debt", 1, due_on="2026-09-30")
    assert [await saved(school, moved, headers=headers) for _ in range(2)] == [[2], [2]]
    assert await count(school.service, "record_change") == 2


async def test_of_two_days_at_once_one_stands_and_the_other_is_told(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson = await school.lesson()
    await saved(school, mark(lesson, student, "debt"))
    sent = [f"2026-09-{day}" for day in (10, 11, 12, 13)]
    answers = await asyncio.gather(*(school.save(mark(lesson, student, "debt", 1, due_on=day)) for day in sent))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    [[_, _, version, *_, day]] = await cells(school)
    told = {conflict(answer)["due_on"] for answer in answers if answer.status_code == 409}
    assert (version, told) == (2, {day})


@pytest.mark.parametrize(
    ("value", "day", "found"),
    [
        ("5", "2026-09-11", ("/body/marks/0/due_on", "cells.due-without-debt")),
        (None, "2026-09-11", ("/body/marks/0/due_on", "cells.due-without-debt")),
        ("debt", "2026-09-06", ("/body/marks/0/due_on", "cells.due-before-lesson")),
    ],
)
async def test_a_day_that_cannot_be_is_named_and_nothing_is_saved(
    school: School, value: str | None, day: str, found: tuple[str, str]
) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    lesson = await school.lesson()
    answer = await school.save(mark(lesson, first, value, due_on=day), mark(lesson, second, "5"))
    assert errors(answer) == [found]
    assert await count(school.service, "mark") == 0
    for wrong in ("вчера", "1999-01-01", "2026-02-30"):
        refused = await school.save(mark(lesson, first, "debt", due_on=wrong))
        assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")


async def test_a_debt_is_closed_after_the_teachers_days_for_corrections(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    lesson = await school.lesson()
    await saved(school, mark(lesson, first, "debt"), mark(lesson, second, "3"))
    stand(school, 40)
    late = await school.save(mark(lesson, first, "4", 1), mark(lesson, second, "4", 1))
    assert errors(late) == [("/body/marks/1/lesson_id", "cells.too-late")]
    assert await saved(school, mark(lesson, first, "4", 1)) == [2]
    again = await school.save(mark(lesson, first, "5", 2))
    assert errors(again) == [("/body/marks/0/lesson_id", "cells.too-late")], "what closed it is a mark like others"
    await close(school, MONDAY, MONDAY)


async def test_a_debt_of_a_closed_period_or_of_anothers_lesson_stays(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson = await school.lesson()
    await saved(school, mark(lesson, student, "debt"))
    colleague = await school.hire("Иная")
    await hear(school.service, load(school.organization_id, school.group_id, await school.add_subject(), colleague))
    theirs = school.headers(Role.TEACHER, colleague)
    assert (await school.save(mark(lesson, student, "5", 1), headers=theirs)).status_code == 404
    await close(school, MONDAY, MONDAY)
    refused = await school.save(mark(lesson, student, "5", 1))
    assert errors(refused) == [("/body/marks/0/lesson_id", "cells.period-closed")]


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("UPDATE mark SET due_on = due_on + 1", "23000"),
        ("UPDATE mark SET debt = false, due_on = NULL, version = version + 1", "23503"),
        ("UPDATE mark SET value = '5', version = version + 1", "23503"),
        ("UPDATE mark SET value = '5', debt = false, version = version + 1", "23514"),
        ("UPDATE mark SET value = NULL, version = version + 1", "23514"),
        ("UPDATE scale_value SET debt = false WHERE code = 'debt' AND scale_id = 1", "23503"),
    ],
)
async def test_the_database_holds_what_a_debt_is(school: School, statement: str, state: str) -> None:
    """No day without a debt, no debt but of a value that is one, none left of a mark that was taken away."""
    [student] = await school.enrol("Образцова")
    lesson = await school.lesson()
    await saved(school, mark(lesson, student, "debt", due_on=FRIDAY.isoformat()))
    application = await asyncpg.connect(school.service.database.url)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await application.execute(statement)
    await application.close()
    assert refused.value.sqlstate == state


async def test_thirty_debts_are_saved_by_the_statements_of_thirty_marks(school: School) -> None:
    students = await school.enrol(*(f"Ученик{place:02}" for place in range(30)))
    await set_up(school, debt_days=7)
    lesson = await school.lesson()
    sent = statements(school)
    await saved(school, *(mark(lesson, student, "debt") for student in students))
    assert len([one for one in sent if "INSERT INTO audit" not in one]) <= 6, sent
    sent.clear()
    answer = await school.page()
    assert len([one for one in sent if "INSERT INTO audit" not in one]) <= 4
    assert {row[0][-1] for row in answer["marks"]} == {"2026-09-14"}


async def test_whether_a_value_is_a_debt_never_changes(school: School) -> None:
    values = [
        {"code": "5", "sign": "5", "title": "отлично", "points": 5},
        {"code": "d", "sign": "•", "title": "долг", "debt": True},
    ]
    path = f"/organizations/{school.organization_id}/scales"
    made = await school.service.client.post(path, json={"title": "Своя", "values": values}, headers=school.admin)
    assert made.status_code == 201, made.text
    for place in (0, 1):
        turned = [{**one, "debt": not one.get("debt")} if number == place else one for number, one in enumerate(values)]
        answer = await school.service.client.put(
            f"/scales/{made.json()['id']}",
            json={"title": "Своя", "values": turned},
            headers={**school.admin, "If-Match": '"1"'},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "scale.invalid")
        assert (f"/body/values/{place}/debt", "scale.debt-changed") in [
            (one["pointer"], one["code"]) for one in answer.json()["errors"]
        ]
