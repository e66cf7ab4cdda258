"""Reports of a class go by totals that are set, where the days are those of a study period."""

from datetime import UTC, datetime
from typing import Any

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
