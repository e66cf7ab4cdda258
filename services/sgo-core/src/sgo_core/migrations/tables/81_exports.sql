CREATE TABLE export (
    id UUID NOT NULL,
    account_id TEXT NOT NULL,
    unit TEXT NOT NULL,
    principal JSONB NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    organization_id UUID,
    day DATE NOT NULL,
    fields TEXT[] NOT NULL,
    purpose TEXT NOT NULL,
    subjects INTEGER NOT NULL,
    state TEXT NOT NULL,
    ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    run_id UUID,
    ready_at TIMESTAMP WITH TIME ZONE,
    row_count INTEGER,
    sha256 TEXT,
    downloads INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_export PRIMARY KEY (id),
    CONSTRAINT fk_export_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_export_format CHECK (format IN ('xlsx', 'csv', 'zip')),
    CONSTRAINT ck_export_state CHECK (state IN ('waiting', 'declined', 'making', 'ready', 'failed', 'expired')),
    CONSTRAINT ck_export_two_people CHECK (decided_by <> account_id),
    CONSTRAINT ck_export_whole CHECK (kind <> 'whole' OR state IN ('waiting', 'declined') OR decided_by IS NOT NULL)
);

CREATE INDEX ix_export_account_id ON export (account_id, ordered_at);

CREATE INDEX ix_export_unit ON export (unit, id);

CREATE INDEX ix_export_ready ON export (ready_at) WHERE state = 'ready';
