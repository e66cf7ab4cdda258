CREATE TABLE bulk_action (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    action TEXT NOT NULL,
    parameters JSONB NOT NULL,
    account_id TEXT NOT NULL,
    principal JSONB NOT NULL,
    shown_at TIMESTAMP WITH TIME ZONE NOT NULL,
    run_id UUID,
    CONSTRAINT pk_bulk_action PRIMARY KEY (id),
    CONSTRAINT fk_bulk_action_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
    CONSTRAINT uq_bulk_action_run_id UNIQUE (run_id)
);

CREATE INDEX ix_bulk_action_page ON bulk_action (account_id, id);

COMMENT ON COLUMN bulk_action.id IS 'The token of what was shown';

COMMENT ON COLUMN bulk_action.principal IS 'The position it is carried out in';

COMMENT ON COLUMN bulk_action.run_id IS 'Set once it is carried out';

CREATE TABLE bulk_item (
    bulk_id UUID NOT NULL,
    application_id UUID NOT NULL,
    number TEXT NOT NULL,
    version INTEGER NOT NULL,
    allowed BOOLEAN NOT NULL,
    done BOOLEAN,
    code TEXT,
    title TEXT,
    CONSTRAINT pk_bulk_item PRIMARY KEY (bulk_id, application_id),
    CONSTRAINT ck_bulk_item_allowed CHECK (allowed OR done IS NULL),
    CONSTRAINT ck_bulk_item_refusal CHECK ((code IS NULL) = (title IS NULL)),
    CONSTRAINT fk_bulk_item_bulk_id FOREIGN KEY(bulk_id) REFERENCES bulk_action (id),
    CONSTRAINT fk_bulk_item_application_id FOREIGN KEY(application_id) REFERENCES application (id)
);

COMMENT ON COLUMN bulk_item.version IS 'Of the application as shown';

COMMENT ON COLUMN bulk_item.done IS 'Null until its turn comes';

COMMENT ON COLUMN bulk_item.code IS 'Why it is refused';

COMMENT ON COLUMN bulk_item.title IS 'The same in words';
