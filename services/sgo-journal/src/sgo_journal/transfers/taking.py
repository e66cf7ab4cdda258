# ruff: noqa: S608 - statements are put together of constants
"""How marks are copied from the school a student left: all of the school year before the day of arrival, whatever the periods are.

What is taken again is brought to what stands there now, but for what stands here in closed periods (``brought_is_closed`` of the
database). A mark that the student has in the new school itself, having studied there before, is not brought back to it. What was
brought to the school that was left goes on with the student also before it is told that the student came to that school: movements
and acceptances are told in any order, and what counts in a school is for the view ``brought`` of that school.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.transfers import holding

_SOURCE = """
WITH source AS MATERIALIZED (
    SELECT m.id, 'work' AS kind, coalesce(j.subject_id, j.id) AS course_id, l.date AS first_day, l.date AS last_day,
           coalesce(w.title, w.kind, '') AS title, coalesce(w.weight, 1) AS weight, m.scale_id, m.value,
           coalesce(j.title, s.title, '') AS subject,
           CASE WHEN s.organization_id IS NULL THEN j.subject_id ELSE s.counts_as END AS stands_for, true AS dated
      FROM mark AS m
      JOIN lesson AS l ON l.organization_id = m.organization_id AND l.academic_year = m.academic_year AND l.id = m.lesson_id
           AND l.date < :arrived_on AND l.state = 'planned'
      JOIN journal AS j ON j.organization_id = m.organization_id AND j.academic_year = m.academic_year AND j.id = l.journal_id
      LEFT JOIN subject AS s ON s.id = j.subject_id
      LEFT JOIN lesson_work AS w ON w.organization_id = m.organization_id AND w.academic_year = m.academic_year
           AND w.lesson_id = m.lesson_id AND w.number = m.work
     WHERE m.organization_id = :source AND m.academic_year = :year AND m.student_id = :student AND m.value IS NOT NULL
     UNION ALL
    SELECT t.id, 'period', t.course_id, t.first_day, t.last_day, t.period || '-й период', 1, t.scale_id, t.value,
           coalesce(j.title, s.title, ''),
           CASE WHEN s.organization_id IS NULL THEN j.subject_id ELSE s.counts_as END, true
      FROM total AS t
      JOIN journal AS j ON j.organization_id = t.organization_id AND j.academic_year = t.academic_year AND j.id = t.journal_id
      LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE t.organization_id = :source AND t.academic_year = :year AND t.student_id = :student AND t.kind = 'period'
       AND t.last_day < :arrived_on AND t.value IS NOT NULL
     UNION ALL
    (SELECT DISTINCT ON (b.source_id) b.source_id, b.kind, u.source_id, b.first_day, b.last_day, b.title, b.weight, b.scale_id, b.value,
            u.title, u.stands_for, b.dated
       FROM brought_statement AS a
       JOIN brought_subject AS u ON u.organization_id = a.organization_id AND u.academic_year = a.academic_year
            AND u.statement_id = a.id
       JOIN brought_mark AS b ON b.organization_id = a.organization_id AND b.academic_year = a.academic_year
            AND b.subject_id = u.id AND b.value IS NOT NULL AND b.last_day < :arrived_on
      WHERE a.organization_id = :source AND a.academic_year = :year AND a.student_id = :student AND a.arrived_on < :arrived_on
        AND NOT EXISTS (SELECT FROM mark AS m
                         WHERE m.organization_id = :organization AND m.academic_year = :year AND m.id = b.source_id)
        AND NOT EXISTS (SELECT FROM total AS t
                         WHERE t.organization_id = :organization AND t.academic_year = :year AND t.id = b.source_id)
        AND NOT EXISTS (SELECT FROM brought AS o
                         WHERE o.organization_id = :organization AND o.academic_year = :year AND o.student_id = :student
                           AND o.from_organization_id IS NULL AND o.source_id = b.source_id)
      ORDER BY b.source_id, a.arrived_on DESC, a.id DESC)
)
"""
_HOLD = text("""
SELECT student_id, from_organization_id, arrived_on
  FROM brought_statement WHERE organization_id = :organization AND academic_year = :year AND id = :statement FOR UPDATE
""")
_TAKE_SUBJECTS = text(
    _SOURCE
    + """
