"""Use cases of the debts."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from orgdirectory import require_visible
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.debts import repository
from sgo_journal.debts.repository import Asked, Place
from sgo_journal.journals import service as journals
from sgo_journal.rosters import service as rosters


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the debts the caller sees are asked for; ``learners_id``: of a class, its subgroups too."""

    academic_year: int
    journal_id: UUID | None = None
    learners_id: UUID | None = None
    student_id: UUID | None = None
    overdue: bool = False


async def list_open(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, wanted: Wanted, after: Place | None, limit: int
) -> tuple[Sequence[Any], Mapping[UUID, str]]:
    """Open debts, those due first at the head, one more than ``limit``, and the names of their students; audited.

    To the office of all the organization, to a teacher of the own journals and of those of the own class.
    """
    await require_visible(uow, principal, organization_id)
    today = uow.clock.today()
    asked = Asked(
        organization_id,
        wanted.academic_year,
        today,
        own=await _own(uow, principal, today),
        journal_id=wanted.journal_id,
        learners=await _learners(uow, wanted.learners_id),
        student_id=wanted.student_id,
        overdue=wanted.overdue,
    )
    found = await repository.page(uow.session, asked, after, limit)
    students = sorted({row.student_id for row in found[:limit]})
    if students:
        await audit.record(uow, principal, "debts.read", students)
    return found, await rosters.names_of(uow, students)


async def _own(uow: UnitOfWork, principal: Principal, today: dt.date) -> Collection[UUID] | None:
    """A teacher's journals; of others none are asked about."""
    if principal.role is not Role.TEACHER:
        return None
    return (await uow.session.scalars(journals.own_of(principal, today))).all()


async def _learners(uow: UnitOfWork, learners_id: UUID | None) -> Collection[UUID] | None:
    return None if learners_id is None else {learners_id} | await rosters.subgroups_of(uow, learners_id)
