"""A student's week, for the family and for the staff of the organization."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from asu_contracts.access import Role
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import WEEK
from sgo_journal.diary.errors import NotMondayError
from sgo_journal.lessons import service as lessons
from sgo_journal.marks import service as marks
from sgo_journal.marks.service import StudentCells
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Stay


@dataclass(frozen=True)
class Week:
    """Lessons of a week, each with what is noted of the student there, and what they are called."""

    lessons: Sequence[lessons.Lesson]
    cells: Mapping[UUID, StudentCells]
    subjects: Mapping[UUID, str]


async def read_week(uow: UnitOfWork, principal: Principal, student_id: UUID, monday: dt.date) -> Week:
    """A student's lessons of the week that begins on ``monday``.

    A guardian sees every organization's lessons of a child whose guardianship is in force today and lets the guardian see;
    staff see those of their own organization if the child was in it that week, a teacher only the teacher's own, and the
    reading is audited. Anyone else finds nothing.
    """
    if monday.weekday() != 0:
        raise NotMondayError
    stays = await _visible_stays(uow, principal, student_id, monday)
    found = await lessons.lessons_of_student(uow, principal, stays, monday, monday + WEEK)
    ids = [lesson.id for lesson in found]
    return Week(found, await marks.of_student(uow, student_id, ids), await lessons.subjects_of(uow, ids))


async def _visible_stays(uow: UnitOfWork, principal: Principal, student_id: UUID, monday: dt.date) -> list[Stay]:
    if principal.role is Role.GUARDIAN:
        if principal.person_id is None or not await rosters.may_see(uow, principal.person_id, student_id):
            raise NotFoundError
        return await rosters.stays(uow, student_id, monday, monday + WEEK)
    organization_id = principal.unit.organization_id
    if organization_id is None:
        raise NotFoundError
    stays = await rosters.stays(uow, student_id, monday, monday + WEEK, organization_id)
    if not stays:
        raise NotFoundError
    await audit.record(uow, principal, "student.diary.read", [student_id])
    return stays
