CREATE TABLE mark_value (
    code text CONSTRAINT pk_mark_value PRIMARY KEY, sign text NOT NULL, title text NOT NULL, position integer NOT NULL);

INSERT INTO mark_value (position, code, sign, title) VALUES
    (1, '5', '5', 'отлично'), (2, '4', '4', 'хорошо'), (3, '3', '3', 'удовлетворительно'),
    (4, '2', '2', 'неудовлетворительно'), (5, '1', '1', 'плохо'), (6, 'pass', 'зч', 'зачтено'),
    (7, 'fail', 'нз', 'не зачтено'), (8, 'exempt', 'осв', 'освобождён'), (9, 'not_attested', 'н/а', 'не аттестован');

CREATE TABLE attendance_code (
    code text CONSTRAINT pk_attendance_code PRIMARY KEY, sign text NOT NULL, title text NOT NULL,
    absent boolean NOT NULL, position integer NOT NULL);

INSERT INTO attendance_code (position, code, sign, title, absent) VALUES
    (1, 'absent', 'ОТ', 'отсутствовал', true), (2, 'excused', 'УП', 'отсутствовал по уважительной причине', true),
    (3, 'sick', 'Б', 'отсутствовал по болезни', true),
    (4, 'unexcused', 'НП', 'отсутствовал по неуважительной причине', true),
    (5, 'late', 'ОП', 'опоздал', false), (6, 'exempt', 'ОСВ', 'освобождён от занятия', false);

CREATE TABLE lesson (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    group_id uuid NOT NULL, date date NOT NULL, number integer NOT NULL, subject text NOT NULL, teacher_id uuid NOT NULL,
    topic text, homework text, version integer NOT NULL, created_at timestamptz NOT NULL, recorded_at timestamptz,
    learners integer NOT NULL, absent integer NOT NULL, marks integer NOT NULL,
    CONSTRAINT pk_lesson PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_lesson_hour UNIQUE (organization_id, academic_year, group_id, date, number, teacher_id),
    CONSTRAINT ck_lesson_number CHECK (number BETWEEN 1 AND 20),
    CONSTRAINT ck_lesson_version CHECK (version >= 1),
    CONSTRAINT ck_lesson_recorded CHECK ((recorded_at IS NULL) = (version = 1))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_lesson_id ON lesson (id);

CREATE INDEX ix_lesson_teacher_id ON lesson (organization_id, teacher_id, date);

CREATE TABLE mark (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    lesson_id uuid NOT NULL, student_id uuid NOT NULL, recorded_as uuid,
    value text NOT NULL CONSTRAINT fk_mark_value REFERENCES mark_value, comment text,
    CONSTRAINT pk_mark PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_mark_student UNIQUE (organization_id, academic_year, lesson_id, student_id),
    CONSTRAINT fk_mark_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
    REFERENCES lesson (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_mark_student_id ON mark (organization_id, student_id);

CREATE INDEX ix_mark_recorded_as ON mark (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE TABLE attendance (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    lesson_id uuid NOT NULL, student_id uuid NOT NULL, recorded_as uuid,
    code text NOT NULL CONSTRAINT fk_attendance_code REFERENCES attendance_code,
    CONSTRAINT pk_attendance PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_attendance_student UNIQUE (organization_id, academic_year, lesson_id, student_id),
    CONSTRAINT fk_attendance_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
    REFERENCES lesson (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_attendance_student_id ON attendance (organization_id, student_id);

CREATE INDEX ix_attendance_recorded_as ON attendance (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE TABLE record_change (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    lesson_id uuid NOT NULL, lesson_version integer NOT NULL, student_id uuid NOT NULL, kind text NOT NULL,
    old_value text, old_comment text, new_value text, new_comment text,
    changed_by text NOT NULL, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_record_change PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_record_change_kind CHECK (kind IN ('mark', 'attendance'))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_record_change_lesson_id ON record_change (organization_id, academic_year, lesson_id);

CREATE INDEX ix_record_change_student_id ON record_change (organization_id, student_id)
