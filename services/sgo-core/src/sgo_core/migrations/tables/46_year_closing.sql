CREATE TABLE year_closing (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    state TEXT NOT NULL,
    orders JSONB NOT NULL,
    graduated_on DATE,
    coordinator_by TEXT,
    administrator_by TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    reversal_orders JSONB,
    reversal_coordinator_by TEXT,
    reversal_administrator_by TEXT,
    opened_at TIMESTAMP WITH TIME ZONE,
    opened_by TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_year_closing PRIMARY KEY (id),
    CONSTRAINT uq_year_closing_organization_id_academic_year UNIQUE (organization_id, academic_year),
    CONSTRAINT fk_year_closing_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_year_closing_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT ck_year_closing_state CHECK (state IN ('draft', 'closing', 'closed', 'reversing', 'opened')),
    CONSTRAINT ck_year_closing_confirmed CHECK (state = 'draft' OR (coordinator_by IS NOT NULL AND administrator_by IS NOT NULL)),
    CONSTRAINT ck_year_closing_two_people CHECK (coordinator_by <> administrator_by),
    CONSTRAINT ck_year_closing_reversal_confirmed CHECK (state <> 'reversing' OR (reversal_orders IS NOT NULL AND reversal_coordinator_by IS NOT NULL AND reversal_administrator_by IS NOT NULL)),
    CONSTRAINT ck_year_closing_reversal_two_people CHECK (reversal_coordinator_by <> reversal_administrator_by),
    CONSTRAINT ck_year_closing_closed CHECK ((state IN ('closed', 'reversing', 'opened')) = (closed_at IS NOT NULL)),
    CONSTRAINT ck_year_closing_opened CHECK ((state = 'opened') = (opened_at IS NOT NULL) AND (opened_at IS NULL) = (opened_by IS NULL))
);

CREATE TRIGGER keep_history BEFORE UPDATE ON year_closing FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');

-- A year is closed, may be taken back as long as the next one is not opened, and is then closed for good.
CREATE FUNCTION year_closing_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.organization_id <> OLD.organization_id OR NEW.academic_year <> OLD.academic_year
        OR (NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
            ('draft', 'closing'), ('closing', 'closed'), ('closed', 'reversing'), ('reversing', 'draft'), ('closed', 'opened'))) THEN
        RAISE EXCEPTION 'a closing cannot go from % to %', OLD.state, NEW.state USING ERRCODE = 'AS002';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER year_closing_steps BEFORE UPDATE ON year_closing FOR EACH ROW EXECUTE FUNCTION year_closing_steps();

CREATE TABLE year_outcome (
    id UUID NOT NULL,
    closing_id UUID NOT NULL,
    student_id UUID NOT NULL,
    placement_id UUID NOT NULL,
    group_id UUID NOT NULL,
    outcome TEXT NOT NULL,
    basis TEXT NOT NULL,
    debts TEXT[] NOT NULL,
    debts_due DATE,
    target_group_id UUID,
    departure_reason TEXT,
    destination TEXT,
    leaves_on DATE,
    note TEXT,
    decided BOOLEAN NOT NULL,
    void BOOLEAN NOT NULL,
    movement_id UUID,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_year_outcome PRIMARY KEY (id),
    CONSTRAINT uq_year_outcome_closing_id_student_id UNIQUE (closing_id, student_id),
    CONSTRAINT fk_year_outcome_closing_id FOREIGN KEY(closing_id) REFERENCES year_closing (id),
    CONSTRAINT fk_year_outcome_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_year_outcome_placement_id FOREIGN KEY(placement_id) REFERENCES placement (id),
    CONSTRAINT fk_year_outcome_group_id FOREIGN KEY(group_id) REFERENCES study_group (id),
    CONSTRAINT fk_year_outcome_target_group_id FOREIGN KEY(target_group_id) REFERENCES study_group (id),
    CONSTRAINT fk_year_outcome_movement_id FOREIGN KEY(movement_id) REFERENCES movement (id),
    CONSTRAINT ck_year_outcome_outcome CHECK (outcome IN ('promoted', 'conditional', 'repeated', 'graduated', 'departed', 'on_leave')),
    CONSTRAINT ck_year_outcome_target CHECK (outcome NOT IN ('graduated', 'departed') OR target_group_id IS NULL),
    CONSTRAINT ck_year_outcome_debts CHECK (outcome <> 'conditional' OR (cardinality(debts) > 0 AND debts_due IS NOT NULL)),
    CONSTRAINT ck_year_outcome_departure CHECK ((outcome = 'departed') = (departure_reason IS NOT NULL) AND (outcome = 'departed') = (leaves_on IS NOT NULL))
);

