"""All SQL of homework."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, column, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal import versions
from sgo_journal.homework.model import HandIn, Homework, HomeworkStudent
from sgo_journal.homework.schemas import TaskKind

_DUE = table(
    "homework_due",
    column("organization_id", Uuid),
    column("academic_year"),
    column("homework_id", Uuid),
    column("due_on", Date),
)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('hand-in:' || :homework || :student, 0))")
_OF_STUDENT = text("""
WITH homework_of AS (
    SELECT DISTINCT ON (h.id) 'homework' AS kind, h.id, h.lesson_id, h.journal_id, h.text, h.individual, h.required, h.minutes,
           l.date AS given_on, d.due_on, coalesce(j.title, s.title, '') AS subject,
           done.state, done.late, done.comment,
           coalesce(h.required AND d.due_on < :today AND (done.state IS NULL OR done.state = 'returned'), false) AS overdue
      FROM roster_stay AS r
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
       AND l.learners_id = r.learners_id AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
      JOIN homework AS h ON (h.organization_id, h.academic_year, h.lesson_id) = (l.organization_id, l.academic_year, l.id)
       AND h.removed_at IS NULL
      JOIN homework_due AS d ON (d.organization_id, d.academic_year, d.homework_id) = (h.organization_id, h.academic_year, h.id)
      JOIN journal AS j ON (j.organization_id, j.academic_year, j.id) = (h.organization_id, h.academic_year, h.journal_id)
      LEFT JOIN subject AS s ON s.id = j.subject_id
      LEFT JOIN LATERAL (
           SELECT * FROM hand_in AS i
            WHERE i.organization_id = h.organization_id AND i.academic_year = h.academic_year
              AND i.homework_id = h.id AND i.student_id = r.student_id
            ORDER BY i.id DESC LIMIT 1) AS done ON true
     WHERE :homework AND r.student_id = :student AND r.academic_year BETWEEN :first_year AND :last_year
       AND (CAST(:organization AS uuid) IS NULL OR r.organization_id = :organization)
       AND (NOT h.individual OR EXISTS (
           SELECT FROM homework_student AS m
            WHERE m.organization_id = h.organization_id AND m.academic_year = h.academic_year
              AND m.homework_id = h.id AND m.student_id = r.student_id))
       AND coalesce(d.due_on, l.date) BETWEEN :since AND :until
       AND (NOT :overdue OR h.required AND d.due_on < :today AND (done.state IS NULL OR done.state = 'returned'))
       AND (CAST(:after AS uuid) IS NULL OR h.id > :after)
     ORDER BY h.id LIMIT :limit
), debt_of AS (
    SELECT DISTINCT ON (m.id) 'debt' AS kind, m.id, l.id AS lesson_id, l.journal_id, coalesce(w.title, v.title) AS text,
           true AS individual, true AS required, CAST(NULL AS smallint) AS minutes, l.date AS given_on, m.due_on,
           coalesce(j.title, s.title, '') AS subject, CAST(NULL AS text) AS state, CAST(NULL AS boolean) AS late, m.comment,
           coalesce(m.due_on < :today, false) AS overdue
      FROM roster_stay AS r
      JOIN mark AS m ON m.organization_id = r.organization_id AND m.academic_year = r.academic_year
       AND m.student_id = r.student_id AND m.debt
      JOIN lesson AS l ON (l.organization_id, l.academic_year, l.id) = (m.organization_id, m.academic_year, m.lesson_id)
       AND l.learners_id = r.learners_id AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
       AND l.state = 'planned'
      JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value
      JOIN journal AS j ON (j.organization_id, j.academic_year, j.id) = (l.organization_id, l.academic_year, l.journal_id)
      LEFT JOIN subject AS s ON s.id = j.subject_id
      LEFT JOIN lesson_work AS w ON w.organization_id = m.organization_id AND w.academic_year = m.academic_year
       AND w.lesson_id = m.lesson_id AND w.number = m.work
     WHERE :debts AND r.student_id = :student AND r.academic_year BETWEEN :first_year AND :last_year
       AND (CAST(:organization AS uuid) IS NULL OR r.organization_id = :organization)
       AND coalesce(m.due_on, l.date) BETWEEN :since AND :until
       AND (NOT :overdue OR m.due_on < :today)
       AND (CAST(:after AS uuid) IS NULL OR m.id > :after)
     ORDER BY m.id LIMIT :limit
)
SELECT * FROM homework_of UNION ALL SELECT * FROM debt_of ORDER BY id LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Task:
    """What a student has to do: a homework, or a debt («точка») that is open.

    ``due_on`` is none while no lesson follows, and of a debt without a day. ``state`` and after: of the newest version handed in; of a
    debt ``comment`` is the teacher's, the rest none. ``overdue``: it should have been handed in before today.
    """

    kind: TaskKind
    id: UUID
    lesson_id: UUID
    journal_id: UUID
    text: str
    individual: bool
    required: bool
    minutes: int | None
    given_on: dt.date
    due_on: dt.date | None
    subject: str
    state: str | None
    late: bool | None
    comment: str | None
    overdue: bool


