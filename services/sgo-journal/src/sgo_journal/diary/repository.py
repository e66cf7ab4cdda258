"""All SQL of the diary: a week is two statements, whatever stands in it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, RowMapping, Uuid, literal, literal_column, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from sgo_journal.diary.model import DiaryAcknowledgement, DiaryVisit
from sgo_journal.lessons.service import Lesson

_MARKS = """(
    SELECT coalesce(json_agg(json_build_object(
        'value', m.value, 'sign', v.sign, 'title', v.title, 'work', m.work, 'comment', m.comment, 'set_at', m.changed_at,
        'set_by', (SELECT concat_ws(' ', w.last_name, w.first_name, w.middle_name) FROM worker AS w WHERE w.id = m.changed_by))
        ORDER BY m.work), '[]')
      FROM mark AS m JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value
     WHERE m.organization_id = lesson.organization_id AND m.academic_year = lesson.academic_year AND m.lesson_id = lesson.id
       AND m.student_id = reader.student_id)"""
_ATTENDANCE = """(
    SELECT json_build_object('code', a.code, 'sign', c.sign, 'title', c.title)
      FROM attendance AS a JOIN attendance_code AS c ON c.code = a.code
     WHERE a.organization_id = lesson.organization_id AND a.academic_year = lesson.academic_year AND a.lesson_id = lesson.id
       AND a.student_id = reader.student_id)"""
_WORKS = """(
    SELECT coalesce(json_agg(json_build_object('number', w.number, 'kind', w.kind, 'title', w.title, 'weight', w.weight)
                             ORDER BY w.number), '[]')
      FROM lesson_work AS w
     WHERE w.organization_id = lesson.organization_id AND w.academic_year = lesson.academic_year AND w.lesson_id = lesson.id)"""
_HOMEWORK = """(
    SELECT string_agg(h.text, E'\n' ORDER BY h.id) FROM homework AS h
     WHERE h.organization_id = lesson.organization_id AND h.academic_year = lesson.academic_year AND h.lesson_id = lesson.id
       AND h.removed_at IS NULL AND (NOT h.individual OR EXISTS (
           SELECT FROM homework_student AS o
            WHERE o.organization_id = h.organization_id AND o.academic_year = h.academic_year AND o.homework_id = h.id
              AND o.student_id = reader.student_id)))"""
_SUBJECT = """(
    SELECT coalesce(j.title, s.title, '') FROM journal AS j LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE j.organization_id = lesson.organization_id AND j.academic_year = lesson.academic_year AND j.id = lesson.journal_id)"""
_TEACHER = """(
    SELECT concat_ws(' ', w.last_name, w.first_name, w.middle_name) FROM worker AS w WHERE w.id = lesson.teacher_id)"""
_ROOM = "(SELECT r.number FROM room AS r WHERE r.id = lesson.room_id)"
_LINK = """CASE WHEN lesson.mode = 'remote' THEN coalesce(lesson.video_link, (
    SELECT j.video_link FROM journal AS j
     WHERE j.organization_id = lesson.organization_id AND j.academic_year = lesson.academic_year AND j.id = lesson.journal_id)) END"""
_SUBSTITUTED = """(lesson.teacher_id IS NOT NULL AND (
    SELECT coalesce(bool_and(t.teacher_id <> lesson.teacher_id), false) FROM teaching AS t
     WHERE t.organization_id = lesson.organization_id AND t.academic_year = lesson.academic_year
       AND t.journal_id = lesson.journal_id AND t.valid_from <= lesson.date AND t.valid_to > lesson.date))"""
_SHOWN: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    *(Lesson.id.label("lesson_id"), Lesson.date, Lesson.number, Lesson.starts_at, Lesson.ends_at, Lesson.state),
    *(Lesson.mode, Lesson.topic),
    # Why one teacher stands in for another is that teacher's affair; why many lessons changed is everybody's.
    literal_column("CASE WHEN lesson.switch_id IS NOT NULL THEN lesson.note END").label("note"),
    literal_column(_HOMEWORK).label("homework"),
    literal_column(_SUBJECT).label("subject"),
    literal_column(_TEACHER).label("teacher"),
    literal_column(_ROOM).label("room"),
    literal_column(_LINK).label("video_link"),
    literal_column(_SUBSTITUTED).label("substituted"),
    literal_column(_MARKS, JSONB).label("marks"),
    literal_column(_ATTENDANCE, JSONB).label("attendance"),
    literal_column(_WORKS, JSONB).label("works"),
)


async def week(
    session: AsyncSession, may: ColumnElement[bool], shown: ColumnElement[bool], student_id: UUID
) -> Sequence[RowMapping] | None:
    """Lessons that are shown, by date and hour, each with the student's cells; none if the reader may not see the student."""
    reader = select(may.label("may"), literal(student_id, Uuid).label("student_id")).cte("reader")
    lessons = reader.outerjoin(Lesson, reader.c.may & shown)
    query = select(reader.c.may, *_SHOWN).select_from(lessons).order_by(Lesson.date, Lesson.number, Lesson.id)
    rows = (await session.execute(query)).mappings().all()
    if not rows[0]["may"]:
        return None
    return [row for row in rows if row["lesson_id"] is not None]


