"""What is told of a student at once: in any order, while cards are merged, while what is written late follows."""

import asyncio
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.base import Event
from asu_contracts.core import StudentMerged, TransferAccepted
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import received
from servicekit.uow import UnitOfWork
from sgo_journal.rosters import service as rosters
from sgo_journal.transfers import service
from sgo_journal.transfers.following import follow
from sgo_journal.transfers.service import Acceptance
from sgo_journal.transfers.taking import Mode, Taken, take

from ..factories import School, hear, mark, movement, placement, profile
from .two_schools import ARRIVAL, NOVEMBER, Two, accepted, arrive, brought

LATER = date(2026, 11, 16)


def merge(card: UUID, into: UUID | None, version: int) -> Received[Any]:
    return received(StudentMerged(student_id=card, merged_into=into), version=version)


async def third_school(two: Two) -> School:
    third = await School(two.new.service).open()
    await third.set_year()
    third._journal_id = await third.teach(subject_id=two.subject)
    return third


async def test_marks_go_on_to_a_third_school_however_acceptances_and_movements_are_told(two: Two) -> None:
    third = await third_school(two)
    orders = list(permutations(range(4)))
    students = await two.old.enrol(*(f"Ученик{at}" for at in range(len(orders))))
    lesson = await two.old.lesson(NOVEMBER)
    await two.old.save(*(mark(lesson, one, "5") for one in students), headers=two.old.admin)
    for student, order in zip(students, orders, strict=True):
        middle = placement(two.new.organization_id, two.new.group_id)
        told: list[Event] = [
            accepted(student, two.old, two.new),
            accepted(student, two.new, third, LATER),
            movement(student, ARRIVAL, closed=two.old.placements[student], opened=middle),
            movement(student, LATER, closed=middle, opened=placement(third.organization_id, third.group_id)),
        ]
        for at in order:
            await hear(two.new.service, told[at])
    assert await brought(third) == {str(one): [("Физика", "work", "5")] for one in students}
    await follow(two.new.service.runtime)
    assert await brought(third) == {str(one): [("Физика", "work", "5")] for one in students}


async def test_what_is_taken_back_at_the_first_school_is_so_at_the_third(two: Two) -> None:
    third = await third_school(two)
    [lesson] = await two.learn("5")
    await arrive(two.student, two.old, two.new)
    await arrive(two.student, two.new, third, LATER)
    await arrive(two.student, third, two.new, date(2026, 11, 20))
    await two.old.save(mark(lesson, two.student, None, 1), headers=two.old.admin)
    await follow(two.new.service.runtime)
    assert (await brought(third), await brought(two.new)) == ({}, {})


async def test_who_is_merged_while_marks_follow_keeps_them(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    await two.learn("5")
    await arrive(two.student, two.old, two.new)
    survivor = new_id()
    await hear(two.new.service, profile(survivor, "Новая"))
    hold = rosters.hold_merges

    async def late(uow: UnitOfWork) -> None:
        monkeypatch.setattr(rosters, "hold_merges", hold)
        await hear(two.new.service, merge(two.student, survivor, 2))
        await hold(uow)

    monkeypatch.setattr(rosters, "hold_merges", late)
    await follow(two.new.service.runtime)
    assert await brought(two.new) == {str(survivor): [("Физика", "work", "5")]}


async def months_later(two: Two, lesson: str) -> None:
    """The mark the student brought is taken back at the old school when nothing follows any more."""
    two.new.service.runtime.clock = FixedClock(datetime(2027, 2, 10, tzinfo=UTC))
    assert (await two.old.save(mark(lesson, two.student, None, 1), headers=two.old.admin)).status_code == 200
    await follow(two.new.service.runtime)
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}


async def test_another_card_merged_after_months_takes_nothing_away(two: Two) -> None:
    [lesson] = await two.learn("5")
    await arrive(two.student, two.old, two.new)
    [card] = await two.old.enrol("Вторая")
    await two.learn_as(card, "4", on=date(2026, 11, 5))
    await months_later(two, lesson)
    await hear(two.new.service, merge(new_id(), two.student, 2))
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}
    await hear(two.new.service, merge(card, two.student, 2))
    assert sorted((await brought(two.new))[str(two.student)]) == [("Физика", "work", "4"), ("Физика", "work", "5")]


