"""SQL of a week: one statement reads its lessons, one what stands beside them; both write JSON as ``schemas.Diary`` has it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LESSONS = text("""
WITH reader AS MATERIALIZED (
    SELECT CASE
           WHEN :itself THEN true
           WHEN CAST(:guardian AS uuid) IS NOT NULL THEN EXISTS (
               SELECT FROM guardianship AS g
                WHERE g.guardian_id = :guardian AND g.student_id = :student AND g.may_see
                  AND g.valid_from <= :today AND (g.valid_to IS NULL OR g.valid_to > :today))
           ELSE EXISTS (
               SELECT FROM roster_stay AS r
                WHERE r.student_id = :student AND r.organization_id = :organization
                  AND r.valid_from < :until AND (r.valid_to IS NULL OR r.valid_to > :since)) END AS may
), shown AS MATERIALIZED (
    SELECT DISTINCT ON (l.date, l.number, l.organization_id, l.id)
           l.*, coalesce(j.title, s.title, '') AS subject, j.video_link AS usual_link
      FROM reader
      JOIN roster_stay AS r ON reader.may AND r.student_id = :student
           AND r.valid_from < :until AND (r.valid_to IS NULL OR r.valid_to > :since)
           AND (CAST(:organization AS uuid) IS NULL OR r.organization_id = :organization)
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
           AND l.learners_id = r.learners_id AND l.date >= :since AND l.date < :until
           AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
      JOIN journal AS j ON j.organization_id = l.organization_id AND j.academic_year = l.academic_year AND j.id = l.journal_id
      LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE CAST(:journals AS uuid[]) IS NULL OR l.teacher_id = CAST(:teacher AS uuid) OR l.journal_id = ANY (:journals)
), told AS (
    SELECT l.date, l.number, l.id, json_build_object(
           'lesson_id', l.id, 'number', l.number, 'starts_at', l.starts_at, 'ends_at', l.ends_at, 'subject', l.subject,
           'teacher', nullif(concat_ws(' ', w.last_name, w.first_name, w.middle_name), ''),
           'room', (SELECT r.number FROM room AS r WHERE r.id = l.room_id),
           'state', l.state, 'mode', l.mode,
           'video_link', CASE WHEN l.mode = 'remote' THEN coalesce(l.video_link, l.usual_link) END,
           'substituted', l.teacher_id IS NOT NULL AND (u.id IS NOT NULL OR (
               SELECT coalesce(bool_and(t.teacher_id <> l.teacher_id), false) FROM teaching AS t
                WHERE t.organization_id = l.organization_id AND t.academic_year = l.academic_year
                  AND t.journal_id = l.journal_id AND t.valid_from <= l.date AND t.valid_to > l.date)),
           'instead_of', (
               SELECT concat_ws(' ', o.last_name, o.first_name, o.middle_name) FROM worker AS o WHERE o.id = u.own_teacher_id),
           -- Why one teacher stands in for another is that teacher's affair; why many lessons changed is everybody's.
           'note', CASE WHEN l.switch_id IS NOT NULL THEN l.note END, 'topic', l.topic, 'homework', (
               SELECT string_agg(h.text, E'\n' ORDER BY h.id) FROM homework AS h
                WHERE h.organization_id = l.organization_id AND h.academic_year = l.academic_year AND h.lesson_id = l.id
                  AND h.removed_at IS NULL AND (NOT h.individual OR EXISTS (
                      SELECT FROM homework_student AS o
                       WHERE o.organization_id = h.organization_id AND o.academic_year = h.academic_year
                         AND o.homework_id = h.id AND o.student_id = :student))),
           'works', (
               SELECT coalesce(json_agg(json_build_object(
                          'number', k.number, 'kind', k.kind, 'title', k.title, 'weight', k.weight) ORDER BY k.number), '[]')
                 FROM lesson_work AS k
                WHERE k.organization_id = l.organization_id AND k.academic_year = l.academic_year AND k.lesson_id = l.id),
           'marks', (
               SELECT coalesce(json_agg(json_build_object(
                          'value', m.value, 'sign', v.sign, 'title', v.title, 'work', m.work, 'comment', m.comment,
                          'debt', m.debt, 'due_on', m.due_on,
                          'set_at', m.changed_at, 'set_by', (
                              SELECT concat_ws(' ', o.last_name, o.first_name, o.middle_name) FROM worker AS o
                               WHERE o.id = m.changed_by)) ORDER BY m.work), '[]')
                 FROM mark AS m JOIN scale_value AS v ON v.scale_id = m.scale_id AND v.code = m.value
                WHERE m.organization_id = l.organization_id AND m.academic_year = l.academic_year AND m.lesson_id = l.id
                  AND m.student_id = :student),
           'attendance', (
               SELECT json_build_object('code', a.code, 'sign', c.sign, 'title', c.title, 'absent', c.absent)
                 FROM attendance AS a JOIN attendance_code AS c ON c.code = a.code
                WHERE a.organization_id = l.organization_id AND a.academic_year = l.academic_year AND a.lesson_id = l.id
                  AND a.student_id = :student)) AS lesson
      FROM shown AS l
      LEFT JOIN worker AS w ON w.id = l.teacher_id
      LEFT JOIN substitution AS u ON u.organization_id = l.organization_id AND u.academic_year = l.academic_year
           AND u.lesson_id = l.id AND u.ended_at IS NULL
)
SELECT (SELECT may FROM reader) AS may,
       (SELECT json_agg(json_build_object('date', d.day, 'lessons', coalesce((
                   SELECT json_agg(t.lesson ORDER BY t.number, t.id) FROM told AS t WHERE t.date = d.day), '[]'))
                        ORDER BY d.day)::text
          FROM (SELECT CAST(:since AS date) + n AS day FROM generate_series(0, 6) AS n) AS d) AS days
