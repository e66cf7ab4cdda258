"""All SQL of the report cards but that of totals."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_PLACES = text("""
SELECT DISTINCT ON (p.organization_id) p.organization_id, o.full_name AS organization, p.group_id, g.name AS group_name,
       coalesce(p.grade, g.grade) AS grade
  FROM placement AS p
  JOIN directory_group AS g ON g.id = p.group_id
  JOIN directory_organization AS o ON o.id = p.organization_id
 WHERE p.student_id = :student AND p.academic_year = :year AND p.valid_from IS NOT NULL
   AND (p.valid_to IS NULL OR p.valid_to > p.valid_from)
   AND (CAST(:organization AS uuid) IS NULL OR p.organization_id = :organization)
 ORDER BY p.organization_id, p.main DESC, p.valid_from DESC
""")
_MARKS = text("""
WITH together AS MATERIALIZED (
    SELECT DISTINCT r.organization_id, r.academic_year, r.learners_id FROM roster_stay AS r
     WHERE r.student_id = :student AND r.valid_from <= :until AND (r.valid_to IS NULL OR r.valid_to > :since)
       AND (CAST(:organization AS uuid) IS NULL OR r.organization_id = :organization)
), taught AS MATERIALIZED (
    SELECT l.organization_id, l.academic_year, l.journal_id, l.date, l.number, l.id
      FROM together AS r
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
           AND l.learners_id = r.learners_id AND l.state = 'planned' AND l.date BETWEEN :since AND :until
), course AS MATERIALIZED (
    SELECT j.organization_id, j.academic_year, coalesce(j.subject_id, j.id) AS id, min(coalesce(j.title, s.title, '')) AS title,
           min(scale_of(j.scale_id, j.version > 1 OR j.subject_id IS NULL, j.learners_id)) AS scale_id
      FROM together AS r
      JOIN journal AS j ON j.organization_id = r.organization_id AND j.academic_year = r.academic_year AND j.learners_id = r.learners_id
      LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE CAST(:course AS uuid) IS NULL OR coalesce(j.subject_id, j.id) = :course
     GROUP BY 1, 2, 3
), marked AS (
    SELECT j.organization_id, coalesce(j.subject_id, j.id) AS course_id, l.date, l.number, l.id, m.work AS place,
           v.scale_id, coalesce(c.code, v.code) AS code, v.sign, coalesce(c.points, v.points) AS points, c.sign AS overdue_as,
           coalesce(w.weight, 1) AS weight, coalesce(w.title, w.kind, '') AS work, false AS brought
      FROM taught AS l
      JOIN journal AS j ON j.organization_id = l.organization_id AND j.academic_year = l.academic_year AND j.id = l.journal_id
      JOIN mark AS m ON m.organization_id = l.organization_id AND m.academic_year = l.academic_year AND m.lesson_id = l.id
           AND m.student_id = :student
      JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value
      LEFT JOIN scale_value AS c ON c.scale_id = m.scale_id
           AND c.code = counted_as(m.organization_id, m.scale_id, m.value, m.due_on, :today)
      LEFT JOIN lesson_work AS w ON w.organization_id = l.organization_id AND w.academic_year = l.academic_year
           AND w.lesson_id = l.id AND w.number = m.work
     UNION ALL
    SELECT c.organization_id, c.id, b.first_day, 0, b.id, 1, v.scale_id, v.code, v.sign, v.points, NULL, b.weight, b.title, true
      FROM course AS c
      JOIN brought AS b ON b.organization_id = c.organization_id AND b.academic_year = c.academic_year AND b.student_id = :student
           AND b.kind = 'work' AND b.first_day >= :since AND b.last_day <= :until
           AND CASE WHEN b.course_id IS NULL
                    THEN b.stands_for IN (c.id, (SELECT s.counts_as FROM subject AS s WHERE s.id = c.id))
                    ELSE b.course_id = c.id END
      JOIN scale_value AS v ON v.scale_id = b.scale_id AND v.code = b.value
)
SELECT c.organization_id, c.id AS course_id, c.title, c.scale_id AS counts_in,
       m.date, m.scale_id, m.code, m.sign, m.points, m.overdue_as, m.weight, m.work, m.brought
  FROM course AS c LEFT JOIN marked AS m ON m.organization_id = c.organization_id AND m.course_id = c.id
 ORDER BY c.title, c.organization_id, c.id, m.date, m.number, m.id, m.place
""")
_SCALE = text("""
SELECT v.code, v.sign, v.points
  FROM scale_value AS v
 WHERE v.active AND v.scale_id = (
       SELECT scale_of(j.scale_id, j.version > 1 OR j.subject_id IS NULL, j.learners_id)
         FROM roster_stay AS r
         JOIN journal AS j ON j.organization_id = r.organization_id AND j.academic_year = r.academic_year
              AND j.learners_id = r.learners_id AND coalesce(j.subject_id, j.id) = :course
        WHERE r.student_id = :student AND r.organization_id = :organization AND r.valid_from <= :until
        ORDER BY r.valid_from DESC, j.id LIMIT 1)
""")


async def places(session: AsyncSession, student_id: UUID, year: int, organization_id: UUID | None) -> Sequence[Any]:
    """Where a student was placed in a school year: the last class of each organization, or of one of them."""
    given = {"student": student_id, "year": year, "organization": organization_id}
    return (await session.execute(_PLACES, given)).all()


async def marks(
    session: AsyncSession,
    student_id: UUID,
    organization_id: UUID | None,
    days: tuple[dt.date, dt.date],
    today: dt.date,
    course_id: UUID | None = None,
) -> Sequence[Any]:
    """Marks of a student within ``days``, both included, by subject, brought ones too; a subject without marks is a row without a sign.

    A debt that is overdue ``today`` counts as in the totals.
    """
    given = {
        "student": student_id,
        "organization": organization_id,
        "since": days[0],
        "until": days[1],
        "today": today,
        "course": course_id,
    }
    return (await session.execute(_MARKS, given)).all()


async def scale(
    session: AsyncSession, student_id: UUID, organization_id: UUID, course_id: UUID, until: dt.date
) -> dict[str, Any]:
    """Values of the scale that a student is marked by in a subject, by code."""
    given = {"student": student_id, "organization": organization_id, "course": course_id, "until": until}
    return {row.code: row for row in await session.execute(_SCALE, given)}
