CREATE TABLE subject_request (
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    kind TEXT NOT NULL,
    asked_by UUID,
    on_paper BOOLEAN NOT NULL,
    received_on DATE NOT NULL,
    fields TEXT[] NOT NULL,
    text TEXT NOT NULL,
    due_on DATE NOT NULL,
    extension TEXT,
    decision TEXT,
    answer TEXT,
    answered_on DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_subject_request PRIMARY KEY (id),
    CONSTRAINT fk_subject_request_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_subject_request_subject_kind CHECK (subject_kind IN ('student', 'guardian', 'worker')),
    CONSTRAINT ck_subject_request_kind CHECK (kind IN ('access', 'correction', 'blocking', 'erasure', 'cessation')),
    CONSTRAINT ck_subject_request_decision CHECK (decision IN ('granted', 'refused')),
    CONSTRAINT ck_subject_request_answered CHECK ((decision IS NULL) = (answered_on IS NULL) AND (decision IS NULL) = (answer IS NULL)),
    CONSTRAINT ck_subject_request_order CHECK (answered_on >= received_on AND due_on > received_on)
);

CREATE INDEX ix_subject_request_open ON subject_request (organization_id, due_on, id) WHERE decision IS NULL;

CREATE INDEX ix_subject_request_organization_id ON subject_request (organization_id, id);

CREATE INDEX ix_subject_request_subject_id ON subject_request (subject_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON subject_request FOR EACH ROW EXECUTE FUNCTION keep_history('{subject_id}', '{}');

CREATE TABLE field_block (
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    request_id UUID,
    act_id UUID,
    fields TEXT[] NOT NULL,
    lifted_on DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_field_block PRIMARY KEY (id),
    CONSTRAINT uq_field_block_request_id UNIQUE (request_id),
    CONSTRAINT fk_field_block_request_id FOREIGN KEY(request_id) REFERENCES subject_request (id),
    CONSTRAINT ck_field_block_subject_kind CHECK (subject_kind IN ('student', 'guardian', 'worker')),
    CONSTRAINT ck_field_block_fields CHECK (cardinality(fields) > 0),
    CONSTRAINT ck_field_block_cause CHECK ((request_id IS NULL) <> (act_id IS NULL))
);

CREATE INDEX ix_field_block_subject_id ON field_block (subject_id) WHERE lifted_on IS NULL;

CREATE TRIGGER keep_history BEFORE UPDATE ON field_block FOR EACH ROW EXECUTE FUNCTION keep_history('{subject_id}', '{}');
