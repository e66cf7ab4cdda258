CREATE TABLE list_file (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    account_id TEXT NOT NULL,
    principal JSONB NOT NULL,
    parameters JSONB NOT NULL,
    run_id UUID NOT NULL,
    ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    name TEXT,
    rows INTEGER,
    CONSTRAINT pk_list_file PRIMARY KEY (id),
    CONSTRAINT ck_list_file_made CHECK ((name IS NULL) = (rows IS NULL)),
    CONSTRAINT fk_list_file_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
    CONSTRAINT uq_list_file_run_id UNIQUE (run_id)
);

CREATE INDEX ix_list_file_ordered_at ON list_file (ordered_at);

COMMENT ON COLUMN list_file.principal IS 'The position it was ordered in';

COMMENT ON COLUMN list_file.parameters IS 'The order''s body';

COMMENT ON COLUMN list_file.name IS 'Of the file, with its ending';