CREATE INDEX ix_year_outcome_left ON year_outcome (closing_id, outcome, group_id, id) WHERE movement_id IS NULL AND NOT void;

CREATE INDEX ix_year_outcome_student_id ON year_outcome (student_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON year_outcome FOR EACH ROW EXECUTE FUNCTION keep_history('{closing_id,student_id}', '{movement_id}');

-- What two people have confirmed is not changed any more; only the run notes what it has carried out, and a merge of cards whose it is.
CREATE FUNCTION outcome_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM year_closing WHERE id = NEW.closing_id) <> 'draft'
        AND (TG_OP = 'INSERT' OR to_jsonb(NEW) - '{movement_id,student_id,version,updated_at,recorded_at,recorded_by,reason}'::TEXT[]
            <> to_jsonb(OLD) - '{movement_id,student_id,version,updated_at,recorded_at,recorded_by,reason}'::TEXT[]) THEN
        RAISE EXCEPTION 'outcomes of a closed year' USING ERRCODE = 'AS001';
    END IF;
    RETURN NEW;
END
$$;

-- Its name comes after keep_history in the alphabet: triggers fire in that order.
CREATE TRIGGER outcome_is_frozen BEFORE INSERT OR UPDATE ON year_outcome FOR EACH ROW EXECUTE FUNCTION outcome_is_frozen();

CREATE TABLE year_result (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    student_id UUID NOT NULL,
    subject TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    annual TEXT,
    exam TEXT,
    final TEXT,
    source TEXT NOT NULL,
    entered TEXT[] DEFAULT '{}' NOT NULL,
    told JSONB DEFAULT '{}' NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_year_result PRIMARY KEY (id),
    CONSTRAINT uq_year_result_student_id_academic_year_subject_key UNIQUE (student_id, academic_year, subject_key) DEFERRABLE,
    CONSTRAINT fk_year_result_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_year_result_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT fk_year_result_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT ck_year_result_marks CHECK (annual IN ('5', '4', '3', '2', 'з', 'нз', 'н/а', 'осв') AND exam IN ('5', '4', '3', '2', 'з', 'нз') AND final IN ('5', '4', '3', '2', 'з', 'нз', 'н/а', 'осв')),
    CONSTRAINT ck_year_result_said CHECK (source = 'journal' OR num_nonnulls(annual, exam, final) > 0),
    CONSTRAINT ck_year_result_entered CHECK (entered <@ '{annual,exam,final}' AND (source = 'journal') = (entered = '{}')),
    CONSTRAINT ck_year_result_source CHECK (source IN ('office', 'import', 'journal'))
);

CREATE INDEX ix_year_result_organization_id ON year_result (organization_id, academic_year, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON year_result FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id}', '{told}');

