"""A day of a class or group: who was told to be absent and whether they were, whose absence nobody explained."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from asu_contracts.access import Role
from servicekit import audit
from servicekit.errors import ForbiddenError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.absence_notices import repository, service
from sgo_journal.absence_notices.errors import SuggestionDaysError
from sgo_journal.absence_notices.service import AbsenceNotice
from sgo_journal.journals import service as journals
from sgo_journal.lessons import service as lessons
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import RosterLine
from sgo_journal.staff import service as staff

_LONGEST = dt.timedelta(days=92)


class Suggested(NamedTuple):
    """A code that is offered for days of a student."""

    student_id: UUID
    first_day: dt.date
    last_day: dt.date
    code: str
    sign: str
    title: str


@dataclass(frozen=True)
class Day:
    """Students of a class or group on a day, what was told of them and what was noted."""

    organization_id: UUID
    students: Sequence[RosterLine]
    told: Mapping[UUID, AbsenceNotice]
    noted: Mapping[UUID, Any]

    @property
    def announced(self) -> list[tuple[RosterLine, AbsenceNotice, bool | None]]:
        """Who was told to be absent, and whether what was noted says so."""
        return [
            (one, self.told[one.student_id], self._absent(one)) for one in self.students if one.student_id in self.told
        ]

    @property
    def unexplained(self) -> list[tuple[RosterLine, Any]]:
        """Who was noted as absent and nobody told why, with what was noted."""
        return [
            (one, self.noted[one.student_id])
            for one in self.students
            if self._absent(one) and one.student_id not in self.told
        ]

    def _absent(self, one: RosterLine) -> bool | None:
        noted = self.noted.get(one.student_id)
        return None if noted is None else noted.missed > 0


async def read(uow: UnitOfWork, principal: Principal, group_id: UUID, day: dt.date) -> Day:
    """A day of a class or group, for the office and whoever leads it; the reading is audited."""
    group = await rosters.visible_learners(uow, principal, group_id)
    led = principal.role is not Role.TEACHER or await staff.leads(
        uow, principal.person_id, [group.class_id or group_id], uow.clock.today()
    )
    if not led:
        raise ForbiddenError
    key = group.organization_id, group.academic_year
    students = await rosters.roster(uow, *key, group_id, day)
    ids = [one.student_id for one in students]
    learners = {group_id, *await rosters.beside_class(uow, *key, group_id)}
    told = await service.told_of(uow, group.organization_id, ids, day)
    noted = await repository.noted(uow.session, key, learners, ids, day)
    await audit.record(uow, principal, "absence-notices.day", ids)
    return Day(group.organization_id, students, told, noted)


async def suggestions(
    uow: UnitOfWork, principal: Principal, journal_id: UUID, since: dt.date, until: dt.date
) -> Sequence[Any]:
    """Who of a journal was told to be absent within [since, until], and the code offered for it; audited.

    Who stands in for a lesson or two learns of their days alone. Why in the family's words is not the subject teacher's matter.
    Raises ``SuggestionDaysError``.
    """
    if not since <= until < since + _LONGEST:
        raise SuggestionDaysError
    journal, _, whole = await journals.seen(uow, principal, journal_id)
    key = journal.organization_id, journal.academic_year
    found = await repository.suggested(uow.session, key, journal.learners_id, since, until)
    if not whole:
        given = await lessons.days_given(uow, journal, principal.person_id, since, until)
        found = [
            Suggested(row.student_id, day, day, row.code, row.sign, row.title)
            for row in found
            for day in given
            if row.first_day <= day <= row.last_day
        ]
    await audit.record(uow, principal, "absence-notices.suggested", sorted({row.student_id for row in found}))
    return found