""")

BESIDE = text("""
WITH stay AS MATERIALIZED (
    SELECT * FROM roster_stay AS r
     WHERE r.student_id = :student AND (CAST(:organization AS uuid) IS NULL OR r.organization_id = :organization)
), upcoming AS (
    SELECT DISTINCT l.date, l.number, l.id, coalesce(a.id, w.id) AS work_id, coalesce(j.title, s.title) AS subject,
           coalesce(a.kind, w.kind) AS kind, coalesce(a.title, w.title) AS title
      FROM stay AS r
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
           AND l.learners_id = r.learners_id AND l.date > :today AND l.date <= :ahead AND l.state = 'planned'
           AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
      JOIN journal AS j ON j.organization_id = l.organization_id AND j.academic_year = l.academic_year AND j.id = l.journal_id
      LEFT JOIN subject AS s ON s.id = j.subject_id
      LEFT JOIN assessment AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year
           AND a.lesson_id = l.id AND a.published_at IS NOT NULL
      LEFT JOIN lesson_work AS w ON w.organization_id = l.organization_id AND w.academic_year = l.academic_year
           AND w.lesson_id = l.id AND a.id IS NULL
     WHERE :all AND (a.id IS NOT NULL OR w.id IS NOT NULL)
), event AS (
    SELECT DISTINCT ON (e.starts_on, e.organization_id, e.id) e.*, coalesce(e.place, o.number) AS where_it_is,
           nullif(concat_ws(' ', w.last_name, w.first_name, w.middle_name), '') AS responsible
      FROM stay AS r
      JOIN class_event AS e ON e.organization_id = r.organization_id AND e.academic_year = r.academic_year
           AND r.learners_id = ANY (e.learners_ids) AND e.starts_on < :until AND e.starts_on > CAST(:since AS date) - 62
           AND e.ends_on >= :since AND e.starts_on >= r.valid_from AND (r.valid_to IS NULL OR e.starts_on < r.valid_to)
      LEFT JOIN room AS o ON o.id = e.room_id
      LEFT JOIN worker AS w ON w.id = e.responsible_id
), total AS (
    SELECT t.kind, t.period, t.first_day, t.last_day, t.changed_at, v.code, v.sign, v.title,
           coalesce(CASE WHEN t.course_id = coalesce(j.subject_id, j.id) THEN j.title END, s.title, '') AS subject
      FROM (SELECT DISTINCT organization_id, academic_year FROM stay) AS r
      JOIN total AS t ON t.organization_id = r.organization_id AND t.academic_year = r.academic_year
           AND t.student_id = :student AND t.changed_at >= CAST(:since AS timestamp) AT TIME ZONE 'Europe/Moscow'
           AND t.changed_at < CAST(:until AS timestamp) AT TIME ZONE 'Europe/Moscow'
      JOIN scale_value AS v ON v.scale_id = t.scale_id AND v.code = t.value
      JOIN journal AS j ON j.organization_id = t.organization_id AND j.academic_year = t.academic_year AND j.id = t.journal_id
      LEFT JOIN subject AS s ON s.id = t.course_id
     WHERE :all
), carried AS (
    SELECT b.*, v.sign, v.title AS value_title
      FROM (SELECT DISTINCT organization_id, academic_year FROM stay) AS r
      JOIN brought AS b ON b.organization_id = r.organization_id AND b.academic_year = r.academic_year AND b.student_id = :student
           AND b.last_day >= :since AND b.last_day < :until
           -- A family has the week of the school in the region that the child was in: there the mark stands at its lesson.
           AND (b.from_organization_id IS NULL OR CAST(:organization AS uuid) IS NOT NULL)
      JOIN scale_value AS v ON v.scale_id = b.scale_id AND v.code = b.value
     WHERE :all
)
SELECT json_build_object(
       'visited_at', (
           SELECT max(v.visited_at) FROM diary_visit AS v WHERE v.student_id = ANY (cards_of(:student)) AND v.reader_id = :reader),
       'acknowledged_at', (
           SELECT min(a.acknowledged_at) FROM diary_acknowledgement AS a
            WHERE a.student_id = ANY (cards_of(:student)) AND a.week = :since),
       'upcoming', (
           SELECT coalesce(json_agg(json_build_object(
                      'date', w.date, 'number', w.number, 'subject', w.subject, 'kind', w.kind, 'title', w.title)
                                    ORDER BY w.date, w.number), '[]') FROM upcoming AS w),
       'events', (
           SELECT coalesce(json_agg(json_build_object(
                      'event_id', e.id, 'kind', e.kind, 'title', e.title, 'starts_on', e.starts_on, 'ends_on', e.ends_on,
                      'starts_at', e.starts_at, 'ends_at', e.ends_at, 'place', e.where_it_is, 'responsible', e.responsible,
                      'note', e.note, 'state', e.state) ORDER BY e.starts_on, e.starts_at, e.id), '[]') FROM event AS e),
       'totals', (
           SELECT coalesce(json_agg(json_build_object(
                      'subject', t.subject, 'kind', t.kind, 'period', t.period, 'first_day', t.first_day, 'last_day', t.last_day,
                      'value', t.code, 'sign', t.sign, 'title', t.title, 'set_at', t.changed_at)
                                    ORDER BY t.subject, t.last_day, t.kind), '[]') FROM total AS t),
       'brought', (
           SELECT coalesce(json_agg(json_build_object(
                      'subject', b.subject, 'kind', b.kind, 'first_day', b.first_day, 'last_day', b.last_day, 'dated', b.dated,
                      'work', b.title, 'value', b.value, 'sign', b.sign, 'title', b.value_title, 'source', b.source,
                      'from_paper', b.from_organization_id IS NULL)
                                    ORDER BY b.subject, b.first_day, b.id), '[]') FROM carried AS b))::text AS beside
