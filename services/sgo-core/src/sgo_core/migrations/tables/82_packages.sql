CREATE TABLE package_receiver (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    basis TEXT NOT NULL,
    format TEXT NOT NULL,
    certificate TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_package_receiver PRIMARY KEY (id),
    CONSTRAINT ck_package_receiver_format CHECK (format IN ('ndjson', 'xml'))
);

CREATE UNIQUE INDEX uq_package_receiver_name ON package_receiver (name);

CREATE TRIGGER keep_history BEFORE UPDATE ON package_receiver FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

CREATE TABLE contingent_package (
    id UUID NOT NULL,
    receiver_id UUID NOT NULL,
    scope TEXT NOT NULL,
    municipality TEXT,
    organization_id UUID,
    number INTEGER NOT NULL,
    previous_id UUID,
    as_of DATE NOT NULL,
    format TEXT NOT NULL,
    basis TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    principal JSONB NOT NULL,
    account_id TEXT NOT NULL,
    ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    run_id UUID NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE,
    persons INTEGER,
    added INTEGER,
    changed INTEGER,
    removed INTEGER,
    content_sha256 TEXT,
    file_sha256 TEXT,
    file_size BIGINT,
    signer_fingerprint TEXT,
    CONSTRAINT pk_contingent_package PRIMARY KEY (id),
    CONSTRAINT uq_contingent_package_receiver_id_scope_number UNIQUE (receiver_id, scope, number),
    CONSTRAINT fk_contingent_package_receiver_id FOREIGN KEY(receiver_id) REFERENCES package_receiver (id),
    CONSTRAINT fk_contingent_package_municipality FOREIGN KEY(municipality) REFERENCES municipality (oktmo),
    CONSTRAINT fk_contingent_package_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_contingent_package_previous_id FOREIGN KEY(previous_id) REFERENCES contingent_package (id),
    CONSTRAINT ck_contingent_package_scope CHECK (municipality IS NULL OR organization_id IS NULL),
    CONSTRAINT ck_contingent_package_ready CHECK ((ready_at IS NULL) = (persons IS NULL))
);

CREATE TABLE package_person (
    package_id UUID NOT NULL,
    student_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    CONSTRAINT pk_package_person PRIMARY KEY (package_id, student_id),
    CONSTRAINT fk_package_person_package_id FOREIGN KEY(package_id) REFERENCES contingent_package (id)
);

CREATE TABLE package_receipt (
    package_id UUID NOT NULL,
    number TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_package_receipt PRIMARY KEY (package_id),
    CONSTRAINT fk_package_receipt_package_id FOREIGN KEY(package_id) REFERENCES contingent_package (id)
);

CREATE TABLE package_rejection (
    package_id UUID NOT NULL,
    student_id UUID NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    CONSTRAINT pk_package_rejection PRIMARY KEY (package_id, student_id),
    CONSTRAINT fk_package_rejection_person FOREIGN KEY(package_id, student_id) REFERENCES package_person (package_id, student_id)
);

CREATE TABLE package_log (
    id UUID NOT NULL,
    package_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    account_id TEXT NOT NULL,
    role TEXT NOT NULL,
    persons INTEGER,
    CONSTRAINT pk_package_log PRIMARY KEY (id),
    CONSTRAINT fk_package_log_package_id FOREIGN KEY(package_id) REFERENCES contingent_package (id),
    CONSTRAINT ck_package_log_action CHECK (action IN ('ordered', 'made', 'downloaded', 'receipt'))
);

CREATE INDEX ix_package_log_package_id ON package_log (package_id, id);