INSERT INTO brought_subject AS u (organization_id, academic_year, id, statement_id, source_id, title, stands_for, version)
SELECT :organization, :year, ordered_uuid(), :statement, s.course_id, min(s.subject), min(s.stands_for::text)::uuid, 1
  FROM source AS s GROUP BY s.course_id
    ON CONFLICT (organization_id, academic_year, statement_id, source_id) DO UPDATE
       SET title = excluded.title, stands_for = excluded.stands_for
     WHERE NOT :adding AND (u.title, u.stands_for) IS DISTINCT FROM (excluded.title, excluded.stands_for)
       AND NOT brought_stands(u.organization_id, u.academic_year, u.statement_id, u.id)
"""
)
_TAKE_MARKS = text(
    _SOURCE
    + """
, closed AS MATERIALIZED (
    SELECT s.first_day FROM (
        SELECT first_day FROM source
         UNION
        SELECT m.first_day FROM brought_subject AS u
          JOIN brought_mark AS m ON m.organization_id = u.organization_id AND m.academic_year = u.academic_year
               AND m.subject_id = u.id
         WHERE u.organization_id = :organization AND u.academic_year = :year AND u.statement_id = :statement) AS s
     WHERE NOT :filling AND brought_is_closed(:organization, :year, :student, s.first_day)
), gone AS (
    DELETE FROM brought_mark AS m USING brought_subject AS u
     WHERE NOT :adding AND u.organization_id = :organization AND u.academic_year = :year AND u.statement_id = :statement
       AND m.organization_id = :organization AND m.academic_year = :year AND m.subject_id = u.id
       AND NOT EXISTS (SELECT FROM source AS s WHERE s.id = m.source_id AND s.course_id = u.source_id)
       AND NOT EXISTS (SELECT FROM closed AS c WHERE c.first_day = m.first_day)
)
INSERT INTO brought_mark AS m (organization_id, academic_year, id, subject_id, source_id, kind, first_day, last_day, title, weight,
                               scale_id, value, dated)
SELECT :organization, :year, ordered_uuid(), u.id, s.id, s.kind, s.first_day, s.last_day, s.title, s.weight, s.scale_id, s.value,
       s.dated
  FROM source AS s
  JOIN brought_subject AS u ON u.organization_id = :organization AND u.academic_year = :year AND u.statement_id = :statement
       AND u.source_id = s.course_id
 WHERE NOT EXISTS (SELECT FROM closed AS c WHERE c.first_day = s.first_day)
    ON CONFLICT (organization_id, academic_year, subject_id, source_id) DO UPDATE
       SET first_day = excluded.first_day, last_day = excluded.last_day, title = excluded.title, weight = excluded.weight,
           scale_id = excluded.scale_id, value = excluded.value, dated = excluded.dated
     WHERE NOT :adding AND NOT EXISTS (SELECT FROM closed AS c WHERE c.first_day = m.first_day)
       AND (m.first_day, m.last_day, m.title, m.weight, m.scale_id, m.value, m.dated)
           IS DISTINCT FROM (excluded.first_day, excluded.last_day, excluded.title, excluded.weight, excluded.scale_id, excluded.value,
                             excluded.dated)
"""
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A statement to be filled: of whom, whither, whence, with marks of days before which."""

    organization_id: UUID
    academic_year: int
    id: UUID
    student_id: UUID
    from_organization_id: UUID
    arrived_on: date


class Mode(Enum):
    """What becomes of what a statement has."""

    FILL = "fill"
    """It has nothing yet: it is given all that there is, also in days that are closed here by now."""
    FOLLOW = "follow"
    """It is brought to what stands at the other school, but in closed days."""
    ADD = "add"
    """What it has stays as it is; what it lacks is added, but in closed days."""


async def take(session: AsyncSession, statement: Taken, mode: Mode) -> None:
    """Take for a statement, as it stands by now, what stands in the journals of the other school. No period is closed meanwhile."""
    key = {"organization": statement.organization_id, "year": statement.academic_year, "statement": statement.id}
    student, source, arrived_on = (await session.execute(_HOLD, key)).one()
    await holding.hold_periods(session, statement.organization_id, statement.academic_year, student)
    given = {**key, "student": student, "source": source, "arrived_on": arrived_on, "adding": mode is Mode.ADD}
    await session.execute(_TAKE_SUBJECTS, given)
    await session.execute(_TAKE_MARKS, {**given, "filling": mode is Mode.FILL})
