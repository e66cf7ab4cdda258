"""All SQL of the diary but that of a week (``week``) and of what is new (``news``)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.diary.model import DiaryAcknowledgement, DiaryVisit


async def may_see(session: AsyncSession, may: ColumnElement[bool]) -> bool:
    """Whether a condition holds."""
    return bool(await session.scalar(select(may)))


_ATTENDED = text("""
WITH lessons AS MATERIALIZED (
    SELECT DISTINCT l.organization_id, l.academic_year, l.id, l.date
      FROM roster_stay AS r
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
           AND l.learners_id = r.learners_id AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
     WHERE r.student_id = :student AND l.date BETWEEN :since AND :until AND l.date <= :today AND l.state = 'planned'
       AND (CAST(:organization AS uuid) IS NULL OR l.organization_id = :organization)
       AND (CAST(:journals AS uuid[]) IS NULL OR l.teacher_id = :teacher OR l.journal_id = ANY (:journals))
)
SELECT c.code, c.sign, c.title, c.absent, count(l.id) AS lessons, count(DISTINCT l.date) AS days
  FROM lessons AS l
  LEFT JOIN attendance AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year
       AND a.lesson_id = l.id AND a.student_id = :student
  LEFT JOIN attendance_code AS c ON c.code = a.code
 GROUP BY c.code ORDER BY c.position NULLS FIRST
""")


async def attended(session: AsyncSession, **given: Any) -> Sequence[Any]:
    """Lessons and days within [since, until] by code of attendance; without a code the student was there."""
    return (await session.execute(_ATTENDED, given)).all()


async def visit(session: AsyncSession, student_id: UUID, reader_id: UUID, at: dt.datetime) -> dt.datetime:
    """Advance the reader's visit, never back; what it is now."""
    statement = insert(DiaryVisit).values(student_id=student_id, reader_id=reader_id, visited_at=at)
    statement = statement.on_conflict_do_update(
        index_elements=["student_id", "reader_id"],
        set_={"visited_at": text("greatest(diary_visit.visited_at, excluded.visited_at)")},
    )
    visited: dt.datetime = (await session.execute(statement.returning(DiaryVisit.visited_at))).scalar_one()
    return visited


async def acknowledge(
    session: AsyncSession, student_id: UUID, week: dt.date, guardian_id: UUID, at: dt.datetime
) -> None:
    """Keep that a guardian has looked a week through; the first time counts."""
    values = {"student_id": student_id, "week": week, "guardian_id": guardian_id, "acknowledged_at": at}
    await session.execute(insert(DiaryAcknowledgement).values(values).on_conflict_do_nothing())
