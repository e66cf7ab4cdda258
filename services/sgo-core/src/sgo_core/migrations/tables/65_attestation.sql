CREATE TABLE methodical_work (
    id UUID NOT NULL,
    worker_id UUID NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    subject TEXT,
    level TEXT NOT NULL,
    published_in TEXT,
    dated_on DATE NOT NULL,
    link TEXT,
    removed BOOLEAN DEFAULT false NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_methodical_work PRIMARY KEY (id),
    CONSTRAINT fk_methodical_work_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT ck_methodical_work_kind CHECK (kind IN ('programme', 'guide', 'lesson', 'article', 'project', 'talk', 'master_class', 'other')),
    CONSTRAINT ck_methodical_work_level CHECK (level IN ('organization', 'municipality', 'region', 'country', 'international'))
);

CREATE INDEX ix_methodical_work_worker_id ON methodical_work (worker_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON methodical_work FOR EACH ROW EXECUTE FUNCTION keep_history('{worker_id}', '{}');

CREATE TABLE attestation (
    id UUID NOT NULL,
    worker_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    post_code TEXT NOT NULL,
    category TEXT NOT NULL,
    state TEXT NOT NULL,
    planned_on DATE NOT NULL,
    applied_on DATE,
    application_number TEXT,
    decided_on DATE,
    order_number TEXT,
    remark TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_attestation PRIMARY KEY (id),
    CONSTRAINT fk_attestation_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT fk_attestation_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_attestation_category CHECK (category IN ('fits_post', 'first', 'highest', 'methodist', 'mentor')),
    CONSTRAINT ck_attestation_state CHECK (state IN ('planned', 'applied', 'granted', 'refused', 'withdrawn')),
    CONSTRAINT ck_attestation_applied CHECK (state IN ('planned', 'withdrawn') OR applied_on IS NOT NULL),
    CONSTRAINT ck_attestation_decided CHECK ((state IN ('granted', 'refused')) = (decided_on IS NOT NULL) AND (decided_on IS NULL) = (order_number IS NULL)),
    CONSTRAINT ck_attestation_order CHECK (decided_on >= applied_on)
);

CREATE UNIQUE INDEX uq_attestation_open ON attestation (worker_id, organization_id, post_code, category) WHERE state IN ('planned', 'applied');

CREATE INDEX ix_attestation_organization_id ON attestation (organization_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON attestation FOR EACH ROW EXECUTE FUNCTION keep_history('{worker_id}', '{}');
