"""A student who comes in mid-year brings the marks of the running year: shown, counted, once, whatever is told in which order."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import MovementKind, StudentMerged
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import received
from sgo_journal.transfers.following import follow

from ..factories import YEAR, School, guardianship, hear, mark, movement, placement, profile
from ..totals.columns import save, total
from .two_schools import ARRIVAL, NOVEMBER, Two, accepted, arrive, brought, suggested


async def test_marks_of_the_year_follow_and_count_with_the_new_ones(two: Two) -> None:
    await two.learn("5", "4")
    await two.learn("2", on=date(2026, 9, 7))
    assert (await save(two.old, total(two.student, "3"), headers=two.old.admin)).status_code == 200
    await arrive(two.student, two.old, two.new)
    assert await brought(two.new) == {
        str(two.student): [
            ("Физика", "period", "3"),
            ("Физика", "work", "2"),
            ("Физика", "work", "5"),
            ("Физика", "work", "4"),
        ]
    }
    await two.learn("3", on=ARRIVAL, school=two.new)
    found = await suggested(two.new, two.student)
    assert (found["mean"], found["value"]) == ("4.00", "4")
    assert found["explanation"] == "(5·1 + 4·1 + 3·1) / 3 = 4; из них принесены из другой школы: 5, 4"
    assert [(one["sign"], one["brought"]) for one in found["marks"]] == [("5", True), ("4", True), ("3", False)]
    assert (await suggested(two.old, two.student))["explanation"] == "(5·1 + 4·1) / 2 = 4,5", "the old journal stays"


async def test_totals_of_past_periods_count_in_the_year_but_for_those_set_here(two: Two) -> None:
    await save(two.old, total(two.student, "3"), headers=two.old.admin)
    await arrive(two.student, two.old, two.new)
    found = await suggested(two.new, two.student, "year", 0)
    assert (found["value"], found["reason"]) == (None, "нет отметки за: 2 четверть, 3 четверть, 4 четверть")
    two.new.service.runtime.clock = FixedClock(datetime(2027, 6, 1, tzinfo=UTC))
    given = [total(two.student, "5", period=period) for period in (2, 3, 4)]
    assert (await save(two.new, *given, headers=two.new.admin)).status_code == 200
    found = await suggested(two.new, two.student, "year", 0)
    assert found["reason"] == (
        "«5»: 1-й период, из другой школы — 3, 2 четверть — 5, 3 четверть — 5, 4 четверть — 5; среднее 4,5,"
        " порог отметки «5» — 4,5"
    )


async def test_what_is_told_in_any_order_brings_the_same(two: Two) -> None:
    await two.learn("5")
    told = accepted(two.student, two.old, two.new)
    await hear(two.new.service, told)
    assert await brought(two.new) == {}, "nobody arrived yet"
    await hear(
        two.new.service,
        movement(two.student, ARRIVAL, opened=placement(two.new.organization_id, two.new.group_id)),
        told,
    )
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}


async def test_a_cancelled_acceptance_brings_nothing_and_the_next_one_brings_all(two: Two) -> None:
    await two.learn("5")
    told = await arrive(two.student, two.old, two.new)
    cancelled = two.new.placements[two.student]
    await hear(two.new.service, movement(two.student, ARRIVAL, closed=cancelled, kind=MovementKind.CANCELLED))
    assert await brought(two.new) == {}
    again = date(2026, 11, 16)
    later = accepted(two.student, two.old, two.new, again, transfer_id=told.transfer_id)
    await hear(
        two.new.service,
        later,
        told,
        movement(two.student, again, opened=placement(two.new.organization_id, two.new.group_id)),
    )
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}


async def test_nothing_comes_back_to_where_it_was_set(two: Two) -> None:
    await two.learn("5")
    await arrive(two.student, two.old, two.new)
    await two.learn("3", on=ARRIVAL, school=two.new)
    back = date(2026, 11, 16)
    await arrive(two.student, two.new, two.old, back)
    assert await brought(two.old) == {str(two.student): [("Физика", "work", "3")]}
    assert (await suggested(two.old, two.student))["mean"] == "4.00"
    await arrive(two.student, two.old, two.new, date(2026, 11, 23))
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}
    assert (await suggested(two.new, two.student))["mean"] == "4.00", "each once, whoever has it now"


@pytest.mark.parametrize("order", list(permutations(range(2))))
async def test_marks_go_on_to_a_third_school_in_any_order(two: Two, order: Sequence[int]) -> None:
    third = await School(two.new.service).open()
    await third.set_year()
    third._journal_id = await third.teach(subject_id=two.subject)
    await two.learn("5")
    two.new.placements[two.student] = first = placement(two.new.organization_id, two.new.group_id)
    await hear(two.new.service, movement(two.student, ARRIVAL, opened=first))
    await two.learn("3", on=ARRIVAL, school=two.new)
    on = date(2026, 11, 16)
    last = placement(third.organization_id, third.group_id)
    await hear(two.new.service, movement(two.student, on, closed=first, opened=last))
    told = [accepted(two.student, two.old, two.new), accepted(two.student, two.new, third, on)]
    for at in order:
        await hear(two.new.service, told[at])
    assert sorted((await brought(third))[str(two.student)]) == [("Физика", "work", "3"), ("Физика", "work", "5")]


async def test_what_is_written_late_follows_for_two_weeks(two: Two) -> None:
    [lesson] = await two.learn("5")
    await arrive(two.student, two.old, two.new)
    await two.old.save(mark(lesson, two.student, "2", 1), headers=two.old.admin)
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}
    await follow(two.new.service.runtime)
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "2")]}
    await two.old.save(mark(lesson, two.student, None, 2), headers=two.old.admin)
    two.new.service.runtime.clock = FixedClock(datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
    await follow(two.new.service.runtime)
    assert await brought(two.new) == {}, "the fourteenth day"
    await two.old.save(mark(lesson, two.student, "4", 3), headers=two.old.admin)
    two.new.service.runtime.clock = FixedClock(datetime(2026, 11, 23, 22, 30, tzinfo=UTC))
    await follow(two.new.service.runtime)
    assert await brought(two.new) == {}


async def test_cards_that_are_one_childs_bring_what_both_have(two: Two) -> None:
    await two.learn("5")
    survivor = new_id()
    await hear(two.new.service, profile(survivor, "Новая"))
    here = placement(two.new.organization_id, two.new.group_id)
    await hear(two.new.service, movement(survivor, ARRIVAL, opened=here), accepted(survivor, two.old, two.new))
    assert await brought(two.new) == {}

    def merge(into: UUID | None, version: int) -> Received[Any]:
        return received(StudentMerged(student_id=two.student, merged_into=into), version=version)

    await hear(two.new.service, merge(survivor, 2))
    assert await brought(two.new) == {str(survivor): [("Физика", "work", "5")]}
    await hear(two.new.service, merge(None, 3))
    assert await brought(two.new) == {}


async def test_a_subject_of_its_own_counts_as_the_regions(two: Two) -> None:
    """«Физика (углублённо)» of the new school stands for the region's subject; what stands for none waits to be matched."""
    await two.learn("5")
    chess = await two.old.service.client.post(
        f"/organizations/{two.old.organization_id}/journals",
        json={"learners_id": str(two.old.group_id), "title": "Шахматы"},
        headers=two.old.admin,
    )
    lesson = await two.old.lesson(NOVEMBER, 5, journal_id=chess.json()["id"])
    await two.old.save(mark(lesson, two.student, "4"), headers=two.old.admin, journal_id=UUID(chess.json()["id"]))
    await arrive(two.student, two.old, two.new)
    assert sorted((await brought(two.new))[str(two.student)]) == [("Физика", "work", "5"), ("Шахматы", "work", "4")]
    assert (await suggested(two.new, two.student))["mean"] == "5.00", "nobody has said what «Шахматы» are here"


async def test_a_family_reads_what_was_brought_and_others_do_not(two: Two) -> None:
    await two.learn("5")
    await arrive(two.student, two.old, two.new)
    guardian = new_id()
    await hear(two.new.service, guardianship(guardian, two.student))

    async def seen(headers: dict[str, str]) -> tuple[int, int]:
        path, year = f"/students/{two.student}/brought-marks", {"academic_year": YEAR}
        answer = await two.new.service.client.get(path, params=year, headers=headers)
        return answer.status_code, len(answer.json().get("items", []))

    assert await seen(two.new.headers(Role.GUARDIAN, guardian)) == (200, 1)
    assert await seen(two.new.headers(Role.STUDENT, two.student)) == (200, 1)
    assert await seen(two.new.headers(Role.GUARDIAN, new_id())) == (404, 0)
    assert await seen(two.new.admin) == (200, 1)
    assert await seen(two.old.admin) == (200, 0), "the old school brought it nowhere"
    assert await seen(two.new.teacher) == (404, 0), "a teacher of a subject sees the own journal"
    await two.new.appoint(two.new.teacher_id)
    assert await seen(two.new.teacher) == (200, 1)
