CREATE TABLE inspection (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    aim text NOT NULL, first_day date NOT NULL, last_day date NOT NULL, version integer NOT NULL,
    made_by uuid NOT NULL, made_at timestamptz NOT NULL,
    conclusion text, finished_by uuid, finished_at timestamptz,
    CONSTRAINT pk_inspection PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_inspection_days CHECK (first_day <= last_day),
    CONSTRAINT ck_inspection_finished CHECK (num_nulls(conclusion, finished_by, finished_at) IN (0, 3))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_inspection_id ON inspection (id);

CREATE TABLE inspected_journal (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    inspection_id uuid NOT NULL, journal_id uuid NOT NULL,
    CONSTRAINT pk_inspected_journal PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_inspected_journal_place UNIQUE (organization_id, academic_year, inspection_id, journal_id),
    CONSTRAINT fk_inspected_journal_inspection FOREIGN KEY (organization_id, academic_year, inspection_id)
        REFERENCES inspection (organization_id, academic_year, id),
    CONSTRAINT fk_inspected_journal_journal FOREIGN KEY (organization_id, academic_year, journal_id)
        REFERENCES journal (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_inspected_journal_journal_id ON inspected_journal (organization_id, academic_year, journal_id);

CREATE TABLE remark (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    inspection_id uuid NOT NULL, journal_id uuid NOT NULL, lesson_id uuid, student_id uuid, teacher_id uuid,
    kind text NOT NULL, text text NOT NULL, found_as text, due_on date, state text NOT NULL, comment text,
    version integer NOT NULL, changed_by uuid NOT NULL, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_remark PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_remark_found_as UNIQUE (organization_id, academic_year, inspection_id, found_as),
    CONSTRAINT fk_remark_inspected_journal FOREIGN KEY (organization_id, academic_year, inspection_id, journal_id)
        REFERENCES inspected_journal (organization_id, academic_year, inspection_id, journal_id),
    CONSTRAINT fk_remark_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
        REFERENCES lesson (organization_id, academic_year, id),
    CONSTRAINT ck_remark_kind CHECK (kind IN ('topic', 'attendance', 'homework', 'total', 'debt', 'marks', 'programme', 'other')),
    CONSTRAINT ck_remark_state CHECK (state IN ('proposed', 'open', 'mended', 'cleared', 'dismissed', 'withdrawn')),
    CONSTRAINT ck_remark_made CHECK (state IN ('proposed', 'dismissed') OR num_nulls(teacher_id, due_on) = 0))
    PARTITION BY LIST (academic_year);

CREATE INDEX ix_remark_id ON remark (id);

CREATE INDEX ix_remark_journal_id ON remark (organization_id, academic_year, journal_id);

CREATE INDEX ix_remark_lesson_id ON remark (organization_id, academic_year, lesson_id);

CREATE INDEX ix_remark_inspection_id ON remark (organization_id, academic_year, inspection_id, id);

CREATE INDEX ix_remark_teacher_id ON remark (organization_id, academic_year, teacher_id, id);

CREATE INDEX ix_remark_standing ON remark (organization_id, academic_year, id) WHERE state IN ('open', 'mended');

CREATE TABLE remark_change (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    remark_id uuid NOT NULL, version integer NOT NULL, state text NOT NULL, text text NOT NULL, teacher_id uuid,
    due_on date, comment text, changed_by uuid NOT NULL, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_remark_change PRIMARY KEY (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_remark_change_remark_id ON remark_change (organization_id, academic_year, remark_id, version);

CREATE FUNCTION keep_remark() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO remark_change (organization_id, academic_year, id, remark_id, version, state, text, teacher_id, due_on, comment,
        changed_by, changed_at)
    VALUES (NEW.organization_id, NEW.academic_year, ordered_uuid(), NEW.id, NEW.version, NEW.state, NEW.text, NEW.teacher_id,
        NEW.due_on, NEW.comment, NEW.changed_by, NEW.changed_at);
    RETURN NULL;
END $$;

CREATE TRIGGER a_version_remark BEFORE UPDATE ON remark FOR EACH ROW EXECUTE FUNCTION guard_version();

CREATE TRIGGER a_place_remark BEFORE UPDATE ON remark FOR EACH ROW
    WHEN ((NEW.organization_id, NEW.academic_year, NEW.id, NEW.inspection_id, NEW.journal_id, NEW.lesson_id, NEW.student_id) IS DISTINCT FROM (OLD.organization_id, OLD.academic_year, OLD.id, OLD.inspection_id, OLD.journal_id, OLD.lesson_id, OLD.student_id)) EXECUTE FUNCTION refuse_move();

CREATE TRIGGER keep_new_remark AFTER INSERT ON remark FOR EACH ROW EXECUTE FUNCTION keep_remark();

CREATE TRIGGER keep_remark AFTER UPDATE ON remark FOR EACH ROW EXECUTE FUNCTION keep_remark()
