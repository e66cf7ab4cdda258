"""Classes of thirty with a term of lessons behind them, marks and homework in most, and a guardian of a child of each class."""

import datetime as dt

from bench.journal.ground import ORGANIZATION, STUDENTS
from servicekit.testing import Database
from sgo_journal.dates import academic_year

SUBJECTS, LESSONS_A_DAY, WEEKS_BEHIND, WEEKS_AHEAD = 10, 6, 8, 3

# Ids are made of places: md5('student' || class || '.' || place). Rows are written without triggers: rules are not what is measured.
_FILL = f"""
SET session_replication_role = replica;
CREATE TEMP TABLE place AS SELECT c AS class, md5('class' || c)::uuid AS class_id FROM generate_series(0, $CLASSES - 1) AS c;
CREATE TEMP TABLE course AS SELECT class, class_id, s AS subject, md5('journal' || class || '.' || s)::uuid AS id,
        md5('teacher' || s)::uuid AS teacher_id FROM place CROSS JOIN generate_series(1, {SUBJECTS}) AS s;
CREATE TEMP TABLE child AS SELECT class, class_id, n, md5('student' || class || '.' || n)::uuid AS id
   FROM place CROSS JOIN generate_series(1, {STUDENTS}) AS n;
INSERT INTO subject (id, code, title, short_title, area, grade_from, grade_to, valid_from, sequence)
    SELECT md5('subject' || s)::uuid, s::text, 'Предмет основной № ' || s, 'Предмет', 'other', 1, 11, '2020-09-01', '0'
      FROM generate_series(1, {SUBJECTS}) AS s;
INSERT INTO worker SELECT md5('teacher' || s)::uuid, 'Преподавателева' || s, 'Александра', 'Константиновна', '{{}}', '0'
      FROM generate_series(1, {SUBJECTS}) AS s;
INSERT INTO room (id, organization_id, number, kind, active, sequence)
    SELECT md5('room' || s)::uuid, '{ORGANIZATION}', s::text, 'ordinary', true, '0' FROM generate_series(1, {SUBJECTS}) AS s;
INSERT INTO journal (organization_id, academic_year, id, learners_id, of_teaching_group, subject_id, scale_id, version, created_at)
    SELECT '{ORGANIZATION}', $YEAR, id, class_id, false, md5('subject' || subject)::uuid, 1, 1, now() FROM course;
INSERT INTO teaching (organization_id, academic_year, id, journal_id, teacher_id, hours_week, valid_from, valid_to)
    SELECT '{ORGANIZATION}', $YEAR, id, id, teacher_id, 3, '$FIRST', make_date($YEAR + 1, 9, 1) FROM course;
INSERT INTO placement (organization_id, academic_year, id, student_id, group_id, grade, main, valid_from)
    SELECT '{ORGANIZATION}', $YEAR, id, id, class_id, 7, true, '$FIRST' FROM child;
INSERT INTO guardianship (id, guardian_id, student_id, may_see, valid_from, sequence)
    SELECT id, md5('guardian' || class)::uuid, id, true, '2020-09-01', '0' FROM child WHERE n = 1;
INSERT INTO lesson (organization_id, academic_year, id, journal_id, learners_id, date, number, starts_at, ends_at, teacher_id, room_id,
        state, mode, topic, attendance_checked, version, told_version, created_at, recorded_at, learners, absent, marks)
    SELECT '{ORGANIZATION}', $YEAR, md5('lesson' || c.class || '.' || day || '.' || number)::uuid, c.id, c.class_id,
           date '$FIRST' + day, number, time '08:00' + number * interval '1 hour', time '08:45' + number * interval '1 hour', c.teacher_id,
           md5('room' || c.subject)::uuid, 'planned', 'on_site', 'Закрепление пройденного материала', true, 1, 1, now(), now(), 30, 0, 15
      FROM generate_series(0, 7 * {WEEKS_BEHIND + WEEKS_AHEAD} - 1) AS day CROSS JOIN generate_series(1, {LESSONS_A_DAY}) AS number
      JOIN course AS c ON c.subject = 1 + (day * {LESSONS_A_DAY} + number) % {SUBJECTS} WHERE day % 7 < 5;
INSERT INTO lesson_work (organization_id, academic_year, id, lesson_id, number, kind, title, weight, version)
    SELECT organization_id, academic_year, id, id, 1, 'control', 'Контрольная работа', 2, 1 FROM lesson WHERE number = 3;
INSERT INTO mark (organization_id, academic_year, id, lesson_id, work, student_id, scale_id, value, version, changed_by, changed_at)
    SELECT l.organization_id, l.academic_year, md5(l.id::text || s.n)::uuid, l.id, 1, s.id, 1, '4', 1, l.teacher_id, now()
      FROM lesson AS l JOIN child AS s ON s.class_id = l.learners_id AND (s.n + l.number) % 2 = 0 WHERE l.date < date '$TODAY';
INSERT INTO attendance (organization_id, academic_year, id, lesson_id, student_id, code, version, changed_by, changed_at)
    SELECT l.organization_id, l.academic_year, md5('absent' || l.id || s.n)::uuid, l.id, s.id, 'sick', 1, l.teacher_id, now()
      FROM lesson AS l JOIN child AS s ON s.class_id = l.learners_id AND (s.n + extract(doy FROM l.date)) % 10 = 1
     WHERE l.date < date '$TODAY';
INSERT INTO homework (organization_id, academic_year, id, journal_id, lesson_id, text, individual, required, author_id, version, created_at)
    SELECT organization_id, academic_year, id, journal_id, id, '§ 12, упражнения 105–108 письменно, правило на стр. 47 наизусть',
           false, true, teacher_id, 1, now() FROM lesson WHERE date < date '$TODAY';
ANALYZE;
"""


async def fill(database: Database, classes: int, today: dt.date) -> dt.date:
    """Make the classes; the Monday of the last whole week before ``today``."""
    first = today - dt.timedelta(days=today.weekday() + 7 * WEEKS_BEHIND)
    given = {
        "$CLASSES": str(classes),
        "$YEAR": str(academic_year(today)),
        "$FIRST": first.isoformat(),
        "$TODAY": today.isoformat(),
    }
    statements = _FILL
    for name, value in given.items():
        statements = statements.replace(name, value)
    connection = await database.connect()
    try:
        await connection.execute(statements, timeout=600)
    finally:
        await connection.close()
    return first + dt.timedelta(days=7 * (WEEKS_BEHIND - 1))
