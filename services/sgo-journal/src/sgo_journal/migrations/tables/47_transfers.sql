CREATE TABLE brought_statement (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    student_id uuid NOT NULL, recorded_as uuid, arrived_on date NOT NULL,
    from_organization_id uuid, acceptance_id uuid,
    source_name text, document_number text, document_date date, version integer, changed_by uuid, changed_at timestamptz,
    CONSTRAINT pk_brought_statement PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_brought_statement_transfer CHECK (num_nulls(from_organization_id, acceptance_id) IN (0, 2)),
    CONSTRAINT ck_brought_statement_paper CHECK (
        num_nonnulls(source_name, document_date, version, changed_by, changed_at) = CASE WHEN from_organization_id IS NULL THEN 5 ELSE 0 END
        AND (from_organization_id IS NULL OR document_number IS NULL)))
    PARTITION BY LIST (academic_year);

CREATE INDEX ix_brought_statement_student_id ON brought_statement (student_id);

CREATE INDEX ix_brought_statement_recorded_as ON brought_statement (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE INDEX ix_brought_statement_arrived_on ON brought_statement (arrived_on);

CREATE TABLE brought_subject (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    statement_id uuid NOT NULL, source_id uuid NOT NULL, title text NOT NULL, stands_for uuid, course_id uuid,
    version integer NOT NULL,
    CONSTRAINT pk_brought_subject PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_brought_subject_source UNIQUE (organization_id, academic_year, statement_id, source_id),
    CONSTRAINT fk_brought_subject_brought_statement FOREIGN KEY (organization_id, academic_year, statement_id)
        REFERENCES brought_statement (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE TABLE brought_mark (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    subject_id uuid NOT NULL, source_id uuid NOT NULL, kind text NOT NULL, first_day date NOT NULL, last_day date NOT NULL,
    title text NOT NULL, weight numeric(4,2) NOT NULL, scale_id integer NOT NULL, value text, dated boolean NOT NULL DEFAULT true,
    CONSTRAINT pk_brought_mark PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_brought_mark_source UNIQUE (organization_id, academic_year, subject_id, source_id),
    CONSTRAINT fk_brought_mark_value FOREIGN KEY (scale_id, value) REFERENCES scale_value (scale_id, code),
    CONSTRAINT fk_brought_mark_brought_subject FOREIGN KEY (organization_id, academic_year, subject_id)
        REFERENCES brought_subject (organization_id, academic_year, id),
    CONSTRAINT ck_brought_mark_kind CHECK (kind IN ('work', 'period')),
    CONSTRAINT ck_brought_mark_days CHECK (first_day <= last_day AND (kind = 'period' OR first_day = last_day)),
    CONSTRAINT ck_brought_mark_dated CHECK (dated OR kind = 'work')) PARTITION BY LIST (academic_year);

CREATE INDEX ix_brought_mark_value ON brought_mark (scale_id, value);

CREATE TABLE brought_change (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    statement_id uuid NOT NULL, student_id uuid NOT NULL, action text NOT NULL, contents jsonb NOT NULL,
    changed_by uuid NOT NULL, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_brought_change PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_brought_change_action CHECK (action IN ('entered', 'changed', 'removed', 'assigned')))
    PARTITION BY LIST (academic_year);

CREATE INDEX ix_brought_change_student_id ON brought_change (organization_id, academic_year, student_id, id);

CREATE VIEW arrived_statement AS
    SELECT s.* FROM brought_statement AS s
     WHERE s.from_organization_id IS NULL OR EXISTS (
           SELECT FROM placement AS p
            WHERE p.organization_id = s.organization_id AND p.student_id = s.student_id AND p.valid_from = s.arrived_on
              AND (p.valid_to IS NULL OR p.valid_to > p.valid_from));

COMMENT ON VIEW arrived_statement IS
    'Statements of marks brought by students who did arrive: of a cancelled acceptance no stay is left, so its statement is in no force';

CREATE VIEW brought AS
    SELECT s.organization_id, s.academic_year, m.id, s.id AS statement_id, s.student_id, s.arrived_on, s.from_organization_id,
           coalesce(s.source_name, d.short_name) AS source, s.document_number, s.document_date, s.version AS statement_version,
           u.id AS subject_id, u.source_id AS source_course_id, u.title AS subject, u.stands_for, u.course_id, u.version,
           m.source_id, m.kind, m.first_day, m.last_day, m.dated, m.title, m.weight, m.scale_id, m.value
      FROM arrived_statement AS s
      JOIN brought_subject AS u ON u.organization_id = s.organization_id AND u.academic_year = s.academic_year
           AND u.statement_id = s.id
      JOIN brought_mark AS m ON m.organization_id = s.organization_id AND m.academic_year = s.academic_year
           AND m.subject_id = u.id AND m.value IS NOT NULL
      LEFT JOIN directory_organization AS d ON d.id = s.from_organization_id
     WHERE s.from_organization_id IS NULL OR NOT EXISTS (
           SELECT FROM arrived_statement AS o
            WHERE o.organization_id = s.organization_id AND o.academic_year = s.academic_year AND o.student_id = s.student_id
              AND o.from_organization_id IS NOT NULL AND (o.arrived_on, o.id) > (s.arrived_on, s.id));

COMMENT ON VIEW brought IS
    'Marks that count where a student is now. The latest arrival brings all that earlier ones of the year brought, so it alone counts';

CREATE FUNCTION brought_counts_in(course uuid, said uuid, regional uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF said IS NOT NULL THEN
        RETURN said = course;
    END IF;
    RETURN coalesce(regional = course, false) OR EXISTS (SELECT FROM subject AS s WHERE s.id = course AND s.counts_as = regional);
END $$;

COMMENT ON FUNCTION brought_counts_in IS
    'Whether a brought subject counts in a course: the one it was said to be, else that of the subject of the region it stands for';

CREATE FUNCTION brought_is_closed(of_organization uuid, of_year integer, of_student uuid, day date) RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM roster_stay AS r
         WHERE r.organization_id = of_organization AND r.academic_year = of_year AND r.student_id = of_student
           AND days_are_closed(of_organization, of_year, NULL, r.learners_id, least(day, r.valid_to - 1), greatest(day, r.valid_from)));
END $$;

COMMENT ON FUNCTION brought_is_closed IS
    'Whether a closed period has the day and some of the stay of the student here: results here are made of what was brought of it. '
    'A day of a period that ended before the student came is open until the year is closed';

CREATE FUNCTION brought_stands(of_organization uuid, of_year integer, of_statement uuid, of_subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM brought_statement AS s
          JOIN brought_subject AS u ON u.organization_id = s.organization_id AND u.academic_year = s.academic_year
               AND u.statement_id = s.id AND (of_subject IS NULL OR u.id = of_subject)
          JOIN brought_mark AS m ON m.organization_id = s.organization_id AND m.academic_year = s.academic_year
               AND m.subject_id = u.id AND m.value IS NOT NULL
         WHERE s.organization_id = of_organization AND s.academic_year = of_year AND s.id = of_statement
           AND brought_is_closed(s.organization_id, s.academic_year, s.student_id, m.first_day));
END $$;

COMMENT ON FUNCTION brought_stands IS 'Whether a statement, or a subject of it, has marks in closed days';

CREATE FUNCTION guard_brought_mark() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    of record := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    held record;
BEGIN
    SELECT s.student_id, s.from_organization_id INTO held
      FROM brought_subject AS u
      JOIN brought_statement AS s ON s.organization_id = u.organization_id AND s.academic_year = u.academic_year AND s.id = u.statement_id
     WHERE u.organization_id = of.organization_id AND u.academic_year = of.academic_year AND u.id = of.subject_id;
    -- What a transfer brings comes whatever was closed before it was told.
    IF TG_OP = 'INSERT' AND held.from_organization_id IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF brought_is_closed(of.organization_id, of.academic_year, held.student_id, of.first_day)
       OR (TG_OP = 'UPDATE' AND brought_is_closed(OLD.organization_id, OLD.academic_year, held.student_id, OLD.first_day)) THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    RETURN of;
END $$;

COMMENT ON FUNCTION guard_brought_mark() IS 'A brought mark of closed days stands, and none is entered there from paper';

CREATE TRIGGER guard_brought_mark BEFORE INSERT OR UPDATE OR DELETE ON brought_mark FOR EACH ROW EXECUTE FUNCTION guard_brought_mark();

CREATE FUNCTION guard_brought_subject() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF brought_stands(OLD.organization_id, OLD.academic_year, OLD.statement_id, OLD.id) THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_brought_subject() IS 'Marks of closed days go on counting in the course they counted in';

CREATE TRIGGER guard_brought_subject BEFORE UPDATE OF course_id, stands_for ON brought_subject FOR EACH ROW
    WHEN ((NEW.course_id, NEW.stands_for) IS DISTINCT FROM (OLD.course_id, OLD.stands_for)) EXECUTE FUNCTION guard_brought_subject();

CREATE FUNCTION guard_brought_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF brought_stands(OLD.organization_id, OLD.academic_year, OLD.id, NULL) THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'ASJ01';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_brought_statement() IS
    'With marks in closed days the arrival that a paper tells stands too; that of a transfer is the registry''s word';

CREATE TRIGGER guard_brought_statement BEFORE UPDATE OF arrived_on ON brought_statement FOR EACH ROW
    WHEN (NEW.from_organization_id IS NULL AND NEW.arrived_on <> OLD.arrived_on) EXECUTE FUNCTION guard_brought_statement()
