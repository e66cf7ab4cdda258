"""All SQL of the reports: tallies of a whole class or of a teacher's journals, each one statement whatever their size."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.printouts.facts import Day, Presence, Subject

_TAUGHT = """
WITH taught AS MATERIALIZED (
    SELECT DISTINCT r.student_id, l.id AS lesson_id, l.journal_id, l.date, l.number,
           width_bucket(l.date, CAST(:starts AS date[])) AS span
      FROM lesson AS l JOIN roster_stay AS r
        ON r.organization_id = l.organization_id AND r.academic_year = l.academic_year AND r.learners_id = l.learners_id
       AND r.valid_from <= l.date AND (r.valid_to IS NULL OR r.valid_to > l.date)
      {of_class}
     WHERE l.organization_id = :organization AND l.academic_year = :year AND l.journal_id = ANY (:journals)
       AND l.date BETWEEN :since AND :until AND l.state = 'planned'
)
"""
"""Who was to be at which lesson; ``starts``: the first days of the spans."""

_OF_CLASS = """
      JOIN unnest(CAST(:students AS uuid[]), CAST(:came AS date[]), CAST(:left AS date[])) AS c(student_id, came, "left")
        ON c.student_id = r.student_id AND c.came <= l.date AND (c."left" IS NULL OR c."left" > l.date)
"""
"""A class counts a student in groups across classes too, as long as the student is in the class."""

_GIVEN = """
, given AS (
    SELECT t.*, m.work, m.scale_id, coalesce(c.code, m.value) AS value, v.sign, coalesce(c.points, v.points) AS points, v.debt
      FROM taught AS t
      JOIN mark AS m ON m.organization_id = :organization AND m.academic_year = :year AND m.lesson_id = t.lesson_id
       AND m.student_id = t.student_id
      JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value
      LEFT JOIN scale_value AS c ON c.scale_id = m.scale_id
       AND c.code = counted_as(m.organization_id, m.scale_id, m.value, m.due_on, :today)
)
"""
"""The marks that were given there; an overdue debt stands for what the organization counts it as."""

_MARKS = (
    _GIVEN
    + """
SELECT g.student_id, g.journal_id, g.span, g.scale_id, g.value, g.points, g.debt, count(*) AS count,
       sum(coalesce(w.weight, 1)) AS weight, false AS brought
  FROM given AS g
  LEFT JOIN lesson_work AS w ON w.organization_id = :organization AND w.academic_year = :year AND w.lesson_id = g.lesson_id
   AND w.number = g.work
 GROUP BY g.student_id, g.journal_id, g.span, g.scale_id, g.value, g.points, g.debt
"""
)

_BROUGHT = """
WITH carried AS (
    SELECT DISTINCT ON (b.id) b.student_id, j.id AS journal_id, width_bucket(b.first_day, CAST(:starts AS date[])) AS span,
           b.id, b.first_day, b.scale_id, b.value, v.sign, v.points, false AS debt, b.weight
      FROM journal AS j
      JOIN roster_stay AS r ON r.organization_id = j.organization_id AND r.academic_year = j.academic_year
           AND r.learners_id = j.learners_id AND r.valid_from <= :until {of_class}
      JOIN brought AS b ON b.organization_id = j.organization_id AND b.academic_year = j.academic_year
           AND b.student_id = r.student_id AND b.kind = 'work' AND b.first_day BETWEEN :since AND :until
           AND brought_counts_in(coalesce(j.subject_id, j.id), b.course_id, b.stands_for)
      JOIN scale_value AS v ON v.scale_id = b.scale_id AND v.code = b.value AND (NOT v.debt OR v.points IS NOT NULL)
     WHERE j.organization_id = :organization AND j.academic_year = :year AND j.id = ANY (:journals)
     ORDER BY b.id, r.valid_from DESC, j.id
)
"""
"""Marks that students brought, each once: in the journal of its subject where the student came last. A debt left there is none here."""

_BROUGHT_OF_CLASS = "AND r.student_id = ANY (:students)"

_BROUGHT_MARKS = """
SELECT c.student_id, c.journal_id, c.span, c.scale_id, c.value, c.points, c.debt, count(*) AS count, sum(c.weight) AS weight,
       true AS brought
  FROM carried AS c GROUP BY c.student_id, c.journal_id, c.span, c.scale_id, c.value, c.points, c.debt
"""

_BROUGHT_SIGNS = """
SELECT c.student_id, c.journal_id, string_agg(c.sign, ' ' ORDER BY c.first_day, c.id) AS signs
  FROM carried AS c GROUP BY c.student_id, c.journal_id
"""

_SIGNS = (
    _GIVEN
    + """
SELECT g.student_id, g.journal_id, string_agg(g.sign, ' ' ORDER BY g.date, g.number, g.work) AS signs
  FROM given AS g GROUP BY g.student_id, g.journal_id
