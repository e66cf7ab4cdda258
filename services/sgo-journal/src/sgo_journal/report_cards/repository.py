"""All SQL of the report cards but that of totals and of the marks set here (``totals.counting``)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
_PLACED = text("""
SELECT organization_id, academic_year FROM placement
 WHERE student_id = :student AND academic_year = ANY (:years)
   AND (CAST(:organization AS uuid) IS NULL OR organization_id = :organization)
 UNION
SELECT organization_id, academic_year FROM teaching_group_stay
 WHERE student_id = :student AND academic_year = ANY (:years)
   AND (CAST(:organization AS uuid) IS NULL OR organization_id = :organization)
 ORDER BY academic_year, organization_id
""")
_COURSES = text("""
WITH met AS (
    SELECT j.id, j.subject_id, j.title, j.scale_id, j.version, j.learners_id, r.valid_from, r.valid_to
      FROM roster_stay AS r
      JOIN journal AS j ON j.organization_id = r.organization_id AND j.academic_year = r.academic_year AND j.learners_id = r.learners_id
     WHERE r.organization_id = :organization AND r.academic_year = :year AND r.student_id = :student
     UNION ALL
    SELECT j.id, j.subject_id, j.title, j.scale_id, j.version, j.learners_id, NULL, NULL
      FROM journal AS j
     WHERE j.organization_id = :organization AND j.academic_year = :year AND j.id = ANY (:journals)
), journal_of AS (
    SELECT m.*, coalesce(m.subject_id, m.id) AS course_id, m.valid_from <= :until AS begun FROM met AS m
)
SELECT DISTINCT ON (m.course_id) m.course_id, coalesce(m.title, s.title, '') AS title,
       scale_of(m.scale_id, m.version > 1 OR m.subject_id IS NULL, m.learners_id) AS scale_id,
       coalesce(bool_or(m.begun AND (m.valid_to IS NULL OR m.valid_to > :since)) OVER (PARTITION BY m.course_id), false) AS taught
  FROM journal_of AS m LEFT JOIN subject AS s ON s.id = m.subject_id
 WHERE CAST(:course AS uuid) IS NULL OR m.course_id = :course
 ORDER BY m.course_id, m.begun DESC NULLS LAST, least(coalesce(m.valid_to, 'infinity'), CAST(:until AS date) + 1) DESC,
          m.valid_from DESC, m.id
""")
_BROUGHT = text("""
SELECT c.id AS course_id, b.first_day, b.scale_id, b.value, v.sign, v.points, b.weight, b.title
  FROM unnest(CAST(:courses AS uuid[])) AS c (id)
  JOIN brought AS b ON b.organization_id = :organization AND b.academic_year = :year AND b.student_id = :student
       AND b.kind = 'work' AND b.first_day >= :since AND b.last_day <= :until
       AND brought_counts_in(c.id, b.course_id, b.stands_for)
  JOIN scale_value AS v ON v.scale_id = b.scale_id AND v.code = b.value
 ORDER BY b.first_day, b.source_id
""")


async def places(session: AsyncSession, student_id: UUID, year: int, organization_id: UUID | None) -> Sequence[Any]:
    """Where a student was placed in a school year: the last class of each organization, or of one of them."""
    given = {"student": student_id, "year": year, "organization": organization_id}
    return (await session.execute(_PLACES, given)).all()


@dataclass(frozen=True, slots=True)
class Studies:
    """A student in an organization and school year, over days, both included."""

    organization_id: UUID
    academic_year: int
    student_id: UUID
    since: dt.date
    until: dt.date

    @property
    def key(self) -> dict[str, Any]:
        """As statements name it."""
        return {
            "organization": self.organization_id,
            "year": self.academic_year,
            "student": self.student_id,
            "since": self.since,
            "until": self.until,
        }


async def studies(
    session: AsyncSession,
    student_id: UUID,
    organization_id: UUID | None,
    years: Collection[int],
    days: tuple[dt.date, dt.date],
) -> list[Studies]:
    """Where a student was ever placed in the years, what was taken back too: marks may stand there. The earliest year first."""
    given = {"student": student_id, "years": list(years), "organization": organization_id}
    rows = await session.execute(_PLACED, given)
    return [Studies(row.organization_id, row.academic_year, student_id, *days) for row in rows]


async def courses(
    session: AsyncSession, of: Studies, journal_ids: Collection[UUID], course_id: UUID | None
) -> Sequence[Any]:
    """Courses a student is taught that year by the rosters, and those of some journals; whether ``taught`` on any of the days.

    Scale and title are of the journal where the student is at the end of the days, or was last; or comes first, if only later.
    """
    given = {**of.key, "journals": list(journal_ids), "course": course_id}
    return (await session.execute(_COURSES, given)).all()


async def brought(session: AsyncSession, of: Studies, courses: Collection[UUID]) -> Sequence[Any]:
    """Marks of works within the days that a student brought to courses from other schools."""
    return (await session.execute(_BROUGHT, {**of.key, "courses": list(courses)})).all()
