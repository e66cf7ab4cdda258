"""All SQL of the debts."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

Place = tuple[dt.date | None, UUID]
"""When a debt is due and its id: the key of a page. Those without a day stand last."""

_OPEN = text("""
SELECT m.id, m.student_id, l.journal_id, l.learners_id, coalesce(j.title, s.title, '') AS subject, m.lesson_id, l.date, l.teacher_id,
       m.work, w.title AS work_title, v.code AS value, v.sign, m.comment, m.version, m.changed_at AS noted_at, m.due_on,
       coalesce(m.due_on < :today, false) AS overdue
  FROM mark AS m
  JOIN lesson AS l ON l.organization_id = m.organization_id AND l.academic_year = m.academic_year AND l.id = m.lesson_id
       AND l.state = 'planned'
  JOIN journal AS j ON j.organization_id = l.organization_id AND j.academic_year = l.academic_year AND j.id = l.journal_id
  JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value
  LEFT JOIN subject AS s ON s.id = j.subject_id
  LEFT JOIN lesson_work AS w ON w.organization_id = m.organization_id AND w.academic_year = m.academic_year
       AND w.lesson_id = m.lesson_id AND w.number = m.work
 WHERE m.organization_id = :organization AND m.academic_year = :year AND m.debt
   AND (CAST(:own AS uuid[]) IS NULL OR l.journal_id = ANY (:own))
   AND (CAST(:journal AS uuid) IS NULL OR l.journal_id = :journal)
   AND (CAST(:learners AS uuid[]) IS NULL OR l.learners_id = ANY (:learners))
   AND (CAST(:student AS uuid) IS NULL OR m.student_id = :student)
   AND (NOT :overdue OR m.due_on < :today)
   AND (CAST(:after AS uuid) IS NULL OR CASE
        WHEN CAST(:after_day AS date) IS NULL THEN m.due_on IS NULL AND m.id > :after
        ELSE m.due_on IS NULL OR (m.due_on, m.id) > (:after_day, :after) END)
 ORDER BY m.due_on, m.id LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which open debts: of a year, of journals (``own``), of one journal, of learners, of a student; none of these: of all.

    ``overdue``: only those that were to be closed before ``today``.
    """

    organization_id: UUID
    academic_year: int
    today: dt.date
    own: Collection[UUID] | None = None
    journal_id: UUID | None = None
    learners: Collection[UUID] | None = None
    student_id: UUID | None = None
    overdue: bool = False


async def page(session: AsyncSession, asked: Asked, after: Place | None, limit: int) -> Sequence[Any]:
    """Open debts, those due first at the head, one more than ``limit``."""
    day, key = after or (None, None)
    given = {
        "organization": asked.organization_id,
        "year": asked.academic_year,
        "today": asked.today,
        "own": None if asked.own is None else list(asked.own),
        "journal": asked.journal_id,
        "learners": None if asked.learners is None else list(asked.learners),
        "student": asked.student_id,
        "overdue": asked.overdue,
        "after": key,
        "after_day": day,
        "limit": limit + 1,
    }
    return (await session.execute(_OPEN, given)).all()