"""
)

_NOTED = """
  LEFT JOIN attendance AS a ON a.organization_id = :organization AND a.academic_year = :year AND a.lesson_id = t.lesson_id
   AND a.student_id = t.student_id AND a.code IS NOT NULL
  LEFT JOIN attendance_code AS c ON c.code = a.code
"""

_PRESENCE = (
    """
SELECT t.student_id, t.journal_id, t.span, a.code, coalesce(c.absent, false) AS absent, count(*) AS lessons
  FROM taught AS t"""
    + _NOTED
    + " GROUP BY t.student_id, t.journal_id, t.span, a.code, c.absent"
)

_DAYS = (
    """
SELECT t.student_id, t.date, count(*) AS lessons, count(*) FILTER (WHERE c.absent) AS missed,
       (array_agg(a.code ORDER BY t.number) FILTER (WHERE c.absent))[1] AS code
  FROM taught AS t"""
    + _NOTED
    + " GROUP BY t.student_id, t.date HAVING count(*) FILTER (WHERE c.absent) > 0"
)

_JOURNALS = """
SELECT j.id, coalesce(j.title, s.title, '') AS title, j.learners_id
  FROM journal AS j LEFT JOIN subject AS s ON s.id = j.subject_id
 WHERE j.organization_id = :organization AND j.academic_year = :year
"""

_OF_LEARNERS = text("""
SELECT j.id, coalesce(j.subject_id, j.id) AS subject_id, coalesce(s.title, j.title, '') AS title,
       coalesce(s.short_title, j.title, '') AS short_title
  FROM journal AS j LEFT JOIN subject AS s ON s.id = j.subject_id
 WHERE j.organization_id = :organization AND j.academic_year = :year AND j.learners_id = ANY (:learners)
""")
"""Journals of a subject may be called differently; a class has the subject once, by its own title."""

_OF_JOURNALS = text(_JOURNALS + " AND (CAST(:journals AS uuid[]) IS NULL OR j.id = ANY (CAST(:journals AS uuid[])))")

_OF_TEACHER = text(
    _JOURNALS
    + """ AND EXISTS (
       SELECT FROM teaching AS t
        WHERE t.organization_id = j.organization_id AND t.academic_year = j.academic_year AND t.journal_id = j.id
          AND t.teacher_id = :teacher AND t.valid_from < t.valid_to AND t.valid_from <= :until AND t.valid_to > :since)
 ORDER BY title, j.id
"""
)

_FILLING = text("""
SELECT l.teacher_id, l.journal_id, count(*) AS lessons,
       count(*) FILTER (WHERE coalesce(l.topic, '') = '') AS without_topic,
       count(*) FILTER (WHERE coalesce(l.homework, '') = '') AS without_homework,
       count(*) FILTER (WHERE NOT l.attendance_checked AND NOT EXISTS (
           SELECT FROM attendance AS a
            WHERE a.organization_id = l.organization_id AND a.academic_year = l.academic_year AND a.lesson_id = l.id
              AND a.code IS NOT NULL)) AS without_attendance,
       count(*) FILTER (WHERE NOT EXISTS (
           SELECT FROM mark AS m
            WHERE m.organization_id = l.organization_id AND m.academic_year = l.academic_year AND m.lesson_id = l.id
              AND m.value IS NOT NULL)) AS without_marks
  FROM lesson AS l
 WHERE l.organization_id = :organization AND l.academic_year = :year AND l.journal_id = ANY (:journals)
   AND l.date BETWEEN :since AND :until AND l.state = 'planned'
   AND (CAST(:teacher AS uuid) IS NULL OR l.teacher_id = CAST(:teacher AS uuid))
 GROUP BY l.teacher_id, l.journal_id
""")

_HELD = text("""
SELECT l.journal_id, count(*) FILTER (WHERE l.state = 'planned' AND l.date <= :today) AS held,
       count(*) FILTER (WHERE l.state = 'planned' AND l.date <= :today AND coalesce(l.topic, '') <> '') AS with_topic,
       count(*) FILTER (WHERE l.state = 'planned' AND l.date > :today) AS ahead,
       count(*) FILTER (WHERE l.state = 'cancelled') AS cancelled
  FROM lesson AS l
 WHERE l.organization_id = :organization AND l.academic_year = :year AND l.journal_id = ANY (:journals)
   AND l.date BETWEEN :since AND :until
 GROUP BY l.journal_id
""")

_TEACHINGS = text("""
SELECT t.journal_id, t.teacher_id, t.hours_week, t.valid_from, t.valid_to FROM teaching AS t
 WHERE t.organization_id = :organization AND t.academic_year = :year AND t.journal_id = ANY (:journals)
   AND t.valid_from < t.valid_to AND t.valid_from <= :until AND t.valid_to > :since
 ORDER BY t.valid_from, t.id
