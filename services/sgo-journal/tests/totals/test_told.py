"""What the registry hears of totals, and nobody else."""

import json
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import StudentMerged
from asu_contracts.journal import YearMark, YearResultChanged, YearResultKind
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import received
from sgo_journal.totals import telling

from ..factories import SEPTEMBER, School, hear, profile, subject
from ..test_marks import close
from .columns import save, standing, total


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


def merge(student_id: UUID, into: UUID | None, version: int) -> Received[Any]:
    return received(StudentMerged(student_id=student_id, merged_into=into), version=version)


async def newest(school: School) -> dict[str, tuple[str, str | None]]:
    """Whose each total is told to be, and which mark it is: the state of the highest version."""
    found = sorted(await told(school), key=lambda one: int(one["version"]))
    versions = [(one["total_id"], one["version"]) for one in found]
    assert len(set(versions)) == len(versions), "no version is told twice"
    return {one["total_id"]: (one["student_id"], one["mark"]) for one in found}


async def test_a_moved_total_is_told_of_the_child_and_of_the_card_again_once_it_is_its_own(school: School) -> None:
    [absorbed], survivor = await school.enrol("Прежняя"), new_id()
    await hear(school.service, profile(survivor, "Новая"))
    await save(school, total(absorbed, "3"), total(absorbed, "4", kind="year"))
    [year] = await newest(school)
    merged = merge(absorbed, survivor, 2)
    await hear(school.service, merged, merged)
    assert await newest(school) == {year: (str(survivor), "4")}
    assert [one["version"] for one in await told(school)] == [1, 2], "heard again it is told once"
    assert await standing(school) == {
        (str(survivor), "period", 1): ("3", 1),
        (str(survivor), "year", 0): ("4", 1),
    }, "in the journal nothing was changed"
    await save(school, total(survivor, "5", 1, kind="year"))
    await hear(school.service, merge(absorbed, None, 3), merged)
    assert await newest(school) == {year: (str(absorbed), "5")}
    async with school.service.runtime.sessions() as session:
        [again] = [one async for chunk in telling.states(session) for one in chunk]
    assert again.version == (await told(school))[-1]["version"], "a rebuilt reader is told the same state"


async def test_of_totals_of_both_cards_the_childs_own_is_told_while_they_are_one(school: School) -> None:
    absorbed, survivor = await school.enrol("Прежняя", "Новая")
    await save(school, total(absorbed, "4", kind="year"), total(survivor, "5", kind="year"))
    before = await newest(school)
    await hear(school.service, merge(absorbed, survivor, 2))
    assert sorted((await newest(school)).values()) == sorted([(str(absorbed), None), (str(survivor), "5")])
    await hear(school.service, merge(absorbed, None, 3))
    assert await newest(school) == before


async def test_a_total_of_a_closed_period_is_told_anew_too(school: School) -> None:
    [absorbed] = await school.enrol("Прежняя")
    await save(school, total(absorbed, "4", kind="year"))
    await close(school, SEPTEMBER, SEPTEMBER + timedelta(days=300))
    survivor = new_id()
    await hear(school.service, merge(absorbed, survivor, 2))
    assert list((await newest(school)).values()) == [(str(survivor), "4")]


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_a_chain_merged_and_parted_in_any_order_is_told_as_it_is_in_the_end(
    school: School, order: tuple[int, ...]
) -> None:
    first, second = await school.enrol("Первая", "Вторая")
    third = new_id()
    await save(school, total(first, "3", kind="year"), total(second, "4", kind="year"))
    messages = [merge(second, third, 2), merge(first, third, 3), merge(second, None, 3), merge(first, second, 4)]
    for at in order:
        await hear(school.service, messages[at])
    assert sorted((await newest(school)).values()) == sorted([(str(first), None), (str(second), "4")])
    assert await standing(school) == {(str(second), "year", 0): ("4", 1)}


async def test_what_is_told_again_under_a_new_title_is_newer_news(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await save(school, total(student, "4", kind="year"))
    [before] = await told(school)

    async def again() -> list[tuple[str, int | None]]:
        async with school.service.runtime.sessions() as session:
            found = [one async for chunk in telling.states(session) for one in chunk]
        return [(one.event.subject_title, one.version) for one in found]  # type: ignore[attr-defined]

    subject_id = UUID(before["subject_id"])
    await hear(school.service, received(subject("Окружающий мир", subject_id=subject_id, short_title="Мир"), version=2))
    assert await again() == [("Окружающий мир", 1)]
    await hear(school.service, received(subject("Природа", subject_id=subject_id), version=3))
    assert await again() == [("Природа", 2)]
    await save(school, total(student, "5", 1, kind="year"))
    assert [(one["subject_title"], one["version"]) for one in await told(school)] == [
        ("Окружающий мир", 1),
        ("Природа", 3),
    ]
