CREATE TABLE destruction_act (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    number TEXT NOT NULL,
    date DATE NOT NULL,
    selected_on DATE NOT NULL,
    commission JSONB NOT NULL,
    state TEXT NOT NULL,
    remark TEXT,
    drafted_by TEXT NOT NULL,
    checked_by TEXT,
    approved_by TEXT,
    done_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_destruction_act PRIMARY KEY (id),
    CONSTRAINT fk_destruction_act_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_destruction_act_state CHECK (state IN ('draft', 'checked', 'approved', 'done', 'withdrawn')),
    CONSTRAINT ck_destruction_act_two_persons CHECK (checked_by <> drafted_by),
    CONSTRAINT ck_destruction_act_checked CHECK (state NOT IN ('checked', 'approved', 'done') OR checked_by IS NOT NULL),
    CONSTRAINT ck_destruction_act_approved CHECK (state NOT IN ('approved', 'done') OR approved_by IS NOT NULL),
    CONSTRAINT ck_destruction_act_done CHECK ((state = 'done') = (done_at IS NOT NULL))
);

CREATE INDEX ix_destruction_act_organization_id ON destruction_act (organization_id, id);

CREATE UNIQUE INDEX uq_destruction_act_number ON destruction_act (organization_id, number, date) WHERE state IN ('approved', 'done');

CREATE TRIGGER keep_history BEFORE UPDATE ON destruction_act FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

-- An act that was carried out is a document: nobody edits it, nor what it says was destroyed.
CREATE FUNCTION destruction_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this destruction act is final' USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER destruction_is_final BEFORE UPDATE ON destruction_act FOR EACH ROW WHEN (OLD.state IN ('done', 'withdrawn'))
    EXECUTE FUNCTION destruction_is_final();

CREATE TABLE destruction_line (
    act_id UUID NOT NULL,
    number INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    cause TEXT NOT NULL,
    fields TEXT[] NOT NULL,
    left_on DATE,
    outcome TEXT,
    destroyed TEXT[],
    destroyed_at TIMESTAMP WITH TIME ZONE,
    erasure_id UUID,
    CONSTRAINT pk_destruction_line PRIMARY KEY (act_id, number),
    CONSTRAINT uq_destruction_line_erasure_id UNIQUE (erasure_id),
    CONSTRAINT fk_destruction_line_act_id FOREIGN KEY(act_id) REFERENCES destruction_act (id),
    CONSTRAINT fk_destruction_line_erasure_id FOREIGN KEY(erasure_id) REFERENCES erasure (id),
    CONSTRAINT ck_destruction_line_subject_kind CHECK (subject_kind IN ('student', 'guardian', 'worker')),
    CONSTRAINT ck_destruction_line_cause CHECK (cause IN ('term', 'withdrawal', 'expiry', 'request')),
    CONSTRAINT ck_destruction_line_outcome CHECK (outcome IN ('destroyed', 'blocked', 'held', 'returned', 'nothing')),
    CONSTRAINT ck_destruction_line_fields CHECK (cardinality(fields) > 0),
    CONSTRAINT ck_destruction_line_destroyed CHECK (destroyed <@ fields)
);

CREATE INDEX ix_destruction_line_open ON destruction_line (act_id, number) WHERE outcome IS NULL;

CREATE TRIGGER destruction_is_final BEFORE UPDATE ON destruction_line FOR EACH ROW WHEN (OLD.outcome IS NOT NULL)
    EXECUTE FUNCTION destruction_is_final();

ALTER TABLE field_block ADD CONSTRAINT fk_field_block_act_id FOREIGN KEY (act_id) REFERENCES destruction_act (id);