""")


@dataclass(frozen=True)
class Scope:
    """Which lessons are counted: of journals, within [since, until], cut at ``starts``; of all students, or those of a class.

    ``today`` says which debts are overdue. ``students`` of a class while they are in it: student, the first day, the day after the last
    or none.
    """

    organization_id: UUID
    academic_year: int
    journals: Collection[UUID]
    since: dt.date
    until: dt.date
    starts: Sequence[dt.date]
    today: dt.date
    students: Sequence[tuple[UUID, dt.date, dt.date | None]] | None = None

    @property
    def given(self) -> dict[str, Any]:
        """As parameters of a statement."""
        return {
            "organization": self.organization_id,
            "year": self.academic_year,
            "journals": list(self.journals),
            "since": self.since,
            "until": self.until,
            "starts": list(self.starts),
            "today": self.today,
            "students": [student_id for student_id, _, _ in self.students or ()],
            "came": [came for _, came, _ in self.students or ()],
            "left": [left for _, _, left in self.students or ()],
        }


async def marks(session: AsyncSession, scope: Scope) -> list[Any]:
    """Marks by student, journal, span and value, as ``facts.Marks`` has them but for the scale; those that were brought last."""
    return [*await _tallied(session, _MARKS, scope), *await _carried(session, _BROUGHT_MARKS, scope)]


async def presence(session: AsyncSession, scope: Scope) -> list[Presence]:
    """Lessons by student, journal, span and what is noted of the student's presence."""
    return [Presence(*row) for row in await _tallied(session, _PRESENCE, scope)]


async def days(session: AsyncSession, scope: Scope) -> list[Day]:
    """Days on which students missed lessons."""
    return [Day(*row) for row in await _tallied(session, _DAYS, scope)]


async def signs(session: AsyncSession, scope: Scope) -> dict[tuple[UUID, UUID], str]:
    """Marks by student and journal as they stand, in the order of the lessons; before them, in brackets, those that were brought."""
    found = {(row.student_id, row.journal_id): row.signs for row in await _tallied(session, _SIGNS, scope)}
    for row in await _carried(session, _BROUGHT_SIGNS, scope):
        key = row.student_id, row.journal_id
        found[key] = f"({row.signs}) {found.get(key, '')}".rstrip()
    return found


async def of_learners(
    session: AsyncSession, organization_id: UUID, academic_year: int, learners: Collection[UUID]
) -> dict[UUID, Subject]:
    """What the journals of learners are about, by journal."""
    given = {"organization": organization_id, "year": academic_year, "learners": list(learners)}
    rows = await session.execute(_OF_LEARNERS, given)
    return {row.id: Subject(row.subject_id, row.title, row.short_title) for row in rows}


async def of_teacher(
    session: AsyncSession, organization_id: UUID, academic_year: int, teacher_id: UUID, since: dt.date, until: dt.date
) -> Sequence[Any]:
    """Journals a teacher teaches in at some time within [since, until]: id, title, learners."""
    given = {"organization": organization_id, "year": academic_year, "teacher": teacher_id}
    return (await session.execute(_OF_TEACHER, {**given, "since": since, "until": until})).all()


async def of_journals(
    session: AsyncSession, organization_id: UUID, academic_year: int, journals: Collection[UUID] | None
) -> Sequence[Any]:
    """Journals of a year, all or those among some: id, title, learners."""
    given = {
        "organization": organization_id,
        "year": academic_year,
        "journals": None if journals is None else list(journals),
    }
    return (await session.execute(_OF_JOURNALS, given)).all()


async def filling(session: AsyncSession, scope: Scope, teacher_id: UUID | None) -> Sequence[Any]:
    """What is missing in lessons that took place, by teacher and journal."""
    return await _rows(session, _FILLING, scope, teacher=teacher_id)


async def held(session: AsyncSession, scope: Scope) -> Sequence[Any]:
    """Lessons by journal: held until today, with a topic, still ahead, cancelled."""
    return await _rows(session, _HELD, scope)


async def teachings(session: AsyncSession, scope: Scope) -> Sequence[Any]:
    """Who teaches in journals within the days, hours a week."""
    return await _rows(session, _TEACHINGS, scope)


async def _tallied(session: AsyncSession, tally: str, scope: Scope) -> Sequence[Any]:
    taught = _TAUGHT.format(of_class="" if scope.students is None else _OF_CLASS)
    return await _rows(session, text(taught + tally), scope)


async def _carried(session: AsyncSession, tally: str, scope: Scope) -> Sequence[Any]:
    carried = _BROUGHT.format(of_class="" if scope.students is None else _BROUGHT_OF_CLASS)
    return await _rows(session, text(carried + tally), scope)


async def _rows(session: AsyncSession, statement: TextClause, scope: Scope, **more: Any) -> Sequence[Any]:
    return (await session.execute(statement, {**scope.given, **more})).all()
