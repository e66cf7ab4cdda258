CREATE TABLE card_gap (
    organization_id UUID NOT NULL,
    card_kind TEXT NOT NULL,
    card_id UUID NOT NULL,
    field TEXT NOT NULL,
    since DATE NOT NULL,
    without_ground BOOLEAN NOT NULL,
    CONSTRAINT pk_card_gap PRIMARY KEY (organization_id, card_kind, card_id, field),
    CONSTRAINT fk_card_gap_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_card_gap_card_kind CHECK (card_kind IN ('organization', 'worker', 'student', 'guardian'))
);

CREATE TABLE quality_issue (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    card_kind TEXT NOT NULL,
    card_id UUID NOT NULL,
    rule TEXT NOT NULL,
    since DATE NOT NULL,
    explanation TEXT,
    explained_by TEXT,
    explained_at TIMESTAMP WITH TIME ZONE,
    card_version INTEGER,
    settled_on DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_quality_issue PRIMARY KEY (id),
    CONSTRAINT fk_quality_issue_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_quality_issue_card_kind CHECK (card_kind IN ('organization', 'worker', 'student', 'guardian')),
    CONSTRAINT ck_quality_issue_explained CHECK (num_nulls(explanation, explained_by, explained_at, card_version) IN (0, 4))
);

CREATE UNIQUE INDEX uq_quality_issue_card ON quality_issue (organization_id, card_kind, card_id, rule) WHERE settled_on IS NULL;

CREATE INDEX ix_quality_issue_organization_id ON quality_issue (organization_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON quality_issue FOR EACH ROW EXECUTE FUNCTION keep_history('{id,card_id}', '{}');

CREATE TABLE quality_measure (
    organization_id UUID NOT NULL,
    card_kind TEXT NOT NULL,
    measured_on DATE NOT NULL,
    cards INTEGER NOT NULL,
    mandatory INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    without_ground INTEGER NOT NULL,
    overdue INTEGER NOT NULL,
    issues JSONB NOT NULL,
    CONSTRAINT pk_quality_measure PRIMARY KEY (organization_id, card_kind, measured_on),
    CONSTRAINT fk_quality_measure_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_quality_measure_card_kind CHECK (card_kind IN ('organization', 'worker', 'student', 'guardian')),
    CONSTRAINT ck_quality_measure_numbers CHECK (
        cards >= 0 AND overdue >= 0 AND without_ground >= 0 AND missing >= overdue AND mandatory >= missing + without_ground
    )
);

CREATE TABLE quality_standing (
    organization_id UUID NOT NULL,
    measured_on DATE NOT NULL,
    confirmed_on DATE,
    told JSONB NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_quality_standing PRIMARY KEY (organization_id),
    CONSTRAINT fk_quality_standing_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);

CREATE TABLE quality_duty (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    card_kind TEXT NOT NULL,
    role TEXT NOT NULL,
    worker_id UUID,
    term_days INTEGER NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_quality_duty PRIMARY KEY (id),
    CONSTRAINT uq_quality_duty_organization_id_card_kind UNIQUE (organization_id, card_kind),
    CONSTRAINT fk_quality_duty_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_quality_duty_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT ck_quality_duty_card_kind CHECK (card_kind IN ('organization', 'worker', 'student', 'guardian')),
    CONSTRAINT ck_quality_duty_term_days CHECK (term_days BETWEEN 1 AND 60)
);

CREATE TRIGGER keep_history BEFORE UPDATE ON quality_duty FOR EACH ROW EXECUTE FUNCTION keep_history('{organization_id}', '{}');

CREATE TABLE quality_confirmation (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    confirmed_on DATE NOT NULL,
    confirmed_by TEXT NOT NULL,
    confirmed_name TEXT NOT NULL,
    role TEXT NOT NULL,
    standing JSONB NOT NULL,
    remark TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_quality_confirmation PRIMARY KEY (id),
    CONSTRAINT fk_quality_confirmation_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);

CREATE INDEX ix_quality_confirmation_organization_id ON quality_confirmation (organization_id, id);

CREATE TABLE sample_check (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    card_kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    population INTEGER NOT NULL,
    seed TEXT NOT NULL,
    drawn_on DATE NOT NULL,
    drawn_by TEXT NOT NULL,
    drawn_name TEXT NOT NULL,
    drawn_in TEXT NOT NULL,
    state TEXT NOT NULL,
    conclusion TEXT,
    mend_by DATE,
    answer TEXT,
    answered_on DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_sample_check PRIMARY KEY (id),
    CONSTRAINT fk_sample_check_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_sample_check_card_kind CHECK (card_kind IN ('worker', 'student', 'guardian')),
    CONSTRAINT ck_sample_check_size CHECK (size BETWEEN 1 AND 100 AND size <= population),
    CONSTRAINT ck_sample_check_state CHECK (state IN ('drawn', 'finished', 'answered')),
    CONSTRAINT ck_sample_check_finished CHECK ((state = 'drawn') = (conclusion IS NULL)),
    CONSTRAINT ck_sample_check_answered CHECK ((state = 'answered') = (answer IS NOT NULL) AND (answer IS NULL) = (answered_on IS NULL))
);

CREATE INDEX ix_sample_check_organization_id ON sample_check (organization_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON sample_check FOR EACH ROW EXECUTE FUNCTION keep_history('{organization_id}', '{}');

CREATE TABLE sample_check_item (
    id UUID NOT NULL,
    check_id UUID NOT NULL,
    card_id UUID NOT NULL,
    verdict TEXT,
    fields TEXT[] NOT NULL,
    remark TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_sample_check_item PRIMARY KEY (id),
    CONSTRAINT uq_sample_check_item_check_id_card_id UNIQUE (check_id, card_id),
    CONSTRAINT fk_sample_check_item_check_id FOREIGN KEY(check_id) REFERENCES sample_check (id),
    CONSTRAINT ck_sample_check_item_verdict CHECK (verdict IN ('matches', 'differs', 'not_shown')),
    CONSTRAINT ck_sample_check_item_fields CHECK ((verdict = 'differs') = (cardinality(fields) > 0) OR verdict IS NULL AND cardinality(fields) = 0)
);

CREATE INDEX ix_sample_check_item_card_id ON sample_check_item (card_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON sample_check_item FOR EACH ROW EXECUTE FUNCTION keep_history('{check_id,card_id}', '{}');
