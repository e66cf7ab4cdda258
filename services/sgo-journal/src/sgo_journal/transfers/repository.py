# ruff: noqa: S608 - statements are put together of constants
"""All SQL of what was brought but how it is copied (``taking``)."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.rosters import service as rosters
from sgo_journal.transfers.model import BroughtStatement
from sgo_journal.transfers.taking import Taken

_TAKEN = "s.organization_id, s.academic_year, s.id, s.student_id, s.from_organization_id, s.arrived_on"
_ACCEPT = text(f"""
INSERT INTO brought_statement AS s (organization_id, academic_year, id, student_id, recorded_as, arrived_on, from_organization_id,
                                    acceptance_id)
VALUES (:organization, :year, :id, :student, :recorded_as, :arrived_on, :source, :acceptance)
    ON CONFLICT (organization_id, academic_year, id) DO UPDATE
       SET arrived_on = excluded.arrived_on, acceptance_id = excluded.acceptance_id
     WHERE s.acceptance_id < excluded.acceptance_id
RETURNING {_TAKEN}, NOT EXISTS (
          SELECT FROM brought_statement AS b
           WHERE b.organization_id = s.organization_id AND b.academic_year = s.academic_year AND b.id = s.id)
""")
_OF_STUDENTS = text(f"""
SELECT {_TAKEN} FROM brought_statement AS s
 WHERE s.student_id = ANY (:students) AND s.from_organization_id IS NOT NULL
 ORDER BY s.arrived_on, s.id
""")
_HAS_ANY = text("""
SELECT EXISTS (SELECT FROM mark WHERE organization_id = :organization AND academic_year = :year AND student_id = ANY (:students))
    OR EXISTS (SELECT FROM total WHERE organization_id = :organization AND academic_year = :year AND student_id = ANY (:students))
    OR EXISTS (SELECT FROM brought_statement
                WHERE organization_id = :organization AND academic_year = :year AND student_id = ANY (:students))
""")
_RECENT = text(f"""
SELECT {_TAKEN} FROM brought_statement AS s
 WHERE s.arrived_on BETWEEN :since AND :until AND s.from_organization_id IS NOT NULL AND (s.arrived_on, s.id) > (:after_day, :after)
 ORDER BY s.arrived_on, s.id LIMIT :limit
""")
_COUNTED = text("""
SELECT b.student_id, b.first_day, b.last_day, b.title, b.weight, b.scale_id, b.value, v.sign, v.points
  FROM brought AS b
  JOIN scale_value AS v ON v.scale_id = b.scale_id AND v.code = b.value
 WHERE b.organization_id = :organization AND b.academic_year = :year AND b.student_id = ANY (:students) AND b.kind = :kind
   AND b.first_day >= :first_day AND b.last_day <= :last_day
   AND brought_counts_in(:course, b.course_id, b.stands_for)
 ORDER BY b.student_id, b.first_day, b.source_id
""")
_SHOWN = """
SELECT b.*, v.sign, v.title AS value_title
  FROM brought AS b
  JOIN scale_value AS v ON v.scale_id = b.scale_id AND v.code = b.value
 WHERE b.student_id = ANY (:students) AND b.academic_year = :year
   AND (CAST(:organization AS uuid) IS NULL OR b.organization_id = :organization)
"""
_ORDER = " ORDER BY b.student_id, b.arrived_on, b.statement_id, b.subject, b.subject_id, b.first_day, b.source_id"
_LISTED = text(_SHOWN + _ORDER)
_OF_COURSE = text(
    _SHOWN
    + """
   AND (brought_counts_in(:course, b.course_id, b.stands_for)
        OR b.course_id IS NULL AND NOT EXISTS (
               SELECT FROM roster_stay AS r
                 JOIN journal AS j ON j.organization_id = r.organization_id AND j.academic_year = r.academic_year
                      AND j.learners_id = r.learners_id
                WHERE r.organization_id = b.organization_id AND r.academic_year = b.academic_year
                  AND r.student_id = b.student_id AND brought_counts_in(coalesce(j.subject_id, j.id), NULL, b.stands_for)))
"""
    + _ORDER
)


async def accept(session: AsyncSession, **given: Any) -> tuple[Taken, bool] | None:
    """Keep a statement, or its newer acceptance, and whether there was none; nothing if it is no news. Hold the student first."""
    row = (await session.execute(_ACCEPT, given)).one_or_none()
    return None if row is None else (Taken(*row[:-1]), row[-1])


async def of_students(session: AsyncSession, students: Collection[UUID]) -> list[Taken]:
    """Statements of students by transfers, the earliest arrival first."""
    return [Taken(*row) for row in await session.execute(_OF_STUDENTS, {"students": list(students)})]


async def has_any(session: AsyncSession, organization_id: UUID, year: int, students: Collection[UUID]) -> bool:
    """Whether any of the students has something in an organization that would be brought on, or had before it was taken back."""
    given = {"organization": organization_id, "year": year, "students": list(students)}
    return bool(await session.scalar(_HAS_ANY, given))


async def recent(
    session: AsyncSession, since: dt.date, until: dt.date, after: tuple[dt.date, UUID], limit: int
) -> list[Taken]:
    """A page of the statements by transfers of who arrived within [since, until]."""
    given = {"since": since, "until": until, "after_day": after[0], "after": after[1], "limit": limit}
    return [Taken(*row) for row in await session.execute(_RECENT, given)]


async def counted(session: AsyncSession, **given: Any) -> Sequence[Any]:
    """Marks of a kind that students brought to a course within days, with sign and points of each, as ``service.Brought`` has them."""
    return (await session.execute(_COUNTED, given)).all()


async def listed(
    session: AsyncSession, students: Collection[UUID], academic_year: int, organization_id: UUID | None
) -> Sequence[Any]:
    """All that students brought in a year, to one organization or to any."""
    given = {"students": list(students), "year": academic_year, "organization": organization_id}
    return (await session.execute(_LISTED, given)).all()


async def of_course(
    session: AsyncSession, students: Collection[UUID], academic_year: int, organization_id: UUID, course_id: UUID
) -> Sequence[Any]:
    """What students brought in a year that counts in a course, and what counts in none in which they are taught here."""
    given = {"students": list(students), "year": academic_year, "organization": organization_id, "course": course_id}
    return (await session.execute(_OF_COURSE, given)).all()


async def holds(session: AsyncSession, condition: ColumnElement[bool]) -> bool:
    """Whether a condition holds."""
    return bool(await session.scalar(select(condition)))


async def move(session: AsyncSession, student_id: UUID, merged_into: UUID | None) -> None:
    """Let statements of a card be those of the child it was merged into, or the card's own again."""
    await rosters.move(session, BroughtStatement, student_id, merged_into)


async def students_of(session: AsyncSession, student_id: UUID) -> Sequence[UUID]:
    """Who has statements that are or were recorded under an id."""
    query = select(BroughtStatement.student_id).where(
        or_(BroughtStatement.recorded_as == student_id, BroughtStatement.student_id == student_id)
    )
    return (await session.scalars(query.distinct())).all()
