CREATE TABLE period_closing (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    learners_id uuid NOT NULL, title text NOT NULL, first_day date NOT NULL, last_day date NOT NULL,
    closed_at timestamptz NOT NULL, closed_by uuid NOT NULL, revoked_at timestamptz, revoked_by uuid,
    revoked_for text, reason text, period smallint, told jsonb, told_version integer NOT NULL DEFAULT 0, told_at timestamptz,
    CONSTRAINT pk_period_closing PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_period_closing_days CHECK (first_day <= last_day),
    CONSTRAINT ck_period_closing_told CHECK (num_nulls(told, told_at) IN (0, 2) AND (told IS NULL) = (told_version = 0)),
    CONSTRAINT ck_period_closing_revoked CHECK (num_nulls(revoked_at, revoked_by, revoked_for) IN (0, 3))) PARTITION BY LIST (academic_year);

CREATE UNIQUE INDEX uq_period_closing_days ON period_closing (organization_id, academic_year, learners_id, first_day, last_day)
    WHERE revoked_at IS NULL;

CREATE INDEX ix_period_closing_learners_id ON period_closing (organization_id, learners_id);

CREATE TABLE period_unlock (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    closing_id uuid NOT NULL, journal_id uuid, open_until timestamptz NOT NULL,
    order_number text NOT NULL, order_date date NOT NULL, reason text NOT NULL,
    unlocked_at timestamptz NOT NULL, unlocked_by uuid NOT NULL,
    CONSTRAINT pk_period_unlock PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_period_unlock_period_closing FOREIGN KEY (organization_id, academic_year, closing_id)
        REFERENCES period_closing (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_period_unlock_closing_id ON period_unlock (organization_id, academic_year, closing_id);

CREATE FUNCTION days_are_closed(
    of_organization uuid, of_year integer, of_journal uuid, of_learners uuid, first_of date, last_of date)
RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    closers uuid[] := ARRAY[of_learners, (SELECT t.group_id FROM teaching_group AS t WHERE t.id = of_learners AND t.kind = 'subgroup')];
BEGIN
    RETURN EXISTS (
        SELECT FROM period_closing AS c
         WHERE c.organization_id = of_organization AND c.academic_year = of_year AND c.learners_id = ANY (closers)
           AND c.first_day <= first_of AND c.last_day >= last_of AND c.revoked_at IS NULL)
       AND NOT EXISTS (
        SELECT FROM period_closing AS c
          JOIN period_unlock AS u ON u.organization_id = c.organization_id AND u.academic_year = c.academic_year AND u.closing_id = c.id
         WHERE c.organization_id = of_organization AND c.academic_year = of_year AND c.learners_id = ANY (closers)
           AND c.first_day <= first_of AND c.last_day >= last_of AND c.revoked_at IS NULL
           AND (u.journal_id IS NULL OR u.journal_id = of_journal) AND u.open_until > now());
END $$;

COMMENT ON FUNCTION days_are_closed IS
    'Whether a closing of the learners, or of the class they are a subgroup of, covers the days, and no order in force opens them: '
    'an order opens the days of its closing whatever other closing covers them';

CREATE FUNCTION day_is_closed(of_organization uuid, of_year integer, of_journal uuid, of_learners uuid, day date)
RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN days_are_closed(of_organization, of_year, of_journal, of_learners, day, day);
END $$;

CREATE FUNCTION day_is_writable(of_organization uuid, day date, today date) RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT CASE WHEN s.organization_id IS NULL THEN day >= today - 7
                        ELSE s.edit_days IS NULL OR day >= today - s.edit_days END
              FROM (SELECT) AS one LEFT JOIN journal_settings AS s ON s.organization_id = of_organization);
END $$;

CREATE FUNCTION gives_lesson(
    of_organization uuid, of_year integer, of_journal uuid, given_by uuid, day date, person uuid, today date)
RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN coalesce(given_by = person, false) OR EXISTS (
        SELECT FROM teaching AS t
         WHERE t.organization_id = of_organization AND t.academic_year = of_year AND t.journal_id = of_journal
           AND t.teacher_id = person AND t.valid_to > day AND t.valid_from <= greatest(day, today)
           AND t.valid_from < t.valid_to) OR EXISTS (
        SELECT FROM journal_settings AS w
          JOIN journal AS j ON j.organization_id = of_organization AND j.academic_year = of_year AND j.id = of_journal
          LEFT JOIN teaching_group AS s ON j.of_teaching_group AND s.id = j.learners_id
          JOIN group_teacher AS g ON g.group_id = coalesce(s.group_id, j.learners_id)
         WHERE w.organization_id = of_organization AND w.class_teacher_writes
           AND g.worker_id = person AND g.role = 'class_teacher'
           AND g.valid_from <= today AND (g.valid_to IS NULL OR g.valid_to > today));
END $$;

COMMENT ON FUNCTION gives_lesson IS
    'Whether a teacher may write in a lesson: who gives it, who taught its journal that day or has taken it over since, and the '
    'class teacher where the organization says so';

CREATE FUNCTION guard_open() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    of record := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    held record;
BEGIN
    SELECT journal_id, learners_id, date INTO held FROM lesson
     WHERE organization_id = of.organization_id AND academic_year = of.academic_year AND id = of.lesson_id;
    IF day_is_closed(of.organization_id, of.academic_year, held.journal_id, held.learners_id, held.date) THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    RETURN of;
END $$;

COMMENT ON FUNCTION guard_open() IS 'Nothing of a lesson is written in a closed period or taken away from it, whatever does it';

CREATE FUNCTION guard_taught() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF day_is_closed(OLD.organization_id, OLD.academic_year, OLD.journal_id, OLD.learners_id, OLD.date) THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_taught() IS 'What a lesson of a closed period was about stays';

CREATE TRIGGER guard_taught BEFORE UPDATE ON lesson FOR EACH ROW
    WHEN ((NEW.topic, NEW.topic_id, NEW.attendance_checked) IS DISTINCT FROM (OLD.topic, OLD.topic_id, OLD.attendance_checked))
    EXECUTE FUNCTION guard_taught();

CREATE FUNCTION guard_placed() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- Whoever closes holds the journal: a closing under way is waited for, and seen.
    PERFORM FROM journal
      WHERE organization_id = NEW.organization_id AND academic_year = NEW.academic_year AND id = NEW.journal_id FOR KEY SHARE;
    IF day_is_closed(NEW.organization_id, NEW.academic_year, NEW.journal_id, NEW.learners_id, NEW.date)
       OR (TG_OP = 'UPDATE'
           AND day_is_closed(OLD.organization_id, OLD.academic_year, OLD.journal_id, OLD.learners_id, OLD.date)) THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_placed() IS 'No lesson is put into a day of a closed period, moved out of it, cancelled or restored there';

CREATE TRIGGER guard_new_lesson BEFORE INSERT ON lesson FOR EACH ROW EXECUTE FUNCTION guard_placed();

CREATE TRIGGER guard_placed BEFORE UPDATE ON lesson FOR EACH ROW
    WHEN ((NEW.date, NEW.state) IS DISTINCT FROM (OLD.date, OLD.state)) EXECUTE FUNCTION guard_placed();

CREATE TRIGGER guard_works BEFORE INSERT OR UPDATE OR DELETE ON lesson_work FOR EACH ROW EXECUTE FUNCTION guard_open()
