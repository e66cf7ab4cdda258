"""All SQL of the totals but who may write them (``judging``)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.ids import new_id
from sgo_journal.merging import move
from sgo_journal.totals.model import Total

Place = tuple[UUID, str, int]
"""Student, kind, period."""

_WRITE = text("""
INSERT INTO total AS t (organization_id, academic_year, id, journal_id, course_id, student_id, kind, period, first_day, last_day,
                        scale_id, value, version, changed_by, changed_at, reason)
SELECT :organization, :year, sent.id, :journal, :course, sent.student_id, sent.kind, sent.period, sent.first_day, sent.last_day,
       :scale, sent.value, sent.version + 1, :author, :now, :reason
  FROM unnest(CAST(:ids AS uuid[]), CAST(:students AS uuid[]), CAST(:kinds AS text[]), CAST(:periods AS smallint[]),
              CAST(:firsts AS date[]), CAST(:lasts AS date[]), CAST(:values AS text[]), CAST(:versions AS integer[]))
       AS sent (id, student_id, kind, period, first_day, last_day, value, version)
 WHERE CASE WHEN sent.version = 0 THEN sent.value IS NOT NULL ELSE EXISTS (
           SELECT FROM total AS o
            WHERE o.organization_id = :organization AND o.academic_year = :year AND o.course_id = :course
              AND o.student_id = sent.student_id AND o.kind = sent.kind AND o.period = sent.period) END
 ORDER BY sent.student_id, sent.kind, sent.period
    ON CONFLICT (organization_id, academic_year, course_id, student_id, kind, period) DO UPDATE
       SET journal_id = excluded.journal_id, first_day = excluded.first_day, last_day = excluded.last_day,
           scale_id = excluded.scale_id, value = excluded.value, version = excluded.version, changed_by = excluded.changed_by,
           changed_at = excluded.changed_at, reason = excluded.reason
     WHERE t.version = excluded.version - 1
       AND (t.value, t.scale_id) IS DISTINCT FROM (excluded.value, excluded.scale_id)
RETURNING t.student_id, t.kind, t.period, t.version
""")
_STANDING = text("""
SELECT t.student_id, t.kind, t.period, t.value, t.version, t.changed_by, t.changed_at
  FROM unnest(CAST(:students AS uuid[]), CAST(:kinds AS text[]), CAST(:periods AS smallint[])) AS sent (student_id, kind, period)
  JOIN total AS t ON t.organization_id = :organization AND t.academic_year = :year AND t.course_id = :course
       AND (t.student_id, t.kind, t.period) = (sent.student_id, sent.kind, sent.period)
""")
_OF_STUDENTS = text("""
SELECT t.academic_year, t.journal_id, t.course_id, t.student_id, t.kind, t.period, t.value, t.version, t.changed_by, t.changed_at, t.reason,
       t.first_day, t.last_day, t.scale_id, v.sign, v.points, v.grade
  FROM total AS t LEFT JOIN scale_value AS v ON v.scale_id = t.scale_id AND v.code = t.value
 WHERE t.organization_id = :organization AND t.academic_year = ANY (:years) AND t.student_id = ANY (:students)
   AND (CAST(:courses AS uuid[]) IS NULL OR t.course_id = ANY (:courses))
 ORDER BY t.student_id, t.academic_year, t.last_day, t.period, t.kind
""")
_TOTALLED = text("""
SELECT DISTINCT t.student_id FROM total AS t
 WHERE t.organization_id = :organization AND t.academic_year = :year AND t.journal_id = :journal AND t.value IS NOT NULL
""")
_SET = """
SELECT m.student_id, coalesce(j.subject_id, j.id) AS course_id, j.id AS journal_id, l.date, m.scale_id, coalesce(c.code, v.code) AS code,
       v.sign, coalesce(c.points, v.points) AS points, c.sign AS overdue_as, coalesce(w.weight, 1) AS weight,
       coalesce(w.title, w.kind, '') AS title
  FROM journal AS j
  JOIN lesson AS l ON l.organization_id = j.organization_id AND l.academic_year = j.academic_year AND l.journal_id = j.id
       AND l.state = 'planned' AND l.date BETWEEN :first_day AND :last_day
  JOIN mark AS m ON m.organization_id = j.organization_id AND m.academic_year = j.academic_year AND m.lesson_id = l.id
       AND m.student_id = ANY (:students)
  JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value
  LEFT JOIN scale_value AS c ON c.scale_id = m.scale_id
       AND c.code = counted_as(m.organization_id, m.scale_id, m.value, m.due_on, :today)
  LEFT JOIN lesson_work AS w ON w.organization_id = j.organization_id AND w.academic_year = j.academic_year
       AND w.lesson_id = l.id AND w.number = m.work
 WHERE j.organization_id = :organization AND j.academic_year = :year
"""
_OF_COURSE = " AND coalesce(j.subject_id, j.id) = :course"
_IN_ORDER = " ORDER BY m.student_id, l.date, l.number, l.id, m.work"
_MARKS, _MARKS_OF_COURSE = text(_SET + _IN_ORDER), text(_SET + _OF_COURSE + _IN_ORDER)
"""Two, that each may be planned: of a course its journals are looked through, of a student in every course the student's marks."""
_STUDIED = text("""
SELECT p.academic_year, p.student_id, max(p.grade) FILTER (WHERE p.main) AS grade,
       ARRAY(
           SELECT DISTINCT coalesce(j.subject_id, j.id) FROM roster_stay AS r
             JOIN journal AS j ON j.organization_id = r.organization_id AND j.academic_year = r.academic_year
                  AND j.learners_id = r.learners_id AND coalesce(j.subject_id, j.id) = ANY (:courses)
            WHERE r.organization_id = :organization AND r.academic_year = p.academic_year AND r.student_id = p.student_id) AS taught
  FROM placement AS p
 WHERE p.organization_id = :organization AND p.academic_year = ANY (:years) AND p.student_id = ANY (:students)
   AND p.valid_from IS NOT NULL AND (p.valid_to IS NULL OR p.valid_to > p.valid_from)
 GROUP BY p.academic_year, p.student_id
""")


