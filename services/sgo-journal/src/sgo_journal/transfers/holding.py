"""What is held while something that was brought is written: students first, then the periods of where they are."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_STUDENTS = text("""
SELECT pg_advisory_xact_lock(hashtextextended('asu.brought' || s.id, 0))
  FROM (SELECT id FROM unnest(CAST(:students AS uuid[])) AS u (id) ORDER BY id OFFSET 0) AS s
""")
_PERIODS = text("""
SELECT j.id FROM journal AS j
 WHERE j.organization_id = :organization AND j.academic_year = :year
   AND j.learners_id IN (SELECT r.learners_id FROM roster_stay AS r
                          WHERE r.organization_id = :organization AND r.academic_year = :year AND r.student_id = :student)
 ORDER BY j.id FOR SHARE
""")


async def hold_students(session: AsyncSession, students: Collection[UUID]) -> None:
    """Let nobody else accept the students or write statements of theirs until the transaction ends; in one order, against deadlocks."""
    await session.execute(_STUDENTS, {"students": list(students)})


async def hold_periods(session: AsyncSession, organization_id: UUID, year: int, student_id: UUID) -> None:
    """Let no period of a student be closed until the transaction ends: whoever closes holds its journals."""
    await session.execute(_PERIODS, {"organization": organization_id, "year": year, "student": student_id})
