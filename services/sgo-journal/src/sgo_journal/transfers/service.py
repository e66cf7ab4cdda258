"""Use cases of what was brought: for core's acceptances, for the totals, for who reads it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from asu_contracts.access import FAMILY, Role
from servicekit import audit, partitions
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.files import service as files
from sgo_journal.files.service import AttachedFile
from sgo_journal.journals import service as journals
from sgo_journal.rosters import access
from sgo_journal.rosters import service as rosters
from sgo_journal.transfers import holding, repository
from sgo_journal.transfers.model import Kind
from sgo_journal.transfers.taking import Mode, Taken, take

__all__ = ["Kind"]

FOLLOWED_DAYS = 14
"""For how many days after an arrival what is still written at the school that was left is brought too: teachers fill in late."""
_FOLLOWED = dt.timedelta(days=FOLLOWED_DAYS)


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
    """A brought mark that counts, of a day or of a period."""

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
    students = {living.get(one.student_id, one.student_id) for one in acceptances}
    await holding.hold_students(uow.session, students)
    await partitions.ensure(uow.session, {academic_year(one.effective_date) for one in acceptances})
    news: set[UUID] = set()
    empty: set[UUID] = set()
    for one in acceptances:
        student = living.get(one.student_id, one.student_id)
        kept = await repository.accept(
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
        if kept is not None:
            statement, inserted = kept
            news.add(statement.id)
            if inserted:
                empty.add(statement.id)
    if news:
        for statement in _onward(await repository.of_students(uow.session, students), news):
            await take(uow.session, statement, Mode.FILL if statement.id in empty else Mode.FOLLOW)


def _onward(statements: Sequence[Taken], news: Collection[UUID]) -> list[Taken]:
    """Of statements, the earliest arrival first, those that are news and those taken from where they bring marks."""
    found: list[Taken] = []
    for one in statements:
        if one.id in news or any(_follows(one, earlier) for earlier in found):
            found.append(one)
    return found


def _follows(one: Taken, earlier: Taken) -> bool:
    """Whether a statement is taken from where another of the student brought marks before."""
    there = (earlier.student_id, earlier.academic_year, earlier.organization_id)
    return (
        one.student_id,
        one.academic_year,
        one.from_organization_id,
    ) == there and earlier.arrived_on < one.arrived_on


async def recent(uow: UnitOfWork, after: tuple[dt.date, UUID], limit: int) -> list[Taken]:
    """A page of the statements of recent arrivals and of those to come, by day of arrival and id."""
    today = uow.clock.today()
    until = today + dt.timedelta(days=366)
    return await repository.recent(uow.session, today - _FOLLOWED, until, after, limit)


async def follow(uow: UnitOfWork, statement: Taken) -> None:
    """Take a statement anew, as one card's or another's: nobody is merged meanwhile."""
    await rosters.hold_merges(uow)
    await take(uow.session, statement, Mode.FOLLOW)


async def apply_merges(
    uow: UnitOfWork, merges: Collection[tuple[UUID, UUID | None]], parted: Iterable[UUID] = ()
) -> None:
    """Let what a card brought be brought by the child it was merged into, or by itself again, with the marks of both.

    What arrived long ago keeps what it has, and is added what it lacks: it is brought to what stands at the other school by now only
    where something there is another child's now. ``parted``: the children that cards were said to be until now.
    """
    parted = {*parted, *(card for card, merged_into in merges if merged_into is None)}
    concerned = set(parted)
    for student_id, merged_into in merges:
        concerned |= {student_id, *([merged_into] if merged_into else [])}
        concerned.update(await repository.students_of(uow.session, student_id))
        await repository.move(uow.session, student_id, merged_into)
    since, lost = uow.clock.today() - _FOLLOWED, list[Taken]()
    for one in await repository.of_students(uow.session, concerned):
        others = concerned - {one.student_id}
        if one.student_id in parted and (
            any(_follows(one, earlier) for earlier in lost)
            or await repository.has_any(uow.session, one.from_organization_id, one.academic_year, others)
        ):
            lost.append(one)
        await take(uow.session, one, Mode.ADD if one not in lost and one.arrived_on < since else Mode.FOLLOW)


async def bring_on(uow: UnitOfWork, organization_id: UUID, year: int, student_id: UUID, arrived_on: dt.date) -> None:
    """Let what was changed of an arrival follow the student to where the student has gone from there; to what came long ago add alone."""
    since, reached = uow.clock.today() - _FOLLOWED, [(organization_id, arrived_on)]
    for one in await repository.of_students(uow.session, [student_id]):
        left = [day for place, day in reached if place == one.from_organization_id]
        if one.academic_year == year and any(day < one.arrived_on for day in left):
            reached.append((one.organization_id, one.arrived_on))
            await take(uow.session, one, Mode.ADD if one.arrived_on < since else Mode.FOLLOW)


async def counted(
    uow: UnitOfWork,
    kind: Kind,
    organization_id: UUID,
    year: int,
    course_id: UUID,
    students: Collection[UUID],
    days: tuple[dt.date, dt.date],
) -> list[Brought]:
    """Marks of a kind that students brought to a course, of days or periods within ``days``, both included."""
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
    return [Brought(*row) for row in rows]


async def periods_of(uow: UnitOfWork, organization_id: UUID, year: int, student_id: UUID) -> list[Any]:
    """Marks of periods that a student brought to an organization in a school year; who asks was judged before."""
    rows = await repository.listed(uow.session, [student_id], year, organization_id)
    return [row for row in rows if row.kind == Kind.PERIOD]


def whence(row: Any) -> str:
    """Where a brought mark is from, in the words of a printed document: the school, and by which paper, or by a transfer."""
    number = "" if row.document_number is None else f" № {row.document_number}"
    by = "по переводу" if row.document_date is None else f"из ведомости{number} от {row.document_date:%d.%m.%Y}"
    return ", ".join(one for one in (row.source, by) if one)


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


async def of_student(
    uow: UnitOfWork, principal: Principal, student_id: UUID, year: int
) -> tuple[Sequence[Any], Mapping[UUID, Sequence[AttachedFile]]]:
    """All that a student brought in a school year, and scans by statement: to the family wherever it is, to staff what theirs got."""
    await require_reader(uow, principal, student_id, year)
    organization_id = None if principal.role in FAMILY else principal.unit.organization_id
    rows = await repository.listed(uow.session, [student_id], year, organization_id)
    scans: dict[UUID, Sequence[AttachedFile]] = {}
    for place in {row.organization_id for row in rows}:
        here = {row.statement_id for row in rows if row.organization_id == place}
        scans |= await files.of(uow, place, year, here)
    return rows, scans


async def require_reader(uow: UnitOfWork, principal: Principal, student_id: UUID, year: int) -> None:
    """Raise ``NotFoundError`` unless the caller is family, or staff as ``require_staff`` has it, whose reading is audited."""
    if principal.role not in FAMILY:
        await require_staff(uow, principal, student_id, year)
        await audit.record(uow, principal, "student.brought.read", [student_id])
    elif not await repository.holds(uow.session, access.is_family(principal, student_id, uow.clock.today())):
        raise NotFoundError


async def require_staff(uow: UnitOfWork, principal: Principal, student_id: UUID, year: int) -> UUID:
    """The caller's organization, if the student was in it that year and, of a teacher, is in the own class; or ``NotFoundError``."""
    organization_id = principal.unit.organization_id
    may = access.was_in(organization_id, student_id, dt.date(year, 9, 1), dt.date(year + 1, 9, 1))
    if principal.role is Role.TEACHER:
        may &= access.is_led_by(principal, student_id, uow.clock.today())
    if organization_id is None or not await repository.holds(uow.session, may):
        raise NotFoundError
    return organization_id