@dataclass(frozen=True, slots=True)
class Written:
    """A total to be written at the version above the one that was read."""

    student_id: UUID
    kind: str
    period: int
    first_day: dt.date
    last_day: dt.date
    value: str | None
    version: int

    @property
    def place(self) -> Place:
        """Where it stands in its course."""
        return self.student_id, self.kind, self.period


@dataclass(frozen=True, slots=True)
class Course:
    """What totals are of: a course of an organization and year, written through a journal."""

    organization_id: UUID
    academic_year: int
    journal_id: UUID
    course_id: UUID

    @property
    def key(self) -> dict[str, Any]:
        """As statements name it."""
        return {"organization": self.organization_id, "year": self.academic_year, "course": self.course_id}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a total, and since when by whom."""

    value: str | None
    version: int
    changed_by: UUID
    changed_at: dt.datetime


async def write(
    session: AsyncSession, course: Course, sent: Sequence[Written], signed: dict[str, Any]
) -> dict[Place, int]:
    """Write totals; the new version of each that was written. ``signed``: scale, author, now, reason."""
    values = {
        "journal": course.journal_id,
        "ids": [new_id() for _ in sent],
        "students": [one.student_id for one in sent],
        "kinds": [one.kind for one in sent],
        "periods": [one.period for one in sent],
        "firsts": [one.first_day for one in sent],
        "lasts": [one.last_day for one in sent],
        "values": [one.value for one in sent],
        "versions": [one.version for one in sent],
    }
    rows = await session.execute(_WRITE, {**course.key, **signed, **values})
    return {(row[0], row[1], row[2]): row[3] for row in rows}


async def standing(session: AsyncSession, course: Course, places: Sequence[Place]) -> dict[Place, Standing]:
    """What stands in totals; those that nothing ever stood in are absent."""
    values = {
        "students": [student for student, _, _ in places],
        "kinds": [kind for _, kind, _ in places],
        "periods": [period for _, _, period in places],
    }
    rows = await session.execute(_STANDING, {**course.key, **values})
    return {(row[0], row[1], row[2]): Standing(*row[3:]) for row in rows}


async def of_students(
    session: AsyncSession,
    organization_id: UUID,
    years: Collection[int],
    students: Collection[UUID],
    courses: Collection[UUID] | None = None,
) -> Sequence[Any]:
    """Totals of students, emptied ones too, each with sign, points and grade of its value; of some courses or of all."""
    given = {
        "organization": organization_id,
        "years": list(years),
        "students": list(students),
        "courses": None if courses is None else list(courses),
    }
    return (await session.execute(_OF_STUDENTS, given)).all()


async def marks(
    session: AsyncSession,
    organization_id: UUID,
    academic_year: int,
    students: Collection[UUID],
    days: tuple[dt.date, dt.date],
    today: dt.date,
    course_id: UUID | None,
) -> Sequence[Any]:
    """Marks of students in all journals of a course, or of an organization, within ``days``, both included, in the order of the lessons.

    A debt that is overdue ``today`` and counts as another value has its code and points; ``overdue_as`` is its sign.
    """
    given = {"organization": organization_id, "year": academic_year, "students": list(students), "today": today}
    given |= {"first_day": days[0], "last_day": days[1]}
    if course_id is None:
        return (await session.execute(_MARKS, given)).all()
    return (await session.execute(_MARKS_OF_COURSE, {**given, "course": course_id})).all()


async def studied(
    session: AsyncSession,
    organization_id: UUID,
    courses: Collection[UUID],
    years: Collection[int],
    students: Collection[UUID],
) -> Sequence[Any]:
    """Where students were in the organization in years: year, student, grade of the class, which of the courses were taught them."""
    given = {"organization": organization_id, "courses": list(courses), "years": list(years)}
    return (await session.execute(_STUDIED, {**given, "students": list(students)})).all()


async def move_totals(session: AsyncSession, student_id: UUID, merged_into: UUID | None) -> None:
    """Let totals of a card be those of the child it was merged into, or the card's own again, unless the child has one there."""
    same = ("organization_id", "academic_year", "course_id", "kind", "period")
    await move(session, Total, student_id, merged_into, same)


async def totalled(session: AsyncSession, course: Course) -> frozenset[UUID]:
    """Whose totals are set in the journal of a course, whether they were ever taught in it or not."""
    given = {"organization": course.organization_id, "year": course.academic_year, "journal": course.journal_id}
    return frozenset(await session.scalars(_TOTALLED, given))


async def codes(session: AsyncSession, scale_id: int) -> frozenset[str]:
    """Values of a scale that may be set."""
    rows = await session.scalars(
        text("SELECT code FROM scale_value WHERE scale_id = :scale AND active AND NOT debt"), {"scale": scale_id}
    )
    return frozenset(rows)


async def titles(session: AsyncSession, journal_ids: Collection[UUID]) -> dict[UUID, str]:
    """What journals without a subject are called."""
    rows = await session.execute(
        text("SELECT id, title FROM journal WHERE id = ANY (:ids) AND title IS NOT NULL"), {"ids": list(journal_ids)}
    )
    return {row[0]: row[1] for row in rows}