""")


@dataclass(frozen=True)
class Asked:
    """Who asks for whose week: ``itself`` the student, a ``guardian``, or staff of an ``organization``.

    ``journals``: a teacher's; of a week the teacher sees their lessons and those given by ``teacher``.
    """

    student: UUID
    since: dt.date
    until: dt.date
    today: dt.date
    itself: bool = False
    guardian: UUID | None = None
    organization: UUID | None = None
    teacher: UUID | None = None
    journals: Sequence[UUID] | None = None

    @property
    def lessons(self) -> dict[str, Any]:
        """Parameters of ``LESSONS``."""
        return vars(self)

    def beside(self, ahead: dt.date) -> dict[str, Any]:
        """Parameters of ``BESIDE``: works are told of up to ``ahead``; a teacher is told of the own subjects in the journals."""
        reader = self.student if self.itself else self.guardian
        mine = {name: getattr(self, name) for name in ("student", "since", "until", "today", "organization")}
        return {**mine, "reader": reader, "ahead": ahead, "all": self.journals is None}


async def days(session: AsyncSession, asked: Asked) -> str | None:
    """The days of a week with their lessons, and what is noted of the student there; none if the reader may not see the student."""
    row = (await session.execute(LESSONS, asked.lessons)).one()
    return row.days if row.may else None


async def beside(session: AsyncSession, asked: Asked, ahead: dt.date) -> str:
    """What stands beside the days: visits, works to come, events, totals set that week, marks of that week from another school."""
    written: str = (await session.execute(BESIDE, asked.beside(ahead))).scalar_one()
    return written
