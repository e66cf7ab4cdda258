"""The marks of students that means are made of: one reading of them, for whoever suggests totals, watches them or shows means."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.totals import repository
from sgo_journal.totals.means import Mark


@dataclass(frozen=True, slots=True)
class Given:
    """A mark as it was set, in a journal of a course; its code is of the scale ``scale_id``."""

    student_id: UUID
    course_id: UUID
    journal_id: UUID
    scale_id: int
    mark: Mark


def carried(row: Any) -> Mark:
    """A mark that was brought from another school, of a row of ``transfers``; its code is of the scale of the row."""
    return Mark(row.sign, row.points, row.weight, row.title, row.first_day, row.value, brought=True)


async def own(
    uow: UnitOfWork,
    organization_id: UUID,
    academic_year: int,
    students: Collection[UUID],
    days: tuple[dt.date, dt.date],
    course_id: UUID | None = None,
) -> list[Given]:
    """Marks of students within ``days``, both included, in a course of an organization or in all, in the order of the lessons.

    Whatever class or subgroup the student was in, then or by now: a move loses none. Debts count as they stand today.
    """
    key, today = (organization_id, academic_year), uow.clock.today()
    return [
        Given(
            *(row.student_id, row.course_id, row.journal_id, row.scale_id),
            Mark(row.sign, row.points, row.weight, row.title, row.date, row.code, overdue_as=row.overdue_as),
        )
        for row in await repository.marks(uow.session, *key, students, days, today, course_id)
    ]
