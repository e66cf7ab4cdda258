"""All SQL of the diary but that of a week (``week``)."""

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


_NEWS = text("""
WITH since AS (
    SELECT greatest(coalesce(max(v.visited_at), :longest), :longest) AS at
      FROM diary_visit AS v WHERE v.student_id = ANY (cards_of(:student)) AND v.reader_id = :reader
), lessons AS MATERIALIZED (
    SELECT DISTINCT l.organization_id, l.academic_year, l.id, l.date, coalesce(j.title, s.title) AS subject
      FROM roster_stay AS r
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
           AND l.learners_id = r.learners_id AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
      JOIN journal AS j ON j.organization_id = l.organization_id AND j.academic_year = l.academic_year AND j.id = l.journal_id
      LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE r.student_id = :student AND l.date BETWEEN :first AND :last
)
SELECT 'mark' AS kind, l.id AS lesson_id, l.date, l.subject, v.sign AS text, m.comment, m.changed_at AS at
  FROM lessons AS l JOIN mark AS m ON m.organization_id = l.organization_id AND m.academic_year = l.academic_year
       AND m.lesson_id = l.id AND m.student_id = :student
  JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value, since
 WHERE m.changed_at > since.at
 UNION ALL
SELECT 'attendance', l.id, l.date, l.subject, c.title, NULL, a.changed_at
  FROM lessons AS l JOIN attendance AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year
       AND a.lesson_id = l.id AND a.student_id = :student
  JOIN attendance_code AS c ON c.code = a.code, since
 WHERE a.changed_at > since.at
 UNION ALL
SELECT 'homework', l.id, l.date, l.subject, h.text, NULL, h.created_at
  FROM lessons AS l JOIN homework AS h ON h.organization_id = l.organization_id AND h.academic_year = l.academic_year
       AND h.lesson_id = l.id, since
 WHERE h.removed_at IS NULL AND h.created_at > since.at
   AND (NOT h.individual OR EXISTS (
       SELECT FROM homework_student AS o
        WHERE o.organization_id = h.organization_id AND o.academic_year = h.academic_year AND o.homework_id = h.id
          AND o.student_id = :student))
 UNION ALL
(SELECT DISTINCT ON (l.id) c.action, l.id, l.date, l.subject, NULL, NULL, c.changed_at
   FROM lessons AS l JOIN lesson_change AS c ON c.organization_id = l.organization_id AND c.academic_year = l.academic_year
        AND c.lesson_id = l.id, since
  WHERE c.changed_at > since.at AND c.action IN ('changed', 'cancelled', 'restored') AND l.date >= :today
  ORDER BY l.id, c.id DESC)
 ORDER BY at DESC, lesson_id, kind
 LIMIT :limit
""")


async def news(session: AsyncSession, **given: Any) -> Sequence[Any]:
    """What was written since the reader's last visit, the newest first."""
    return (await session.execute(_NEWS, given)).all()


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
