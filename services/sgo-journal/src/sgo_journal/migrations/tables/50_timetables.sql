ALTER TABLE lesson
    ADD COLUMN planned_date date, ADD COLUMN planned_number smallint, ADD COLUMN by_hand boolean NOT NULL DEFAULT false,
    ADD COLUMN switch_id uuid,
    ADD CONSTRAINT ck_lesson_planned CHECK ((planned_date IS NULL) = (planned_number IS NULL));

CREATE INDEX ix_lesson_planned_date ON lesson (organization_id, academic_year, planned_date) WHERE planned_date IS NOT NULL;

CREATE TABLE lesson_change (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    lesson_id uuid NOT NULL, action text NOT NULL, old jsonb NOT NULL, new jsonb NOT NULL, reason text NOT NULL,
    changed_by uuid NOT NULL, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_lesson_change PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_lesson_change_action CHECK (action IN ('added', 'changed', 'cancelled', 'restored', 'removed', 'works')))
    PARTITION BY LIST (academic_year);

CREATE INDEX ix_lesson_change_lesson_id ON lesson_change (organization_id, academic_year, lesson_id, id);

CREATE TABLE timetable (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    title text NOT NULL, state text NOT NULL, valid_from date NOT NULL, valid_to date NOT NULL,
    version integer NOT NULL, created_at timestamptz NOT NULL, published_at timestamptz, published_by uuid,
    CONSTRAINT pk_timetable PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_timetable_state CHECK (state IN ('draft', 'published', 'replaced')),
    CONSTRAINT ck_timetable_interval CHECK (valid_from < valid_to),
    CONSTRAINT ck_timetable_published CHECK ((state = 'draft') = (published_at IS NULL) AND (published_at IS NULL) = (published_by IS NULL)))
    PARTITION BY LIST (academic_year);

CREATE INDEX ix_timetable_id ON timetable (id);

CREATE UNIQUE INDEX uq_timetable_from ON timetable (organization_id, academic_year, valid_from) WHERE state = 'published';

CREATE TABLE timetable_line (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    timetable_id uuid NOT NULL, journal_id uuid NOT NULL, weekday smallint NOT NULL, number smallint NOT NULL,
    length smallint NOT NULL, parity text NOT NULL, teacher_id uuid, room_id uuid, fixed boolean NOT NULL,
    CONSTRAINT pk_timetable_line PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_timetable_line_timetable FOREIGN KEY (organization_id, academic_year, timetable_id)
        REFERENCES timetable (organization_id, academic_year, id),
    CONSTRAINT fk_timetable_line_journal FOREIGN KEY (organization_id, academic_year, journal_id)
        REFERENCES journal (organization_id, academic_year, id),
    CONSTRAINT uq_timetable_line_place UNIQUE (organization_id, academic_year, timetable_id, journal_id, weekday, number, parity),
    CONSTRAINT ck_timetable_line_weekday CHECK (weekday BETWEEN 1 AND 7),
    CONSTRAINT ck_timetable_line_number CHECK (number BETWEEN 0 AND 20),
    CONSTRAINT ck_timetable_line_length CHECK (length BETWEEN 1 AND 4),
    CONSTRAINT ck_timetable_line_parity CHECK (parity IN ('every', 'odd', 'even'))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_timetable_line_timetable_id ON timetable_line (organization_id, academic_year, timetable_id, id);

CREATE TABLE unavailability (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    kind text NOT NULL, resource_id uuid NOT NULL, valid_from date NOT NULL, valid_to date NOT NULL,
    weekday smallint, numbers smallint[], shift smallint, reason text NOT NULL, version integer NOT NULL,
    CONSTRAINT pk_unavailability PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_unavailability_kind CHECK (kind IN ('teacher', 'room')),
    CONSTRAINT ck_unavailability_interval CHECK (valid_from < valid_to),
    CONSTRAINT ck_unavailability_weekday CHECK (weekday BETWEEN 1 AND 7),
    CONSTRAINT ck_unavailability_numbers CHECK (cardinality(numbers) > 0),
    CONSTRAINT ck_unavailability_shift CHECK (shift BETWEEN 1 AND 3)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_unavailability_id ON unavailability (id);

CREATE TABLE shared_room (
    room_id uuid CONSTRAINT pk_shared_room PRIMARY KEY, organization_id uuid NOT NULL, lessons integer NOT NULL,
    CONSTRAINT ck_shared_room_lessons CHECK (lessons BETWEEN 1 AND 20));

CREATE INDEX ix_shared_room_organization_id ON shared_room (organization_id);

CREATE TABLE subject_points (
    organization_id uuid CONSTRAINT pk_subject_points PRIMARY KEY, points jsonb NOT NULL, version integer NOT NULL)
