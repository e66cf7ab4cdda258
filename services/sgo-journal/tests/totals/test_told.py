"""What the registry hears of totals, and nobody else."""

import json
from typing import Any

import pytest

from asu_contracts.journal import YearMark, YearResultChanged, YearResultKind
from sgo_journal.totals import telling

from ..factories import School
from .columns import save, total


@pytest.fixture(autouse=True)
async def year(school: School) -> None:
    await school.set_year()


async def told(school: School) -> list[dict[str, Any]]:
    rows = await school.service.fetch(
        f"SELECT version, payload FROM outbox WHERE type = '{YearResultChanged.type}' ORDER BY id"
    )
    return [{"version": row["version"], **json.loads(row["payload"])} for row in rows]


async def test_marks_of_the_year_are_told_as_they_stand_and_periods_are_not(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await save(school, total(student, "3"), total(student, "4", kind="year"), total(student, "pass", kind="final"))
    await save(school, total(student, None, 1, kind="year"))
    await save(school, total(student, None, 2, kind="year"))
    found = [(one["kind"], one["mark"], one["version"]) for one in await told(school)]
    assert sorted(found[:2]) == [("final", "pass", 1), ("year", "4", 1)]
    assert found[2:] == [("year", None, 2)], "what was sent again is not told again"
    assert {one["student_id"] for one in await told(school)} == {str(student)}
    assert {one["subject_title"] for one in await told(school)} == {"Окружающий мир"}


async def test_a_refused_save_tells_nothing(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await save(school, total(student, "4", kind="year"), total(student, "5", period=9))
    assert await told(school) == []


async def test_a_rebuilt_reader_hears_every_mark_of_a_year_at_its_version(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    await save(school, total(first, "3"), total(first, "4", kind="year"), total(second, "2", kind="exam"))
    await save(school, total(first, None, 1, kind="year"))
    async with school.service.runtime.sessions() as session:
        chunks = [chunk async for chunk in telling.states(session)]
    again = {one.event.kind: (one.event.mark, one.version) for chunk in chunks for one in chunk}  # type: ignore[attr-defined]
    assert again == {YearResultKind.YEAR: (None, 2), YearResultKind.EXAM: (YearMark.TWO, 1)}
