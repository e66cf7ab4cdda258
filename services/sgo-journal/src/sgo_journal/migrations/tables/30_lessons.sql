CREATE TABLE lesson (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    journal_id uuid NOT NULL, learners_id uuid NOT NULL, date date NOT NULL, number smallint NOT NULL,
    starts_at time, ends_at time, teacher_id uuid, room_id uuid, line_id uuid,
    state text NOT NULL, mode text NOT NULL, video_link text, note text,
    topic text, topic_id uuid, attendance_checked boolean NOT NULL,
    version integer NOT NULL, told_version integer NOT NULL, created_at timestamptz NOT NULL, recorded_at timestamptz,
    learners integer NOT NULL, absent integer NOT NULL, marks integer NOT NULL,
    CONSTRAINT pk_lesson PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_lesson_journal FOREIGN KEY (organization_id, academic_year, journal_id, learners_id)
        REFERENCES journal (organization_id, academic_year, id, learners_id),
    CONSTRAINT ck_lesson_number CHECK (number BETWEEN 0 AND 20),
    CONSTRAINT ck_lesson_state CHECK (state IN ('planned', 'cancelled')),
    CONSTRAINT ck_lesson_mode CHECK (mode IN ('on_site', 'remote')),
    CONSTRAINT ck_lesson_times CHECK (starts_at < ends_at),
    CONSTRAINT ck_lesson_version CHECK (version >= 1 AND told_version >= 0)) PARTITION BY LIST (academic_year);

CREATE UNIQUE INDEX uq_lesson_hour ON lesson (organization_id, academic_year, journal_id, date, number) WHERE state = 'planned';

CREATE INDEX ix_lesson_journal_id ON lesson (organization_id, academic_year, journal_id, date, number, id);

CREATE INDEX ix_lesson_id ON lesson (id);

CREATE INDEX ix_lesson_date ON lesson (organization_id, date, number, id);

CREATE INDEX ix_lesson_learners_id ON lesson (organization_id, learners_id, date);

CREATE INDEX ix_lesson_teacher_id ON lesson (organization_id, teacher_id, date);

CREATE INDEX ix_lesson_room_id ON lesson (organization_id, room_id, date);

CREATE TABLE lesson_work (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    lesson_id uuid NOT NULL, number smallint NOT NULL, kind text NOT NULL, title text, weight numeric(4,2) NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_lesson_work PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_lesson_work_number UNIQUE (organization_id, academic_year, lesson_id, number),
    CONSTRAINT fk_lesson_work_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
        REFERENCES lesson (organization_id, academic_year, id),
    CONSTRAINT ck_lesson_work_number CHECK (number BETWEEN 1 AND 9),
    CONSTRAINT ck_lesson_work_weight CHECK (weight BETWEEN 0 AND 10)) PARTITION BY LIST (academic_year)
