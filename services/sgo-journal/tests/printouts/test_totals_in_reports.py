"""Reports of a class go by totals that are set, where the days are those of a study period."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from servicekit.clock import FixedClock

from ..factories import QUARTERS, School, mark
from ..totals.columns import save, total

FIRST, LAST = QUARTERS[0]


@pytest.fixture(autouse=True)
async def year(school: School) -> None:
    await school.set_year()


async def report(school: School, name: str, until: str = LAST.isoformat()) -> dict[str, Any]:
    answer = await school.service.client.get(
        f"/groups/{school.group_id}/reports/{name}",
        params={"from": FIRST.isoformat(), "to": until},
        headers=school.admin,
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def standings(school: School, **more: str) -> list[str]:
    sheet = await report(school, "marks-sheet", **more)
    return [row[-1] for row in sheet["sections"][0]["rows"]]


async def test_a_total_stands_before_the_mean_in_its_own_period_alone(school: School) -> None:
    first, second, third = await school.enrol("Аистов", "Белов", "Воронов")
    lesson = await school.lesson()
    await school.save(*(mark(lesson, student, "5") for student in (first, second)))
    await save(school, total(first, "3"), total(third, "2"), headers=school.admin)
    school.service.runtime.clock = FixedClock(datetime(2026, 10, 25, tzinfo=UTC))
    assert await standings(school) == ["с одной «3»", "отличники", "неуспевающие"]
    assert await standings(school, until="2026-10-22") == ["отличники", "отличники", "без отметок"]
    notes = (await report(school, "marks-sheet"))["notes"]
    assert any("итоговые за период" in note for note in notes)
    other = (await report(school, "marks-sheet", until="2026-10-22"))["notes"]
    assert not any("итоговые за период" in note for note in other)


async def test_a_total_without_a_mark_among_five_is_no_result_whatever_the_mean(school: School) -> None:
    passed, unattested = await school.enrol("Аистов", "Белов")
    lesson = await school.lesson()
    await school.save(*(mark(lesson, student, "5") for student in (passed, unattested)))
    await save(school, total(passed, "pass"), total(unattested, "not_attested"), headers=school.admin)
    school.service.runtime.clock = FixedClock(datetime(2026, 10, 25, tzinfo=UTC))
    assert await standings(school) == ["без отметок", "не аттестованные"]


async def of_teacher(school: School, since: date = FIRST, until: date = LAST) -> dict[str, list[Any]]:
    """Results of the report of the school's teacher, by period."""
    answer = await school.service.client.get(
        f"/organizations/{school.organization_id}/reports/subject-teacher",
        params={"from": since.isoformat(), "to": until.isoformat()},
        headers=school.teacher,
    )
    assert answer.status_code == 200, answer.text
    return {row[2]: row[3:] for row in answer.json()["sections"][0]["rows"]}


async def test_a_teacher_reports_totals_and_tells_how_many_follow_from_marks_alone(school: School) -> None:
    first, second, third, fourth, gone = await school.enrol("Аистов", "Белов", "Воронов", "Грачёв", "Дятлов")
    lesson = await school.lesson()
    await school.save(*(mark(lesson, student, "5") for student in (first, second, gone)))
    await school.depart(gone, date(2026, 10, 5))
    school.service.runtime.clock = FixedClock(datetime(2026, 11, 9, tzinfo=UTC))
    given = [total(first, "3"), total(third, "not_attested"), total(gone, "2")]
    assert (await save(school, *given, headers=school.admin)).status_code == 200
    [row] = (await of_teacher(school)).values()
    # Who is there at the end; the mean of «3» and «5»; results of three: «5» by its mark, «3», not attested.
    assert row == [4, 4, 3, 1, 0, 1, 0, 66.67, 33.33, 47.67, 1, 1]
    assert (await save(school, total(fourth, "4", kind="year"), headers=school.admin)).status_code == 200
    whole = await of_teacher(school, until=date(2027, 5, 31))
    assert list(whole) == ["1 четверть", "2 четверть", "год"], "what has begun, and what is set"
    assert (whole["2 четверть"][:2], whole["год"][:4]) == ([4, None], [4, 4, 1, 0])
    assert list(await of_teacher(school, until=date(2026, 9, 30))) == ["1 четверть", "год"]


async def test_a_total_counts_whatever_journal_of_the_subject_it_was_set_in(school: School) -> None:
    [student] = await school.enrol("Аистов")
    journal = await school.journal()
    subject = (await school.service.client.get(f"/journals/{journal}", headers=school.admin)).json()["subject_id"]
    [half] = await school.divide([student])
    other = await school.teach(subject_id=UUID(subject), learners_id=half, of_teaching_group=True)
    school.service.runtime.clock = FixedClock(datetime(2026, 10, 25, tzinfo=UTC))
    assert (await save(school, total(student, "4"), headers=school.admin, journal_id=other)).status_code == 200
    answer = await school.service.client.get(
        f"/organizations/{school.organization_id}/reports/subject-teacher",
        params={"from": FIRST.isoformat(), "to": LAST.isoformat()},
        headers=school.teacher,
    )
    assert [row[3:7] for row in answer.json()["sections"][0]["rows"]] == [[1, 4, 1, 0]] * 2


async def test_without_a_calendar_a_teacher_reports_what_was_marked(school: School) -> None:
    other = await School(school.service).open()
    [student] = await other.enrol("Аистов")
    lesson = await other.lesson()
    await other.save(mark(lesson, student, "5"))
    answer = await school.service.client.get(
        f"/organizations/{other.organization_id}/reports/subject-teacher",
        params={"from": FIRST.isoformat(), "to": LAST.isoformat()},
        headers=other.teacher,
    )
    results, days = answer.json()["sections"]
    assert (results["rows"], [row[2:6] for row in days["rows"]]) == ([], [[1, 1, 0, 5]])
    assert answer.json()["notes"] == ["Не задан календарь учебного года: неизвестно, какие в нём периоды."]