def _of(row: Any, key: Any) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = (row.organization_id == key.organization_id) & (row.academic_year == key.academic_year)
    return mine


async def one(session: AsyncSession, homework_id: UUID) -> Homework | None:
    """A homework that stands."""
    return await session.scalar(select(Homework).where(Homework.id == homework_id, Homework.removed_at.is_(None)))


async def of_lesson(
    session: AsyncSession, organization_id: UUID, academic_year: int, lesson_id: UUID
) -> Sequence[Homework]:
    """What is given at a lesson, the oldest first."""
    query = select(Homework).where(
        Homework.organization_id == organization_id,
        Homework.academic_year == academic_year,
        Homework.lesson_id == lesson_id,
        Homework.removed_at.is_(None),
    )
    return (await session.scalars(query.order_by(Homework.id))).all()


async def due(session: AsyncSession, given: Sequence[Homework]) -> Mapping[UUID, dt.date]:
    """When homework of one organization and year is due; what waits for a lesson is absent."""
    if not given:
        return {}
    query = select(_DUE.c.homework_id, _DUE.c.due_on).where(
        _DUE.c.organization_id == given[0].organization_id,
        _DUE.c.academic_year == given[0].academic_year,
        _DUE.c.homework_id.in_([one.id for one in given]),
    )
    return {row.homework_id: row.due_on for row in await session.execute(query) if row.due_on is not None}


async def students(session: AsyncSession, given: Sequence[Homework]) -> Mapping[UUID, list[UUID]]:
    """Whom individual homework of one organization and year is for."""
    found: dict[UUID, list[UUID]] = {one.id: [] for one in given}
    if given:
        query = select(HomeworkStudent.homework_id, HomeworkStudent.student_id).where(
            _of(HomeworkStudent, given[0]), HomeworkStudent.homework_id.in_(found)
        )
        for homework_id, student_id in await session.execute(query.order_by(HomeworkStudent.id)):
            found[homework_id].append(student_id)
    return found


async def change(session: AsyncSession, given: Homework, version: int, values: Mapping[str, Any]) -> bool:
    """Change a homework if its version is still that; false if it is another."""
    return await versions.change(session, given, version, values)


async def hold(session: AsyncSession, given: Homework, student_id: UUID) -> None:
    """Let nobody else hand in for the student until the transaction ends."""
    await session.execute(_LOCK, {"homework": str(given.id), "student": str(student_id)})


async def hand_ins(session: AsyncSession, given: Homework, student_id: UUID | None = None) -> Sequence[HandIn]:
    """Versions handed in, of one student or of all, the oldest first."""
    query = select(HandIn).where(_of(HandIn, given), HandIn.homework_id == given.id)
    if student_id is not None:
        query = query.where(HandIn.student_id == student_id)
    return (await session.scalars(query.order_by(HandIn.id))).all()


async def hand_in(session: AsyncSession, hand_in_id: UUID) -> HandIn | None:
    """A version handed in."""
    return await session.scalar(select(HandIn).where(HandIn.id == hand_in_id))


async def answer(session: AsyncSession, handed: HandIn, version: int, values: Mapping[str, Any]) -> bool:
    """Answer a version, or change the answer, if that is its version; false if it is another."""
    return await versions.change(session, handed, version, values)


async def of_student(
    session: AsyncSession,
    student_id: UUID,
    organization_id: UUID | None,
    days: tuple[dt.date, dt.date],
    today: dt.date,
    kinds: Collection[TaskKind],
    after: UUID | None,
    limit: int,
    *,
    overdue: bool,
) -> list[Task]:
    """What a student has to do, due within ``days`` (given then, if no day is known), one more than ``limit``.

    ``overdue``: only what was to be handed in before ``today`` and is not.
    """
    since, until = days
    asked = {
        "student": student_id,
        "organization": organization_id,
        "first_year": since.year - 1,
        "last_year": until.year,
        "since": since,
        "until": until,
        "overdue": overdue,
        "today": today,
        "homework": TaskKind.HOMEWORK in kinds,
        "debts": TaskKind.DEBT in kinds,
        "after": after,
        "limit": limit + 1,
    }
    return [Task(TaskKind(row[0]), *row[1:]) for row in await session.execute(_OF_STUDENT, asked)]