-- Refuses what would change a closed year. Of the year being closed or taken back the next one is shut too, but to the run that does it
-- (asu.year_closing is the organization it works for). The closings are locked for sharing: whoever closes a year waits until a change under way is
-- committed, and a change that comes later waits and then sees the closed year.
CREATE FUNCTION refuse_closed_year(organization UUID, academic_year INTEGER) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one RECORD;
BEGIN
    IF current_setting('asu.year_closing', true) = organization::TEXT THEN
        RETURN;
    END IF;
    FOR one IN
        SELECT c.academic_year AS year, c.state FROM year_closing AS c
        WHERE c.organization_id = organization AND c.academic_year IN (refuse_closed_year.academic_year, refuse_closed_year.academic_year - 1)
        ORDER BY c.academic_year FOR SHARE
    LOOP
        IF one.state IN ('closing', 'reversing') OR one.state <> 'draft' AND one.year = refuse_closed_year.academic_year THEN
            RAISE EXCEPTION 'year % is %', one.year, one.state USING ERRCODE = 'AS001';
        END IF;
    END LOOP;
END
$$;

-- A placement that ended gives its place up whenever: occupancy is not what a year was. One of a closed year is never opened, shortened or moved.
-- Additional education has no closing: its groups go on by their programmes.
CREATE FUNCTION placement_of_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    year INTEGER;
BEGIN
    IF current_setting('asu.year_closing', true) = NEW.organization_id::TEXT THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.group_id <> OLD.group_id THEN
        SELECT academic_year INTO year FROM study_group WHERE id = OLD.group_id AND kind <> 'additional_group';
        PERFORM refuse_closed_year(OLD.organization_id, year);
    END IF;
    SELECT academic_year INTO year FROM study_group WHERE id = NEW.group_id AND kind <> 'additional_group';
    IF FOUND THEN
        PERFORM refuse_closed_year(NEW.organization_id, year);
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER placement_of_closed_year BEFORE INSERT ON placement FOR EACH ROW EXECUTE FUNCTION placement_of_closed_year();

CREATE TRIGGER placement_of_closed_year_changed BEFORE UPDATE ON placement FOR EACH ROW
    WHEN ((OLD.group_id, OLD.membership_id, OLD.valid_from) <> (NEW.group_id, NEW.membership_id, NEW.valid_from) OR OLD.valid_to IS DISTINCT FROM NEW.valid_to)
    EXECUTE FUNCTION placement_of_closed_year();

-- For tables whose rows belong to an organization and an academic year: the argument names columns whose change is no change of the year.
CREATE FUNCTION row_of_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV[0]::TEXT[] = to_jsonb(OLD) - TG_ARGV[0]::TEXT[] THEN
        RETURN NEW;
    END IF;
    PERFORM refuse_closed_year(NEW.organization_id, NEW.academic_year);
    RETURN NEW;
END
$$;

CREATE TRIGGER row_of_closed_year BEFORE INSERT OR UPDATE ON study_group FOR EACH ROW WHEN (NEW.kind <> 'additional_group')
    EXECUTE FUNCTION row_of_closed_year('{occupied,version,updated_at,recorded_at,recorded_by,reason}');

-- What the journal says of a closed year is noted beside its marks (``told``), on a row without any if there is none.
CREATE TRIGGER row_of_closed_year BEFORE INSERT ON year_result FOR EACH ROW
    WHEN (num_nonnulls(NEW.annual, NEW.exam, NEW.final) > 0)
    EXECUTE FUNCTION row_of_closed_year('{}');

CREATE TRIGGER row_of_closed_year_changed BEFORE UPDATE ON year_result FOR EACH ROW
    WHEN (num_nonnulls(OLD.annual, OLD.exam, OLD.final, NEW.annual, NEW.exam, NEW.final) > 0)
    EXECUTE FUNCTION row_of_closed_year('{student_id,entered,source,told,version,updated_at,recorded_at,recorded_by,reason}');

CREATE TRIGGER row_of_closed_year BEFORE INSERT OR UPDATE ON curriculum FOR EACH ROW
    EXECUTE FUNCTION row_of_closed_year('{version,updated_at,recorded_at,recorded_by,reason}');

CREATE TRIGGER row_of_closed_year BEFORE INSERT OR UPDATE ON teaching_group FOR EACH ROW
    EXECUTE FUNCTION row_of_closed_year('{version,updated_at,recorded_at,recorded_by,reason}')
