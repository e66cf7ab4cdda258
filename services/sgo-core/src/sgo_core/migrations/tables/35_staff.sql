CREATE TABLE worker (
    id UUID NOT NULL,
    statistical_id UUID NOT NULL,
    archived_on DATE,
    merged_into UUID,
    told_on DATE DEFAULT current_date NOT NULL,
    search_name TEXT NOT NULL,
    snils_key BYTEA,
    document_key BYTEA,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    middle_name TEXT,
    birth_date DATE,
    sex TEXT,
    document TEXT,
    residence JSONB,
    registration JSONB,
    home_phone TEXT,
    email TEXT,
    subjects JSONB,
    service_since DATE,
    family_status TEXT,
    inn TEXT,
    snils TEXT,
    awards JSONB,
    education JSONB,
    courses JSONB,
    qualification JSONB,
    staff_category TEXT,
    mobile_phone TEXT,
    citizenship TEXT,
    teaching_since DATE,
    degree TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_worker PRIMARY KEY (id),
    CONSTRAINT ck_worker_sex CHECK (sex IN ('male', 'female')),
    CONSTRAINT ck_worker_merged_into CHECK (merged_into IS NULL OR (archived_on IS NOT NULL AND merged_into <> id)),
    CONSTRAINT fk_worker_merged_into FOREIGN KEY(merged_into) REFERENCES worker (id)
);

CREATE INDEX ix_worker_merged_into ON worker (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX ix_worker_search_name ON worker USING gin (search_name gin_trgm_ops);

CREATE UNIQUE INDEX uq_worker_document_key ON worker (document_key);

CREATE UNIQUE INDEX uq_worker_snils_key ON worker (snils_key);

CREATE UNIQUE INDEX uq_worker_statistical_id ON worker (statistical_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON worker FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{told_on}');

CREATE TABLE employment (
    id UUID NOT NULL,
    worker_id UUID NOT NULL,
    organization_id UUID,
    body_id UUID,
    post_code TEXT NOT NULL,
    main BOOLEAN NOT NULL,
    rate NUMERIC(4, 3) NOT NULL,
    hired_on DATE NOT NULL,
    order_number TEXT NOT NULL,
    order_date DATE,
    dismissed_on DATE,
    dismissal_order TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_employment PRIMARY KEY (id),
    CONSTRAINT fk_employment_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT fk_employment_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_employment_body_id FOREIGN KEY(body_id) REFERENCES governing_body (id),
    CONSTRAINT ck_employment_employer CHECK ((organization_id IS NULL) <> (body_id IS NULL)),
    CONSTRAINT ck_employment_rate CHECK (rate > 0 AND rate <= 2),
    CONSTRAINT ck_employment_interval CHECK (dismissed_on > hired_on),
    CONSTRAINT ck_employment_dismissal CHECK ((dismissed_on IS NULL) = (dismissal_order IS NULL)),
    CONSTRAINT ex_employment_main EXCLUDE USING gist (worker_id WITH =, daterange(hired_on, dismissed_on) WITH &&) WHERE (main),
    CONSTRAINT ex_employment_director EXCLUDE USING gist (organization_id WITH =, daterange(hired_on, dismissed_on) WITH &&)
        WHERE (post_code = 'director')
);

CREATE INDEX ix_employment_worker_id ON employment (worker_id);

CREATE INDEX ix_employment_organization_id ON employment (organization_id, worker_id);

CREATE INDEX ix_employment_body_id ON employment (body_id, worker_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON employment FOR EACH ROW EXECUTE FUNCTION keep_history('{worker_id}', '{}');

CREATE TRIGGER not_merged BEFORE INSERT OR UPDATE OF worker_id ON employment FOR EACH ROW EXECUTE FUNCTION not_merged();
