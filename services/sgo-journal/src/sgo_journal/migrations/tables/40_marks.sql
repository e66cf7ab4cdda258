CREATE TABLE mark (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    lesson_id uuid NOT NULL, work smallint NOT NULL, student_id uuid NOT NULL, recorded_as uuid,
    scale_id integer NOT NULL, value text, comment text, debt boolean NOT NULL DEFAULT false, due_on date,
    version integer NOT NULL, changed_by uuid NOT NULL, changed_at timestamptz NOT NULL, reason text,
    CONSTRAINT pk_mark PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_mark_cell UNIQUE (organization_id, academic_year, lesson_id, student_id, work),
    CONSTRAINT fk_mark_value FOREIGN KEY (scale_id, value, debt) REFERENCES scale_value (scale_id, code, debt),
    CONSTRAINT fk_mark_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
        REFERENCES lesson (organization_id, academic_year, id),
    CONSTRAINT ck_mark_comment CHECK (value IS NOT NULL OR comment IS NULL),
    CONSTRAINT ck_mark_debt CHECK (NOT debt OR value IS NOT NULL),
    CONSTRAINT ck_mark_due_on CHECK (debt OR due_on IS NULL)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_mark_student_id ON mark (organization_id, student_id);

CREATE INDEX ix_mark_debt ON mark (organization_id, academic_year, due_on, id) WHERE debt;

CREATE INDEX ix_mark_recorded_as ON mark (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE TABLE attendance (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    lesson_id uuid NOT NULL, student_id uuid NOT NULL, recorded_as uuid,
    code text CONSTRAINT fk_attendance_code REFERENCES attendance_code,
    version integer NOT NULL, changed_by uuid NOT NULL, changed_at timestamptz NOT NULL, reason text,
    CONSTRAINT pk_attendance PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_attendance_cell UNIQUE (organization_id, academic_year, lesson_id, student_id),
    CONSTRAINT fk_attendance_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
        REFERENCES lesson (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_attendance_student_id ON attendance (organization_id, student_id);

CREATE INDEX ix_attendance_recorded_as ON attendance (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE TABLE record_change (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text NOT NULL, cell_id uuid NOT NULL, lesson_id uuid, work smallint, journal_id uuid, total_kind text, period smallint, group_id uuid, day date,
    student_id uuid NOT NULL, version integer NOT NULL, old_scale_id integer, new_scale_id integer,
    old_value text, old_comment text, new_value text, new_comment text, old_due_on date, new_due_on date,
    changed_by uuid NOT NULL, changed_at timestamptz NOT NULL, reason text,
    CONSTRAINT pk_record_change PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_record_change_kind CHECK (kind IN ('mark', 'attendance', 'total', 'child_day')),
    CONSTRAINT ck_record_change_of CHECK (CASE kind
        WHEN 'total' THEN num_nonnulls(journal_id, total_kind, period) = 3 AND num_nonnulls(lesson_id, group_id, day) = 0
        WHEN 'child_day' THEN num_nonnulls(group_id, day) = 2 AND num_nonnulls(lesson_id, journal_id, total_kind, period) = 0
        ELSE lesson_id IS NOT NULL AND num_nonnulls(journal_id, total_kind, period, group_id, day) = 0 END)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_record_change_lesson_id ON record_change (organization_id, academic_year, lesson_id);

CREATE INDEX ix_record_change_journal_id ON record_change (organization_id, academic_year, journal_id) WHERE journal_id IS NOT NULL;

CREATE INDEX ix_record_change_group_id ON record_change (organization_id, academic_year, group_id, day) WHERE group_id IS NOT NULL;

CREATE INDEX ix_record_change_student_id ON record_change (organization_id, student_id);

CREATE FUNCTION ordered_uuid() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid
$$;

COMMENT ON FUNCTION ordered_uuid() IS 'UUID version 7 (RFC 9562, 5.7)';

CREATE FUNCTION guard_record() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    held record;
BEGIN
    SELECT day_is_closed(l.organization_id, l.academic_year, l.journal_id, l.learners_id, l.date) AS closed,
           EXISTS (
               SELECT FROM roster_stay AS r
                WHERE r.organization_id = NEW.organization_id AND r.academic_year = NEW.academic_year
                  AND r.learners_id = l.learners_id AND r.student_id = NEW.student_id
                  AND r.valid_from <= l.date AND (r.valid_to IS NULL OR r.valid_to > l.date)) AS there
      INTO held FROM lesson AS l
     WHERE l.organization_id = NEW.organization_id AND l.academic_year = NEW.academic_year AND l.id = NEW.lesson_id;
    IF held.closed THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    IF NOT held.there THEN
        RAISE EXCEPTION 'the student is not on the roster' USING ERRCODE = 'ASJ02';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_record() IS
    'Whatever writes it, a mark or an absence is of a student who was there that day, and stands in no closed period. '
    'One plan for all calls: left to itself the server plans anew for each row, for the partitions';

CREATE FUNCTION keep_mark() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO record_change (organization_id, academic_year, id, kind, cell_id, lesson_id, work, student_id, version,
        old_scale_id, new_scale_id, old_value, old_comment, new_value, new_comment, old_due_on, new_due_on, changed_by, changed_at, reason)
    VALUES (NEW.organization_id, NEW.academic_year, ordered_uuid(), 'mark', NEW.id, NEW.lesson_id, NEW.work, NEW.student_id,
        NEW.version, OLD.scale_id, NEW.scale_id, OLD.value, OLD.comment, NEW.value, NEW.comment, OLD.due_on, NEW.due_on,
        NEW.changed_by, NEW.changed_at, NEW.reason);
    RETURN NULL;
END $$;

CREATE FUNCTION keep_attendance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO record_change (organization_id, academic_year, id, kind, cell_id, lesson_id, student_id, version,
        old_value, new_value, changed_by, changed_at, reason)
    VALUES (NEW.organization_id, NEW.academic_year, ordered_uuid(), 'attendance', NEW.id, NEW.lesson_id, NEW.student_id, NEW.version,
        OLD.code, NEW.code, NEW.changed_by, NEW.changed_at, NEW.reason);
    RETURN NULL;
END $$;

CREATE FUNCTION guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'a cell changes by one version at a time' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_version() IS 'No cell is changed without its version, by which its history is told';

CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a cell stays in its place' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER a_version_mark BEFORE UPDATE ON mark FOR EACH ROW
    WHEN ((NEW.value, NEW.comment, NEW.scale_id, NEW.debt, NEW.due_on, NEW.changed_by, NEW.changed_at, NEW.reason, NEW.version)
        IS DISTINCT FROM (OLD.value, OLD.comment, OLD.scale_id, OLD.debt, OLD.due_on, OLD.changed_by, OLD.changed_at, OLD.reason, OLD.version))
    EXECUTE FUNCTION guard_version();

CREATE TRIGGER a_place_mark BEFORE UPDATE ON mark FOR EACH ROW
    WHEN ((NEW.organization_id, NEW.academic_year, NEW.id, NEW.lesson_id, NEW.work) IS DISTINCT FROM (OLD.organization_id, OLD.academic_year, OLD.id, OLD.lesson_id, OLD.work)) EXECUTE FUNCTION refuse_move();

CREATE TRIGGER guard_new_mark BEFORE INSERT ON mark FOR EACH ROW
    WHEN (NEW.value IS NOT NULL) EXECUTE FUNCTION guard_record();

CREATE TRIGGER guard_mark BEFORE UPDATE ON mark FOR EACH ROW
    WHEN (NEW.value IS NOT NULL AND NEW.version <> OLD.version) EXECUTE FUNCTION guard_record();

CREATE TRIGGER guard_emptied_mark BEFORE UPDATE ON mark FOR EACH ROW
    WHEN (NEW.value IS NULL AND NEW.version <> OLD.version) EXECUTE FUNCTION guard_open();

CREATE TRIGGER keep_new_mark AFTER INSERT ON mark FOR EACH ROW EXECUTE FUNCTION keep_mark();

CREATE TRIGGER keep_mark AFTER UPDATE ON mark FOR EACH ROW
    WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION keep_mark();

CREATE TRIGGER a_version_attendance BEFORE UPDATE ON attendance FOR EACH ROW
    WHEN ((NEW.code, NEW.changed_by, NEW.changed_at, NEW.reason, NEW.version) IS DISTINCT FROM (OLD.code, OLD.changed_by, OLD.changed_at, OLD.reason, OLD.version)) EXECUTE FUNCTION guard_version();

CREATE TRIGGER a_place_attendance BEFORE UPDATE ON attendance FOR EACH ROW
    WHEN ((NEW.organization_id, NEW.academic_year, NEW.id, NEW.lesson_id) IS DISTINCT FROM (OLD.organization_id, OLD.academic_year, OLD.id, OLD.lesson_id)) EXECUTE FUNCTION refuse_move();

CREATE TRIGGER guard_new_attendance BEFORE INSERT ON attendance FOR EACH ROW
    WHEN (NEW.code IS NOT NULL) EXECUTE FUNCTION guard_record();

CREATE TRIGGER guard_attendance BEFORE UPDATE ON attendance FOR EACH ROW
    WHEN (NEW.code IS NOT NULL AND NEW.version <> OLD.version) EXECUTE FUNCTION guard_record();

CREATE TRIGGER guard_emptied_attendance BEFORE UPDATE ON attendance FOR EACH ROW
    WHEN (NEW.code IS NULL AND NEW.version <> OLD.version) EXECUTE FUNCTION guard_open();

CREATE TRIGGER keep_new_attendance AFTER INSERT ON attendance FOR EACH ROW EXECUTE FUNCTION keep_attendance();

CREATE TRIGGER keep_attendance AFTER UPDATE ON attendance FOR EACH ROW
    WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION keep_attendance();

CREATE FUNCTION overdue_as(of_organization uuid, of_scale integer, of_code text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT v.code
      FROM journal_settings AS s
      JOIN scale_value AS own ON own.scale_id = of_scale AND own.code = of_code AND own.points IS NULL AND own.grade IS NULL
      JOIN scale_value AS v ON v.scale_id = of_scale AND v.grade = 2 AND v.active AND NOT v.debt
     WHERE s.organization_id = of_organization AND s.overdue_debts_count
     ORDER BY v.points, v.position LIMIT 1
$$;

COMMENT ON FUNCTION overdue_as IS
    'The value an overdue debt counts as: the least of its scale that stands for 2, where the organization counts overdue debts so; none '
    'in a scale without such a value, and of a debt that counts by points of its own';

CREATE FUNCTION counted_as(of_organization uuid, of_scale integer, of_code text, due_on date, today date) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN due_on < today THEN overdue_as(of_organization, of_scale, of_code) END
$$;

COMMENT ON FUNCTION counted_as IS
    'The value a mark counts as in every mean instead of its own; none but of an overdue debt. Inlined: nothing is called for other marks';

CREATE FUNCTION guard_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM mark AS m
         WHERE m.organization_id = OLD.organization_id AND m.academic_year = OLD.academic_year AND m.lesson_id = OLD.lesson_id
           AND m.work = OLD.number AND m.value IS NOT NULL) THEN
        RAISE EXCEPTION 'marks stand for the work' USING ERRCODE = 'ASJ03';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER guard_work BEFORE DELETE ON lesson_work FOR EACH ROW EXECUTE FUNCTION guard_work()
