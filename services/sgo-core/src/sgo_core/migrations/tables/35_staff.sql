CREATE TABLE worker (
    id UUID NOT NULL,
    archived_on DATE,
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
    CONSTRAINT ck_worker_sex CHECK (sex IN ('male', 'female'))
);

CREATE INDEX ix_worker_search_name ON worker USING gin (search_name gin_trgm_ops);

CREATE INDEX ix_worker_document_key ON worker (document_key);

CREATE UNIQUE INDEX uq_worker_snils_key ON worker (snils_key);

CREATE TRIGGER keep_history BEFORE UPDATE ON worker FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');
