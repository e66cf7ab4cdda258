CREATE TABLE outward_exchange (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    receiver TEXT,
    basis TEXT,
    organization_id UUID,
    municipality TEXT,
    persons INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    role TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_outward_exchange PRIMARY KEY (id),
    CONSTRAINT fk_outward_exchange_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_outward_exchange_kind CHECK (kind IN ('package', 'table', 'whole')),
    CONSTRAINT ck_outward_exchange_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_outward_exchange_counts CHECK (size >= 0 AND persons >= 0)
);
