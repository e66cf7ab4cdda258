"""Who may write which cells: one statement judges every id of a request, and nothing is written that it did not pass.

It holds the lessons until the transaction ends, so that savers of one lesson come one after another, and the journal, so that
no period is closed meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from servicekit.security import Principal

JUDGE = text("""
WITH held AS MATERIALIZED (
    SELECT pg_advisory_xact_lock_shared(hashtext('asu.merged_students'))
), page AS MATERIALIZED (
    SELECT j.organization_id, j.academic_year, j.id, j.learners_id,
           scale_of(j.scale_id, j.version > 1 OR j.subject_id IS NULL, j.learners_id) AS scale_id,
           coalesce(j.title, s.title, '') AS subject, NOT :teacher AS whole, (
               SELECT o.debt_days FROM journal_settings AS o WHERE o.organization_id = j.organization_id) AS debt_days
      FROM held, journal AS j LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE j.organization_id = :organization AND j.id = :journal
       FOR SHARE OF j
), lessons AS MATERIALIZED (
    SELECT l.organization_id, l.academic_year, l.id, l.date, l.learners_id, l.state,
           p.whole OR gives_lesson(p.organization_id, p.academic_year, p.id, l.teacher_id, l.date, :person, :today) AS mine,
           NOT :teacher OR day_is_writable(l.organization_id, l.date, :today) AS writable,
           day_is_closed(l.organization_id, l.academic_year, p.id, l.learners_id, l.date) AS closed
      FROM page AS p JOIN lesson AS l
        ON (l.organization_id, l.academic_year, l.journal_id) = (p.organization_id, p.academic_year, p.id)
     WHERE l.id = ANY (:lesson_ids)
     ORDER BY l.id
       FOR NO KEY UPDATE OF l
)
SELECT p.academic_year, p.scale_id, p.subject, p.debt_days, l.id IS NOT NULL AS known, l.date, l.state, l.mine,
       l.writable OR sent.work > 0 AND EXISTS (
           SELECT FROM mark AS m
            WHERE m.organization_id = p.organization_id AND m.academic_year = p.academic_year AND m.lesson_id = sent.lesson_id
              AND m.student_id = sent.student_id AND m.work = sent.work AND m.debt) AS writable, l.closed,
       sent.work <= 1 OR EXISTS (
           SELECT FROM lesson_work AS w
            WHERE w.organization_id = p.organization_id AND w.academic_year = p.academic_year AND w.lesson_id = sent.lesson_id
              AND w.number = sent.work) AS has_work,
       sent.code IS NULL OR CASE WHEN sent.work = 0
           THEN EXISTS (SELECT FROM attendance_code AS c WHERE c.code = sent.code)
           ELSE v.code IS NOT NULL
       END AS has_code,
       coalesce(v.debt, false) AS debt,
       EXISTS (
           SELECT FROM roster_stay AS r
            WHERE r.organization_id = p.organization_id AND r.academic_year = p.academic_year AND r.learners_id = p.learners_id
              AND r.student_id = sent.student_id AND r.valid_from <= l.date
              AND (r.valid_to IS NULL OR r.valid_to > l.date)) AS there
  FROM page AS p
 CROSS JOIN unnest(CAST(:lessons AS uuid[]), CAST(:students AS uuid[]), CAST(:works AS smallint[]), CAST(:codes AS text[]))
       WITH ORDINALITY AS sent (lesson_id, student_id, work, code, place)
  LEFT JOIN lessons AS l ON l.id = sent.lesson_id
  LEFT JOIN scale_value AS v ON v.scale_id = p.scale_id AND v.code = sent.code AND v.active AND sent.work > 0
 ORDER BY sent.place
""")
"""Attendance is sent as work 0. A debt is closed after its lesson: the teacher's days for corrections end for other cells."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell that a request names; ``work`` 0 is attendance."""

    lesson_id: UUID
    student_id: UUID
    work: int
    code: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true of a cell that is asked for. Of an unknown lesson (``known``) nothing else is.

    ``debt``: its code is one; ``debt_days``: how many days the organization gives to close it, none if it names no day.
    """

    academic_year: int
    scale_id: int
    subject: str
    debt_days: int | None
    known: bool
    date: date | None
    state: str | None
    mine: bool | None
    writable: bool | None
    closed: bool | None
    has_work: bool
    has_code: bool
    debt: bool
    there: bool


async def judge(
    session: AsyncSession, principal: Principal, today: date, journal_id: UUID, asked: Sequence[Asked]
) -> list[Verdict]:
    """A verdict on each cell, in their order; none at all if the caller does not see the journal."""
    rows = await session.execute(
        JUDGE,
        {
            "organization": principal.unit.organization_id,
            "journal": journal_id,
            "person": principal.person_id,
            "teacher": principal.role is Role.TEACHER,
            "today": today,
            "lesson_ids": sorted({cell.lesson_id for cell in asked}),
            "lessons": [cell.lesson_id for cell in asked],
            "students": [cell.student_id for cell in asked],
            "works": [cell.work for cell in asked],
            "codes": [cell.code for cell in asked],
        },
    )
    return [Verdict(*row) for row in rows]