_AROUND = text("""
SELECT (SELECT v.visited_at FROM diary_visit AS v WHERE v.student_id = :student AND v.reader_id = :reader) AS visited_at,
       (SELECT min(a.acknowledged_at) FROM diary_acknowledgement AS a
         WHERE a.student_id = :student AND a.week = :week) AS acknowledged_at,
       (SELECT json_agg(json_build_object('date', w.date, 'number', w.number, 'subject', w.subject, 'kind', w.kind,
                                          'title', w.title)
                                ORDER BY w.date, w.number)
          FROM (SELECT l.date, l.number, coalesce(j.title, s.title) AS subject,
                       coalesce(a.kind, w.kind) AS kind, coalesce(a.title, w.title) AS title
                  FROM roster_stay AS r
                  JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
                       AND l.learners_id = r.learners_id AND l.date >= r.valid_from
                       AND (r.valid_to IS NULL OR l.date < r.valid_to)
                  JOIN journal AS j ON j.organization_id = l.organization_id AND j.academic_year = l.academic_year
                       AND j.id = l.journal_id
                  LEFT JOIN subject AS s ON s.id = j.subject_id
                  LEFT JOIN assessment AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year
                       AND a.lesson_id = l.id AND a.published_at IS NOT NULL
                  LEFT JOIN lesson_work AS w ON w.organization_id = l.organization_id AND w.academic_year = l.academic_year
                       AND w.lesson_id = l.id AND a.id IS NULL
                 WHERE r.student_id = :student AND l.date > :today AND l.date <= :ahead AND l.state = 'planned'
                   AND (CAST(:organization AS uuid) IS NULL OR l.organization_id = :organization)
                   AND (a.id IS NOT NULL OR w.id IS NOT NULL)) AS w) AS upcoming
""").columns(visited_at=DateTime(timezone=True), acknowledged_at=DateTime(timezone=True), upcoming=JSONB)


async def around(
    session: AsyncSession,
    student_id: UUID,
    reader_id: UUID | None,
    organization_id: UUID | None,
    monday: dt.date,
    today: dt.date,
    ahead: dt.date,
) -> Any:
    """What stands beside a week: the reader's last visit, when the family looked it through, works of the days to come."""
    given = {"student": student_id, "reader": reader_id, "week": monday, "today": today, "ahead": ahead}
    return (await session.execute(_AROUND, {**given, "organization": organization_id})).one()


async def may_see(session: AsyncSession, may: ColumnElement[bool]) -> bool:
    """Whether a condition holds."""
    return bool(await session.scalar(select(may)))


