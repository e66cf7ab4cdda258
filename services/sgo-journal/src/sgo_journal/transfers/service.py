"""Use cases of what was brought: for core's acceptances, for the totals, for who reads it."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit import audit, partitions
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.journals import service as journals
from sgo_journal.rosters import access
from sgo_journal.rosters import service as rosters
from sgo_journal.transfers import repository
from sgo_journal.transfers.taking import Taken, take

FOLLOWED_DAYS = 14
"""For how many days after an arrival what is still written at the school that was left is brought too: teachers fill in late."""
_FAMILY = frozenset({Role.GUARDIAN, Role.STUDENT})


class Kind(StrEnum):
    """What a brought mark is of."""

    WORK = "work"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A student was accepted from another organization of the region: told by core."""

    acceptance_id: UUID
    transfer_id: UUID
    student_id: UUID
    from_organization_id: UUID
    to_organization_id: UUID
    effective_date: dt.date


@dataclass(frozen=True, slots=True)
class Brought:
    """A brought mark that counts: ``subject`` as the other school calls it, of a day or of a period."""

    student_id: UUID
    first_day: dt.date
    last_day: dt.date
    title: str
    weight: Decimal
    scale_id: int
    value: str
    sign: str
    points: Decimal | None


async def accept(uow: UnitOfWork, acceptances: Sequence[Acceptance]) -> None:
    """Let what is current follow students to where they were accepted.

    In any order: whoever took marks from the organization of an acceptance takes those that it brings too.
    """
    await rosters.hold_merges(uow)
    living = await rosters.living(uow, {one.student_id for one in acceptances})
    await partitions.ensure(uow.session, {academic_year(one.effective_date) for one in acceptances})
    for one in acceptances:
        student = living.get(one.student_id, one.student_id)
        statement = await repository.accept(
            uow.session,
            organization=one.to_organization_id,
            year=academic_year(one.effective_date),
            id=one.transfer_id,
            student=student,
            recorded_as=one.student_id if student != one.student_id else None,
            arrived_on=one.effective_date,
            source=one.from_organization_id,
            acceptance=one.acceptance_id,
        )
        if statement is not None:
            await _take(uow, statement, anew=True, known=set())


async def _take(uow: UnitOfWork, statement: Taken, *, anew: bool, known: set[UUID]) -> None:
    """Take a statement, then those that are taken from where it brings marks."""
    known.add(statement.id)
    await take(uow.session, statement, anew=anew)
    onward = await repository.of_students(
        uow.session, [statement.student_id], statement.academic_year, statement.organization_id
    )
    for other in onward:
        if other.id not in known and other.arrived_on > statement.arrived_on:
            await _take(uow, other, anew=False, known=known)


async def follow(uow: UnitOfWork, after: tuple[dt.date, UUID], limit: int) -> tuple[dt.date, UUID] | None:
    """Take anew a page of the statements of recent arrivals, and of those to come; where the next one begins, if there is one."""
    today = uow.clock.today()
    until = today + dt.timedelta(days=366)
    found = await repository.recent(uow.session, today - dt.timedelta(days=FOLLOWED_DAYS), until, after, limit)
    await rosters.hold_merges(uow)
    for statement in found:
        await take(uow.session, statement, anew=statement.arrived_on > today)
    return (found[-1].arrived_on, found[-1].id) if len(found) == limit else None


async def apply_merges(
    uow: UnitOfWork, merges: Collection[tuple[UUID, UUID | None]], parted: Iterable[UUID] = ()
) -> None:
    """Let what a card brought be brought by the child it was merged into, or by itself again, with the marks of both.

    ``parted``: the children that cards were said to be until now.
    """
    concerned = set(parted)
    for student_id, merged_into in merges:
        concerned |= {student_id, *([merged_into] if merged_into else [])}
        concerned.update(await repository.students_of(uow.session, student_id))
        await repository.move(uow.session, student_id, merged_into)
    for statement in await repository.of_students(uow.session, concerned):
        await take(uow.session, statement, anew=False)


async def works(
    uow: UnitOfWork,
    organization_id: UUID,
    year: int,
    course_id: UUID,
    students: Collection[UUID],
    days: tuple[dt.date, dt.date],
) -> list[Brought]:
    """Marks of works that students brought to a course, of days within ``days``, both included."""
    return await _counted(uow, Kind.WORK, organization_id, year, course_id, students, days)


async def periods(
    uow: UnitOfWork,
    organization_id: UUID,
    year: int,
    course_id: UUID,
    students: Collection[UUID],
    days: tuple[dt.date, dt.date],
) -> list[Brought]:
    """Marks of periods that students brought to a course, of periods within ``days``, both included."""
    return await _counted(uow, Kind.PERIOD, organization_id, year, course_id, students, days)


async def _counted(
    uow: UnitOfWork,
    kind: Kind,
    organization_id: UUID,
    year: int,
    course_id: UUID,
    students: Collection[UUID],
    days: tuple[dt.date, dt.date],
) -> list[Brought]:
    rows = await repository.counted(
        uow.session,
        organization=organization_id,
        year=year,
        course=course_id,
        students=list(students),
        kind=kind,
        first_day=days[0],
        last_day=days[1],
    )
    return [
        Brought(
            row.student_id, row.first_day, row.last_day, row.title, row.weight,
            row.scale_id, row.value, row.sign, row.points,
        )
        for row in rows
    ]  # fmt: skip


async def of_journal(
    uow: UnitOfWork, principal: Principal, journal_id: UUID
) -> tuple[journals.Journal, Sequence[rosters.Learner], Sequence[Any]]:
    """What students of a journal brought that counts in its course, and what nobody has said the course of; audited."""
    journal, _ = await journals.whole(uow, principal, journal_id)
    learners = (await rosters.learners(uow, [journal.learners_id])).get(journal.learners_id)
    if learners is None:
        raise NotFoundError
    students = await rosters.learners_within(
        uow, journal.organization_id, journal.academic_year, journal.learners_id, learners.starts_on, learners.ends_on
    )
    ids = [one.student_id for one in students]
    found = await repository.of_course(
        uow.session, ids, journal.academic_year, journal.organization_id, journal.subject_id or journal.id
    )
    await audit.record(uow, principal, "journal.brought.read", sorted({row.student_id for row in found}))
    return journal, students, found


async def of_student(uow: UnitOfWork, principal: Principal, student_id: UUID, year: int) -> Sequence[Any]:
    """All that a student brought in a school year: to the family wherever it is, to staff what their organization got.

    Staff see students who were in their organization that year, a teacher those of the own class; their reading is audited.
    """
    family = principal.role in _FAMILY
    if family:
        may = access.is_family(principal, student_id, uow.clock.today())
    else:
        since, until = dt.date(year, 9, 1), dt.date(year + 1, 9, 1)
        may = access.was_in(principal.unit.organization_id, student_id, since, until)
        if principal.role is Role.TEACHER:
            may &= access.is_led_by(principal, student_id, uow.clock.today())
    if not await repository.holds(uow.session, may):
        raise NotFoundError
    if not family:
        await audit.record(uow, principal, "student.brought.read", [student_id])
    return await repository.listed(uow.session, [student_id], year, None if family else principal.unit.organization_id)
