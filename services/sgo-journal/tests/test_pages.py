"""The page of a journal: one read, few statements, few bytes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event

from asu_contracts.access import Role
from servicekit.clock import FixedClock

from .factories import MONDAY, SEPTEMBER, School, audited, mark, noted

_LESSONS, _STUDENTS = 60, 30
_BYTES = 30 * 1024


def statements(school: School) -> list[str]:
    """What is sent to the database from now on."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(school.service.runtime.engine.sync_engine, "before_cursor_execute", note)
    return sent


async def test_thirty_students_by_sixty_lessons_are_four_statements_and_thirty_kilobytes(school: School) -> None:
    students = await school.enrol(*(f"Фамилия-Двойная{place:02}" for place in range(_STUDENTS)))
    days = [SEPTEMBER + timedelta(days=day) for day in range(_LESSONS // 2)]
    planned = [await school.planned(day, number) for day in days for number in (1, 2)]
    lessons = [lesson["id"] for lesson in await school.set_lessons(*planned)]
    school.service.runtime.clock = FixedClock(datetime(2026, 10, 1, tzinfo=UTC))
    cells = [mark(lesson, student, "5") for lesson in lessons for student in students]
    absences = [noted(lesson, students[0], "sick") for lesson in lessons]
    saved = await school.save(*cells, attendance=absences, headers=school.admin)
    assert saved.status_code == 200, saved.text
    sent = statements(school)
    answer = await school.service.client.get(
        f"/journals/{await school.journal()}/page",
        params={"from": days[0].isoformat(), "to": days[-1].isoformat()},
        headers=school.teacher,
    )
    page = answer.json()
    assert (len(page["students"]), len(page["lessons"]), sum(map(len, page["marks"]))) == (
        _STUDENTS, _LESSONS, len(cells),
    )  # fmt: skip
    assert len([one for one in sent if "INSERT INTO audit" not in one]) <= 4
    assert len(answer.content) <= _BYTES
    assert (await audited(school))[-1] == ("teacher", "journal.page.read", students)


async def test_saving_thirty_marks_is_at_most_six_statements(school: School) -> None:
    students = await school.enrol(*(f"Ученик{place:02}" for place in range(_STUDENTS)))
    lesson_id = await school.lesson()
    sent = statements(school)
    answer = await school.save(
        *(mark(lesson_id, student, "5") for student in students), attendance=[noted(lesson_id, students[0], "late")]
    )
    assert answer.status_code == 200
    assert len([one for one in sent if "INSERT INTO audit" not in one]) <= 6, sent
    assert (await audited(school))[-1] == ("teacher", "journal.cells.save", students)


async def test_a_page_goes_on_where_the_last_one_ended(school: School) -> None:
    await school.enrol("Образцова")
    for number in (1, 2, 3):
        await school.lesson(MONDAY, number)
    first = await school.page(limit=2)
    rest = await school.page(limit=2, after=first["next"])
    assert [lesson["number"] for lesson in first["lessons"] + rest["lessons"]] == [1, 2, 3]
    assert "next" not in rest
    path, period = f"/journals/{await school.journal()}/page", {"from": "2026-09-07", "to": "2026-09-07"}
    for after in ("2026-13-41.1", "x", "2026-09-07.999"):
        answer = await school.service.client.get(path, params={**period, "after": after}, headers=school.teacher)
        assert answer.status_code == 422


async def test_an_emptied_cell_keeps_its_version_and_a_comment_is_shown(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    await school.save(mark(lesson_id, student, "5", comment="Молодец"))
    assert (await school.page())["marks"] == [[[0, "5", 1, 1, "Молодец"]]]
    await school.save(mark(lesson_id, student, None, 1))
    assert (await school.page())["marks"] == [[[0, None, 2]]]
    assert (await school.save(mark(lesson_id, student, "4", 2))).json() == {"marks": [3], "attendance": []}


async def test_who_stands_in_for_a_lesson_sees_that_lesson_alone(school: School) -> None:
    [student] = await school.enrol("Образцова")
    substitute = await school.hire("Петрова")
    own = await school.lesson(number=1)
    given = await school.lesson(number=2, teacher_id=str(substitute))
    await school.save(mark(own, student, "2"))
    await school.save(mark(given, student, "5"))
    stands_in = school.headers(Role.TEACHER, substitute)
    page = await school.page(headers=stands_in)
    assert [lesson["id"] for lesson in page["lessons"]] == [given]
    assert page["marks"] == [[[0, "5"]]]
    # A student who came the day after is none of the substitute's, whichever days are asked for.
    await school.enrol("Новиков", on=MONDAY + timedelta(days=1))
    sunday = MONDAY + timedelta(days=6)
    assert [one["id"] for one in (await school.page(until=sunday, headers=stands_in))["students"]] == [str(student)]
    assert len((await school.page(until=sunday))["students"]) == 2
    totals = await school.service.client.get(f"/journals/{await school.journal()}/totals", headers=stands_in)
    assert totals.status_code == 403
    assert [lesson["id"] for lesson in (await school.page())["lessons"]] == [own, given]