async def test_what_another_child_has_again_after_months_is_not_brought_on(two: Two) -> None:
    third = await third_school(two)
    [card] = await two.old.enrol("Вторая")
    await two.learn_as(card, "4", on=date(2026, 11, 5))
    await hear(two.new.service, merge(card, two.student, 2))
    await arrive(two.student, two.old, two.new)
    await arrive(two.student, two.new, third, LATER)
    assert await brought(third) == {str(two.student): [("Физика", "work", "4")]}
    two.new.service.runtime.clock = FixedClock(datetime(2027, 2, 10, tzinfo=UTC))
    await hear(two.new.service, merge(card, None, 3))
    assert (await brought(two.new), await brought(third)) == ({}, {})


async def somebody_waits(two: Two) -> bool:
    """Whether a transaction waits for what another holds."""
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(await two.new.service.fetch(waiting))


def acceptance(of: TransferAccepted, on: date | None = None) -> Acceptance:
    """An acceptance as core tells it, or a later one of the same transfer."""
    way = of.from_organization_id, of.to_organization_id, on or of.effective_date
    return Acceptance(new_id() if on else of.acceptance_id, of.transfer_id, of.student_id, *way)


async def test_an_acceptance_and_what_follows_do_not_wait_for_each_other(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two students, one long here who goes on: what follows comes to the other first, the acceptance to where that one goes."""
    third = await third_school(two)
    [other] = await two.old.enrol("Второй")
    long_ago = accepted(two.student, two.old, two.new, date(2026, 10, 5))
    between, last = accepted(other, two.old, two.new), accepted(two.student, two.new, third, LATER)
    for told in (long_ago, between, last):
        await hear(two.new.service, told)
    following, accepting = asyncio.Event(), asyncio.Event()

    async def meeting(session: Any, statement: Taken, mode: Mode) -> None:
        await take(session, statement, mode)
        if asyncio.current_task() is job and statement.id == between.transfer_id:
            following.set()
            while not accepting.is_set() and not await somebody_waits(two):
                pass
        if asyncio.current_task() is not job and statement.id == last.transfer_id:
            accepting.set()

    async def accept() -> None:
        await following.wait()
        async with two.new.service.runtime.uow() as uow:
            again = [acceptance(long_ago, date(2026, 10, 6)), acceptance(between, ARRIVAL)]
            await service.accept(uow, again)

    monkeypatch.setattr(service, "take", meeting)
    job = asyncio.create_task(follow(two.new.service.runtime))
    await asyncio.wait_for(asyncio.gather(job, accept()), 60)
    dates = await two.new.service.fetch("SELECT arrived_on FROM brought_statement ORDER BY arrived_on")
    assert [row["arrived_on"] for row in dates] == [date(2026, 10, 6), ARRIVAL, LATER]


async def test_two_acceptances_of_a_student_at_once_bring_the_marks_to_the_third_school(two: Two) -> None:
    third = await third_school(two)
    await two.learn("5")
    middle, last = (placement(school.organization_id, school.group_id) for school in (two.new, third))
    await hear(two.new.service, movement(two.student, ARRIVAL, opened=middle))
    await hear(two.new.service, movement(two.student, LATER, closed=middle, opened=last))

    async def accept(told: TransferAccepted) -> None:
        async with two.new.service.runtime.uow() as uow:
            await service.accept(uow, [acceptance(told)])

    async with two.new.service.runtime.uow() as uow:
        await service.accept(uow, [acceptance(accepted(two.student, two.old, two.new))])
        second = asyncio.create_task(accept(accepted(two.student, two.new, third, LATER)))
        while not second.done() and not await somebody_waits(two):
            await asyncio.wait({second}, timeout=0)
    await second
    assert await brought(third) == {str(two.student): [("Физика", "work", "5")]}