_NEWS = text("""
WITH since AS (
    SELECT greatest(coalesce(max(v.visited_at), :longest), :longest) AS at
      FROM diary_visit AS v WHERE v.student_id = :student AND v.reader_id = :reader
), lessons AS MATERIALIZED (
    SELECT l.*, coalesce(j.title, s.title) AS subject
      FROM roster_stay AS r
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
           AND l.learners_id = r.learners_id AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
      JOIN journal AS j ON j.organization_id = l.organization_id AND j.academic_year = l.academic_year AND j.id = l.journal_id
      LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE r.student_id = :student AND l.date BETWEEN :first AND :last
)
SELECT 'mark' AS kind, l.id AS lesson_id, l.date, l.subject, v.sign AS text, m.comment, m.changed_at AS at
  FROM lessons AS l JOIN mark AS m ON m.organization_id = l.organization_id AND m.academic_year = l.academic_year
       AND m.lesson_id = l.id AND m.student_id = :student
  JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value, since
 WHERE m.changed_at > since.at
 UNION ALL
SELECT 'attendance', l.id, l.date, l.subject, c.title, NULL, a.changed_at
  FROM lessons AS l JOIN attendance AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year
       AND a.lesson_id = l.id AND a.student_id = :student
  JOIN attendance_code AS c ON c.code = a.code, since
 WHERE a.changed_at > since.at
 UNION ALL
SELECT 'homework', l.id, l.date, l.subject, h.text, NULL, h.created_at
  FROM lessons AS l JOIN homework AS h ON h.organization_id = l.organization_id AND h.academic_year = l.academic_year
       AND h.lesson_id = l.id, since
 WHERE h.removed_at IS NULL AND h.created_at > since.at
   AND (NOT h.individual OR EXISTS (
       SELECT FROM homework_student AS o
        WHERE o.organization_id = h.organization_id AND o.academic_year = h.academic_year AND o.homework_id = h.id
          AND o.student_id = :student))
 UNION ALL
SELECT DISTINCT ON (l.id) c.action, l.id, l.date, l.subject, NULL, NULL, c.changed_at
  FROM lessons AS l JOIN lesson_change AS c ON c.organization_id = l.organization_id AND c.academic_year = l.academic_year
       AND c.lesson_id = l.id, since
 WHERE c.changed_at > since.at AND c.action <> 'added' AND l.date >= :today
 ORDER BY at DESC, lesson_id, kind
 LIMIT :limit
""")


async def news(session: AsyncSession, **given: Any) -> Sequence[Any]:
    """What was written since the reader's last visit, the newest first."""
    return (await session.execute(_NEWS, given)).all()


_ATTENDED = text("""
SELECT c.code, c.sign, c.title, c.absent, count(l.id) AS lessons, count(DISTINCT l.date) AS days
  FROM roster_stay AS r
  JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
       AND l.learners_id = r.learners_id AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
  LEFT JOIN attendance AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year
       AND a.lesson_id = l.id AND a.student_id = :student
  LEFT JOIN attendance_code AS c ON c.code = a.code
 WHERE r.student_id = :student AND l.date BETWEEN :since AND :until AND l.date <= :today AND l.state = 'planned'
   AND (CAST(:organization AS uuid) IS NULL OR l.organization_id = :organization)
 GROUP BY c.code ORDER BY c.position NULLS FIRST
""")


async def attended(session: AsyncSession, **given: Any) -> Sequence[Any]:
    """Lessons and days within [since, until] by code of attendance; without a code the student was there."""
    return (await session.execute(_ATTENDED, given)).all()


async def visit(session: AsyncSession, student_id: UUID, reader_id: UUID, at: dt.datetime) -> dt.datetime:
    """Advance the reader's visit, never back; what it is now."""
    statement = insert(DiaryVisit).values(student_id=student_id, reader_id=reader_id, visited_at=at)
    statement = statement.on_conflict_do_update(
        index_elements=["student_id", "reader_id"],
        set_={"visited_at": text("greatest(diary_visit.visited_at, excluded.visited_at)")},
    )
    visited: dt.datetime = (await session.execute(statement.returning(DiaryVisit.visited_at))).scalar_one()
    return visited


async def acknowledge(
    session: AsyncSession, student_id: UUID, week: dt.date, guardian_id: UUID, at: dt.datetime
) -> None:
    """Keep that a guardian has looked a week through; the first time counts."""
    values = {"student_id": student_id, "week": week, "guardian_id": guardian_id, "acknowledged_at": at}
    await session.execute(insert(DiaryAcknowledgement).values(values).on_conflict_do_nothing())
