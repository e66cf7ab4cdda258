"""The page of a journal: four statements whatever its size — the journal, its students, its lessons, their cells.

What students brought from other schools is read beside it (``transfers``): few journals have any.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.places import Place
from sgo_journal.marks import service as marks
from sgo_journal.rosters import service as rosters


@dataclass(frozen=True)
class Page:
    """A journal over some days."""

    journal: journals.Journal
    title: str
    students: Sequence[rosters.Learner]
    lessons: Sequence[tuple[lessons.Lesson, list[dict[str, Any]]]]
    cells: Sequence[Any]


async def read_page(
    uow: UnitOfWork,
    principal: Principal,
    journal_id: UUID,
    since: dt.date,
    until: dt.date,
    after: Place | None,
    limit: int,
) -> Page:
    """Students who were taught in a journal within [since, until], its lessons and what stands in their cells.

    One lesson more than ``limit`` is read; who stands in for a lesson or two sees those alone, and who was there then. The reading
    is audited.
    """
    journal, title, whole = await journals.seen(uow, principal, journal_id)
    students = await rosters.learners_within(
        uow, journal.organization_id, journal.academic_year, journal.learners_id, since, until
    )
    given_by = None if whole else principal.person_id
    found = await lessons.of_journal(uow, journal, since, until, after, limit, given_by)
    if not whole:
        students = [one for one in students if any(one.is_there(lesson.date) for lesson, _ in found)]
    shown = [lesson.id for lesson, _ in found[:limit]]
    cells = await marks.of_lessons(uow, journal.organization_id, journal.academic_year, shown)
    await audit.record(uow, principal, "journal.page.read", [student.student_id for student in students])
    return Page(journal, title, students, found, cells)
