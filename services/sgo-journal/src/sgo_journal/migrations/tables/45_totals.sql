CREATE TABLE total (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    journal_id uuid NOT NULL, course_id uuid NOT NULL, student_id uuid NOT NULL, recorded_as uuid,
    kind text NOT NULL, period smallint NOT NULL, first_day date NOT NULL, last_day date NOT NULL,
    scale_id integer NOT NULL, value text,
    version integer NOT NULL, changed_by uuid NOT NULL, changed_at timestamptz NOT NULL, reason text, retold integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_total PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_total_cell UNIQUE (organization_id, academic_year, course_id, student_id, kind, period),
    CONSTRAINT fk_total_value FOREIGN KEY (scale_id, value) REFERENCES scale_value (scale_id, code),
    CONSTRAINT fk_total_journal FOREIGN KEY (organization_id, academic_year, journal_id)
        REFERENCES journal (organization_id, academic_year, id),
    CONSTRAINT ck_total_kind CHECK (kind IN ('period', 'year', 'exam', 'final')),
    CONSTRAINT ck_total_period CHECK ((kind = 'period') = (period > 0) AND period BETWEEN 0 AND 20),
    CONSTRAINT ck_total_days CHECK (first_day <= last_day)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_total_student_id ON total (organization_id, student_id);

CREATE INDEX ix_total_journal_id ON total (organization_id, academic_year, journal_id);

CREATE INDEX ix_total_recorded_as ON total (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE FUNCTION gives_total(
    of_organization uuid, of_year integer, of_journal uuid, first_of date, last_of date, person uuid, today date)
RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN gives_lesson(of_organization, of_year, of_journal, NULL, least(last_of, today), person, today) OR EXISTS (
        SELECT FROM teaching AS t
         WHERE t.organization_id = of_organization AND t.academic_year = of_year AND t.journal_id = of_journal
           AND t.teacher_id = person AND t.valid_from <= least(last_of, today) AND t.valid_to > first_of AND t.valid_from < t.valid_to
           AND NOT EXISTS (
               SELECT FROM teaching AS o
                WHERE o.organization_id = of_organization AND o.academic_year = of_year AND o.journal_id = of_journal
                  AND o.valid_to > t.valid_to AND o.valid_from <= today AND o.valid_from < o.valid_to));
END $$;

COMMENT ON FUNCTION gives_total IS
    'Whether a teacher may write totals of some days: who teaches the journal at their end, or today while they last, who has taken it '
    'over since, and who taught it last where nobody does; not who was replaced before';

CREATE FUNCTION guard_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    learners uuid;
BEGIN
    SELECT learners_id INTO learners FROM journal
     WHERE organization_id = NEW.organization_id AND academic_year = NEW.academic_year AND id = NEW.journal_id;
    IF days_are_closed(NEW.organization_id, NEW.academic_year, NEW.journal_id, learners, NEW.first_day, NEW.last_day) THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM journal AS j
         WHERE j.organization_id = OLD.organization_id AND j.academic_year = OLD.academic_year AND j.id = OLD.journal_id
           AND days_are_closed(OLD.organization_id, OLD.academic_year, j.id, j.learners_id, OLD.first_day, OLD.last_day)) THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    IF NEW.value IS NOT NULL AND NOT EXISTS (
        SELECT FROM roster_stay AS r
         WHERE r.organization_id = NEW.organization_id AND r.academic_year = NEW.academic_year
           AND r.learners_id = learners AND r.student_id = NEW.student_id
           AND r.valid_from <= NEW.last_day AND (r.valid_to IS NULL OR r.valid_to > NEW.first_day)) THEN
        RAISE EXCEPTION 'the student is not on the roster' USING ERRCODE = 'ASJ02';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_total() IS
    'Whatever writes it, a total is of a student who was taught in its days, and stands in no closed period: neither its new nor its old';

CREATE FUNCTION keep_total() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO record_change (organization_id, academic_year, id, kind, cell_id, journal_id, total_kind, period, student_id, version,
        old_scale_id, new_scale_id, old_value, new_value, changed_by, changed_at, reason)
    VALUES (NEW.organization_id, NEW.academic_year, ordered_uuid(), 'total', NEW.id, NEW.journal_id, NEW.kind, NEW.period, NEW.student_id,
        NEW.version, OLD.scale_id, NEW.scale_id, OLD.value, NEW.value, NEW.changed_by, NEW.changed_at, NEW.reason);
    RETURN NULL;
END $$;

CREATE TRIGGER a_version_total BEFORE UPDATE ON total FOR EACH ROW
    WHEN ((NEW.value, NEW.scale_id, NEW.journal_id, NEW.first_day, NEW.last_day, NEW.changed_by, NEW.changed_at, NEW.reason, NEW.version)
        IS DISTINCT FROM (OLD.value, OLD.scale_id, OLD.journal_id, OLD.first_day, OLD.last_day, OLD.changed_by, OLD.changed_at, OLD.reason, OLD.version))
    EXECUTE FUNCTION guard_version();

CREATE TRIGGER a_place_total BEFORE UPDATE ON total FOR EACH ROW
    WHEN ((NEW.organization_id, NEW.academic_year, NEW.id, NEW.course_id, NEW.kind, NEW.period)
        IS DISTINCT FROM (OLD.organization_id, OLD.academic_year, OLD.id, OLD.course_id, OLD.kind, OLD.period))
    EXECUTE FUNCTION refuse_move();

CREATE TRIGGER guard_new_total BEFORE INSERT ON total FOR EACH ROW EXECUTE FUNCTION guard_total();

CREATE TRIGGER guard_total BEFORE UPDATE ON total FOR EACH ROW
    WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION guard_total();

CREATE TRIGGER keep_new_total AFTER INSERT ON total FOR EACH ROW EXECUTE FUNCTION keep_total();

CREATE TRIGGER keep_total AFTER UPDATE ON total FOR EACH ROW
    WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION keep_total()
