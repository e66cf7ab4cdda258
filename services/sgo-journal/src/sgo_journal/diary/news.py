"""SQL of what is new in diaries: what was written since a reader's last visit, of one child or of several."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

Place = tuple[dt.datetime, UUID]
"""When something was written, and its id: the key of a page."""

_NEW = """
WITH child AS MATERIALIZED (
    SELECT s.id, greatest(CAST(:longest AS timestamptz), (
           SELECT max(v.visited_at) FROM diary_visit AS v WHERE v.student_id = ANY (cards_of(s.id)) AND v.reader_id = :reader)) AS since
      FROM unnest(CAST(:students AS uuid[])) AS s (id)
), taught AS MATERIALIZED (
    SELECT DISTINCT ON (s.id, l.organization_id, l.academic_year, l.id) s.id AS student_id, s.since, l.organization_id, l.academic_year,
           l.id, l.date, l.journal_id
      FROM child AS s
      JOIN roster_stay AS r ON r.student_id = s.id AND r.valid_from <= :last AND (r.valid_to IS NULL OR r.valid_to > :first)
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
           AND l.learners_id = r.learners_id AND l.date BETWEEN :first AND :last
           AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
), fresh AS (
    SELECT l.student_id, 'mark' AS kind, m.id, l.organization_id, l.academic_year, l.journal_id, l.id AS lesson_id, l.date,
           v.sign AS text, m.comment, closed.sign AS closed_debt, m.due_on, m.changed_at AS at, m.changed_by AS by
      FROM taught AS l
      JOIN mark AS m ON m.organization_id = l.organization_id AND m.academic_year = l.academic_year AND m.lesson_id = l.id
           AND m.student_id = l.student_id AND m.changed_at > l.since
      LEFT JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value
      LEFT JOIN LATERAL (
           SELECT o.sign FROM record_change AS c
             JOIN scale_value AS o ON o.scale_id = c.old_scale_id AND o.code = c.old_value AND o.debt
            WHERE c.organization_id = m.organization_id AND c.academic_year = m.academic_year AND c.lesson_id = m.lesson_id
              AND c.cell_id = m.id AND c.changed_at > l.since AND m.version > 1 AND NOT m.debt
            ORDER BY c.version DESC LIMIT 1) AS closed ON true
     WHERE m.value IS NOT NULL OR closed.sign IS NOT NULL
     UNION ALL
    SELECT l.student_id, 'attendance', a.id, l.organization_id, l.academic_year, l.journal_id, l.id, l.date,
           c.title, NULL, NULL, NULL, a.changed_at, a.changed_by
      FROM taught AS l
      JOIN attendance AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year AND a.lesson_id = l.id
           AND a.student_id = l.student_id AND a.changed_at > l.since
      JOIN attendance_code AS c ON c.code = a.code
     UNION ALL
    SELECT l.student_id, 'homework', h.id, l.organization_id, l.academic_year, l.journal_id, l.id, l.date,
           h.text, NULL, NULL, NULL, h.created_at, h.author_id
      FROM taught AS l
      JOIN homework AS h ON h.organization_id = l.organization_id AND h.academic_year = l.academic_year AND h.lesson_id = l.id
           AND h.removed_at IS NULL AND h.created_at > l.since
     WHERE NOT h.individual OR EXISTS (
           SELECT FROM homework_student AS o
            WHERE o.organization_id = h.organization_id AND o.academic_year = h.academic_year AND o.homework_id = h.id
              AND o.student_id = l.student_id)
     UNION ALL
    -- Of a lesson still to come the last that was decided; who in the office did it is nobody's affair.
    SELECT l.student_id, c.action, c.id, l.organization_id, l.academic_year, l.journal_id, l.id, l.date, NULL, NULL, NULL, NULL,
           c.changed_at, NULL
      FROM taught AS l
     CROSS JOIN LATERAL (
           SELECT c.action, c.id, c.changed_at FROM lesson_change AS c
            WHERE c.organization_id = l.organization_id AND c.academic_year = l.academic_year AND c.lesson_id = l.id
              AND c.action IN ('changed', 'cancelled', 'restored') AND c.changed_at > l.since
            ORDER BY c.id DESC LIMIT 1) AS c
     WHERE l.date >= :today
     UNION ALL
    SELECT s.id, 'total', t.id, t.organization_id, t.academic_year, t.journal_id, NULL, t.last_day, v.sign, NULL, NULL, NULL,
           t.changed_at, t.changed_by
      FROM child AS s
     CROSS JOIN LATERAL (
           SELECT DISTINCT r.organization_id, r.academic_year FROM roster_stay AS r WHERE r.student_id = s.id) AS r
      JOIN total AS t ON t.organization_id = r.organization_id AND t.academic_year = r.academic_year AND t.student_id = s.id
           AND t.changed_at > s.since
      JOIN scale_value AS v ON v.scale_id = t.scale_id AND v.code = t.value
)
"""
_PAGE = """
SELECT n.kind, n.id, n.lesson_id, n.date, n.text, n.comment, n.closed_debt, n.due_on, n.at, (
           SELECT coalesce((
                      SELECT o.title FROM total AS t JOIN subject AS o ON o.id = t.course_id
                       WHERE n.kind = 'total' AND t.organization_id = n.organization_id AND t.academic_year = n.academic_year
                         AND t.id = n.id AND t.course_id <> coalesce(j.subject_id, j.id)), j.title, s.title)
             FROM journal AS j LEFT JOIN subject AS s ON s.id = j.subject_id
            WHERE j.organization_id = n.organization_id AND j.academic_year = n.academic_year AND j.id = n.journal_id) AS subject,
       (SELECT concat_ws(' ', w.last_name, w.first_name, w.middle_name) FROM worker AS w WHERE w.id = n.by) AS by
  FROM fresh AS n
 WHERE CAST(:at AS timestamptz) IS NULL OR (n.at, n.id) < (CAST(:at AS timestamptz), CAST(:id AS uuid))
 ORDER BY n.at DESC, n.id DESC LIMIT :limit
"""
_COUNT = "SELECT s.id, (SELECT count(*) FROM fresh AS n WHERE n.student_id = s.id) AS news FROM child AS s"
_NEW_PAGE, _NEW_COUNT = text(_NEW + _PAGE), text(_NEW + _COUNT)


@dataclass(frozen=True)
class Since:
    """What counts as new to a reader: written after the last visit and after ``longest``, at lessons of days around ``today``."""

    reader: UUID
    longest: dt.datetime
    today: dt.date
    first: dt.date
    last: dt.date


async def page(session: AsyncSession, since: Since, student_id: UUID, after: Place | None, limit: int) -> Sequence[Any]:
    """What is new of a child, the newest first, one more than ``limit``."""
    at, key = after or (None, None)
    given = {**vars(since), "students": [student_id], "at": at, "id": key, "limit": limit + 1}
    return (await session.execute(_NEW_PAGE, given)).all()


async def count(session: AsyncSession, since: Since, students: Collection[UUID]) -> dict[UUID, int]:
    """How much is new of each child."""
    rows = await session.execute(_NEW_COUNT, {**vars(since), "students": list(students)})
    return {row.id: row.news for row in rows}
