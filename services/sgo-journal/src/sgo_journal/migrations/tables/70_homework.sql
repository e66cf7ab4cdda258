CREATE TABLE homework (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    journal_id uuid NOT NULL, lesson_id uuid NOT NULL, due_lesson_id uuid, due_date date,
    text text NOT NULL, individual boolean NOT NULL, required boolean NOT NULL, minutes smallint,
    author_id uuid NOT NULL, version integer NOT NULL, created_at timestamptz NOT NULL, removed_at timestamptz,
    CONSTRAINT pk_homework PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_homework_journal FOREIGN KEY (organization_id, academic_year, journal_id)
        REFERENCES journal (organization_id, academic_year, id),
    CONSTRAINT fk_homework_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
        REFERENCES lesson (organization_id, academic_year, id),
    CONSTRAINT fk_homework_due_lesson FOREIGN KEY (organization_id, academic_year, due_lesson_id)
        REFERENCES lesson (organization_id, academic_year, id),
    CONSTRAINT ck_homework_due CHECK (due_lesson_id IS NULL OR due_date IS NULL),
    CONSTRAINT ck_homework_minutes CHECK (minutes BETWEEN 1 AND 600)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_homework_id ON homework (id);

CREATE INDEX ix_homework_lesson_id ON homework (organization_id, academic_year, lesson_id);

CREATE INDEX ix_homework_due_lesson_id ON homework (organization_id, academic_year, due_lesson_id)
    WHERE due_lesson_id IS NOT NULL;

CREATE TABLE homework_student (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    homework_id uuid NOT NULL, student_id uuid NOT NULL, recorded_as uuid,
    CONSTRAINT pk_homework_student PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_homework_student_student_id UNIQUE (organization_id, academic_year, homework_id, student_id),
    CONSTRAINT fk_homework_student_homework FOREIGN KEY (organization_id, academic_year, homework_id)
        REFERENCES homework (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE TABLE hand_in (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    homework_id uuid NOT NULL, student_id uuid NOT NULL, recorded_as uuid, text text, late boolean NOT NULL,
    handed_in_by uuid NOT NULL, handed_in_at timestamptz NOT NULL,
    state text NOT NULL, comment text, answered_by uuid, answered_at timestamptz, version integer NOT NULL,
    CONSTRAINT pk_hand_in PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_hand_in_homework FOREIGN KEY (organization_id, academic_year, homework_id)
        REFERENCES homework (organization_id, academic_year, id),
    CONSTRAINT ck_hand_in_state CHECK (state IN ('handed_in', 'accepted', 'returned')),
    CONSTRAINT ck_hand_in_answered CHECK (
        (state = 'handed_in') = (answered_by IS NULL) AND (answered_by IS NULL) = (answered_at IS NULL))
    ) PARTITION BY LIST (academic_year);

CREATE INDEX ix_hand_in_homework_id ON hand_in (organization_id, academic_year, homework_id, student_id, id);

CREATE INDEX ix_hand_in_id ON hand_in (id);

CREATE INDEX ix_hand_in_student_id ON hand_in (student_id);

CREATE INDEX ix_hand_in_recorded_as ON hand_in (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE INDEX ix_homework_student_student_id ON homework_student (student_id);

CREATE INDEX ix_homework_student_recorded_as ON homework_student (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE TRIGGER guard_homework BEFORE INSERT OR UPDATE ON homework FOR EACH ROW EXECUTE FUNCTION guard_open();

CREATE VIEW homework_due AS
    SELECT h.organization_id, h.academic_year, h.id AS homework_id, coalesce(h.due_date, later.date) AS due_on
      FROM homework AS h
      JOIN lesson AS l ON (l.organization_id, l.academic_year, l.id)
        = (h.organization_id, h.academic_year, coalesce(h.due_lesson_id, h.lesson_id))
      LEFT JOIN LATERAL (
          SELECT n.date FROM lesson AS n
           WHERE n.organization_id = h.organization_id AND n.academic_year = h.academic_year AND n.journal_id = h.journal_id
             AND n.state = 'planned'
             AND ((n.date, n.number) > (l.date, l.number) OR n.id = h.due_lesson_id)
           ORDER BY n.date, n.number LIMIT 1) AS later ON h.due_date IS NULL;

CREATE FUNCTION homework(of_lesson lesson) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(h.text, E'\n' ORDER BY h.id) FROM homework AS h
     WHERE h.organization_id = of_lesson.organization_id AND h.academic_year = of_lesson.academic_year
       AND h.lesson_id = of_lesson.id AND NOT h.individual AND h.removed_at IS NULL
$$
