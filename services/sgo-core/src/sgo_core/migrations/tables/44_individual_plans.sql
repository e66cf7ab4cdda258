CREATE TABLE individual_plan (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    student_id UUID NOT NULL,
    curriculum_id UUID NOT NULL,
    state TEXT NOT NULL,
    lines JSONB NOT NULL,
    document_number TEXT,
    document_date DATE,
    approved_by TEXT,
    valid_from DATE,
    valid_to DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_individual_plan PRIMARY KEY (id),
    CONSTRAINT fk_individual_plan_curriculum FOREIGN KEY(organization_id, curriculum_id) REFERENCES curriculum (organization_id, id),
    CONSTRAINT fk_individual_plan_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT ck_individual_plan_state CHECK (state IN ('draft', 'approved', 'withdrawn')),
    CONSTRAINT ck_individual_plan_lines CHECK (jsonb_typeof(lines) = 'array'),
    CONSTRAINT ck_individual_plan_interval CHECK (valid_to >= valid_from),
    CONSTRAINT ck_individual_plan_approved CHECK ((state = 'approved') = (valid_from IS NOT NULL)
        AND num_nulls(document_number, document_date, approved_by, valid_from, valid_to) IN (0, 5)),
    CONSTRAINT ex_individual_plan_one_in_force EXCLUDE USING gist
        (student_id WITH =, organization_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (state = 'approved')
);

CREATE INDEX ix_individual_plan_organization_id ON individual_plan (organization_id, id);

CREATE INDEX ix_individual_plan_student_id ON individual_plan (student_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON individual_plan FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id}', '{}');

-- An approved plan is a document: it ends, it is not edited.
CREATE FUNCTION individual_plan_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    quiet TEXT[] := '{valid_to,version,updated_at,recorded_at,recorded_by,reason}';
BEGIN
    IF to_jsonb(OLD) - quiet <> to_jsonb(NEW) - quiet OR NEW.valid_to > OLD.valid_to THEN
        RAISE EXCEPTION 'individual plan % is %', OLD.id, OLD.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER individual_plan_is_final BEFORE UPDATE ON individual_plan FOR EACH ROW WHEN (OLD.state <> 'draft')
    EXECUTE FUNCTION individual_plan_is_final();
