CREATE TABLE daycare_code (
    code text CONSTRAINT pk_daycare_code PRIMARY KEY, sign text NOT NULL, title text NOT NULL,
    missed text, payable boolean NOT NULL, position integer NOT NULL,
    CONSTRAINT ck_daycare_code_missed CHECK (missed IN ('illness', 'other')));

INSERT INTO daycare_code (position, code, sign, title, missed, payable) VALUES
    (1, 'present', 'Я', 'присутствовал', NULL, true),
    (2, 'sick', 'Б', 'болезнь', 'illness', false),
    (3, 'vacation', 'О', 'отпуск родителей (законных представителей)', 'other', false),
    (4, 'sanatorium', 'С', 'санаторно-курортное лечение', 'other', false),
    (5, 'quarantine', 'К', 'карантин', 'other', false),
    (6, 'excused', 'УП', 'другая уважительная причина', 'other', false),
    (7, 'unexcused', 'Н', 'без уважительной причины', 'other', true);

CREATE TABLE daycare_closure (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    group_id uuid NOT NULL, first_day date NOT NULL, last_day date NOT NULL, reason text NOT NULL,
    made_by uuid NOT NULL, made_at timestamptz NOT NULL, withdrawn_by uuid, withdrawn_at timestamptz,
    CONSTRAINT pk_daycare_closure PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_daycare_closure_days CHECK (first_day <= last_day),
    CONSTRAINT ck_daycare_closure_withdrawn CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_daycare_closure_group_id ON daycare_closure (organization_id, academic_year, group_id);

CREATE TABLE child_day (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    group_id uuid NOT NULL, day date NOT NULL, student_id uuid NOT NULL, recorded_as uuid,
    code text CONSTRAINT fk_child_day_code REFERENCES daycare_code,
    version integer NOT NULL, changed_by uuid NOT NULL, changed_at timestamptz NOT NULL, reason text,
    CONSTRAINT pk_child_day PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_child_day_cell UNIQUE (organization_id, academic_year, group_id, day, student_id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_child_day_student_id ON child_day (student_id, organization_id);

CREATE INDEX ix_child_day_recorded_as ON child_day (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE TABLE daycare_month (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    group_id uuid NOT NULL, month date NOT NULL, working_days integer NOT NULL, planned integer NOT NULL,
    attended integer NOT NULL, missed_illness integer NOT NULL, missed_other integer NOT NULL, by_code jsonb NOT NULL,
    told_version integer NOT NULL, told_at timestamptz NOT NULL,
    CONSTRAINT pk_daycare_month PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_daycare_month_group UNIQUE (organization_id, academic_year, group_id, month)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_daycare_month_id ON daycare_month (id);

CREATE TABLE daycare_recount (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL, group_id uuid NOT NULL,
    CONSTRAINT pk_daycare_recount PRIMARY KEY (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_daycare_recount_group_id ON daycare_recount (organization_id, academic_year, group_id);

CREATE FUNCTION group_is_closed(of_organization uuid, of_year integer, of_group uuid, on_day date) RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM daycare_closure AS c
         WHERE c.organization_id = of_organization AND c.academic_year = of_year AND c.group_id = of_group
           AND on_day BETWEEN c.first_day AND c.last_day AND c.withdrawn_at IS NULL);
END $$;

CREATE FUNCTION guard_child_day() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF day_is_closed(NEW.organization_id, NEW.academic_year, NULL, NEW.group_id, NEW.day) THEN
        RAISE EXCEPTION 'the month is closed' USING ERRCODE = 'ASJ20';
    END IF;
    IF NEW.code IS NULL THEN
        RETURN NEW;
    END IF;
    IF group_is_closed(NEW.organization_id, NEW.academic_year, NEW.group_id, NEW.day) THEN
        RAISE EXCEPTION 'the group is closed that day' USING ERRCODE = 'ASJ21';
    END IF;
    IF NOT EXISTS (
        SELECT FROM roster_stay AS r
         WHERE r.organization_id = NEW.organization_id AND r.academic_year = NEW.academic_year
           AND r.learners_id = NEW.group_id AND r.student_id = NEW.student_id
           AND r.valid_from <= NEW.day AND (r.valid_to IS NULL OR r.valid_to > NEW.day)) THEN
        RAISE EXCEPTION 'the child is not on the roster' USING ERRCODE = 'ASJ22';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_child_day() IS
    'Whatever writes it, a day is noted of a child who was in the group, of a group that was open, and in no closed month';

CREATE FUNCTION guard_closure() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF EXISTS (
        SELECT FROM child_day AS d
         WHERE d.organization_id = NEW.organization_id AND d.academic_year = NEW.academic_year AND d.group_id = NEW.group_id
           AND d.day BETWEEN NEW.first_day AND NEW.last_day AND d.code IS NOT NULL) THEN
        RAISE EXCEPTION 'the days are noted' USING ERRCODE = 'ASJ23';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_closure() IS 'A group is closed on no day that children are noted of';

CREATE FUNCTION keep_child_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO record_change (organization_id, academic_year, id, kind, cell_id, group_id, day, student_id, version,
        old_value, new_value, changed_by, changed_at, reason)
    VALUES (NEW.organization_id, NEW.academic_year, ordered_uuid(), 'child_day', NEW.id, NEW.group_id, NEW.day, NEW.student_id,
        NEW.version, OLD.code, NEW.code, NEW.changed_by, NEW.changed_at, NEW.reason);
    RETURN NULL;
END $$;

CREATE TRIGGER a_version_child_day BEFORE UPDATE ON child_day FOR EACH ROW
    WHEN ((NEW.code, NEW.changed_by, NEW.changed_at, NEW.reason, NEW.version) IS DISTINCT FROM (OLD.code, OLD.changed_by, OLD.changed_at, OLD.reason, OLD.version)) EXECUTE FUNCTION guard_version();

CREATE TRIGGER a_place_child_day BEFORE UPDATE ON child_day FOR EACH ROW
    WHEN ((NEW.organization_id, NEW.academic_year, NEW.id, NEW.group_id, NEW.day) IS DISTINCT FROM (OLD.organization_id, OLD.academic_year, OLD.id, OLD.group_id, OLD.day)) EXECUTE FUNCTION refuse_move();

CREATE TRIGGER guard_new_child_day BEFORE INSERT ON child_day FOR EACH ROW EXECUTE FUNCTION guard_child_day();

CREATE TRIGGER guard_child_day BEFORE UPDATE ON child_day FOR EACH ROW
    WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION guard_child_day();

CREATE TRIGGER keep_new_child_day AFTER INSERT ON child_day FOR EACH ROW EXECUTE FUNCTION keep_child_day();

CREATE TRIGGER keep_child_day AFTER UPDATE ON child_day FOR EACH ROW
    WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION keep_child_day();

CREATE TRIGGER guard_new_closure BEFORE INSERT ON daycare_closure FOR EACH ROW EXECUTE FUNCTION guard_closure();

CREATE FUNCTION recount_group() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    INSERT INTO daycare_recount (organization_id, academic_year, id, group_id)
    SELECT NEW.organization_id, NEW.academic_year, ordered_uuid(), g.id
      FROM directory_group AS g WHERE g.id = NEW.group_id AND g.kind = 'preschool_group';
    RETURN NULL;
END $$;

COMMENT ON FUNCTION recount_group() IS
    'Who was in a preschool group is otherwise: its months may be, though nobody noted a day. Also where none was told yet: one may be right now';

CREATE TRIGGER recount_placement AFTER INSERT OR UPDATE ON placement FOR EACH ROW EXECUTE FUNCTION recount_group();

CREATE TRIGGER recount_child_day AFTER UPDATE ON child_day FOR EACH ROW
    WHEN (NEW.student_id <> OLD.student_id) EXECUTE FUNCTION recount_group();

CREATE FUNCTION recount_calendar() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    INSERT INTO daycare_recount (organization_id, academic_year, id, group_id)
    SELECT g.organization_id, g.academic_year, ordered_uuid(), g.id FROM directory_group AS g
     WHERE g.organization_id = NEW.organization_id AND g.academic_year = NEW.academic_year AND g.kind = 'preschool_group';
    RETURN NULL;
END $$;

COMMENT ON FUNCTION recount_calendar() IS 'Months of all preschool groups of an organization may be otherwise when its calendar is';

CREATE TRIGGER recount_calendar AFTER INSERT OR UPDATE ON calendar FOR EACH ROW EXECUTE FUNCTION recount_calendar();

CREATE FUNCTION recount_span() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    INSERT INTO daycare_recount (organization_id, academic_year, id, group_id)
    SELECT DISTINCT m.organization_id, m.academic_year, ordered_uuid(), m.group_id FROM daycare_month AS m
     WHERE m.organization_id IN (OLD.organization_id, NEW.organization_id) AND m.academic_year = NEW.academic_year AND m.group_id = NEW.id;
    RETURN NULL;
END $$;

COMMENT ON FUNCTION recount_span() IS
    'Months of a group may be otherwise when its first or last day is; who tells them holds the row of the group, so none is being told meanwhile';

CREATE TRIGGER recount_span AFTER UPDATE ON directory_group FOR EACH ROW
    WHEN ((NEW.starts_on, NEW.ends_on) IS DISTINCT FROM (OLD.starts_on, OLD.ends_on)) EXECUTE FUNCTION recount_span()
