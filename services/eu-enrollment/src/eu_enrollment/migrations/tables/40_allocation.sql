CREATE TABLE allocation (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    run_id UUID NOT NULL,
    rules TEXT NOT NULL,
    mechanism TEXT NOT NULL,
    policy TEXT NOT NULL,
    seed TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    result_hash TEXT NOT NULL,
    applicants INTEGER NOT NULL,
    placed INTEGER NOT NULL,
    moved_up INTEGER NOT NULL,
    blocking INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_allocation PRIMARY KEY (id),
    CONSTRAINT ck_allocation_policy CHECK (policy IN ('rerun', 'fill')),
    CONSTRAINT fk_allocation_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
    CONSTRAINT uq_allocation_run_id UNIQUE (run_id)
);

CREATE INDEX ix_allocation_page ON allocation (campaign_id, id);

COMMENT ON COLUMN allocation.policy IS 'Whether places offered to families were allocated anew';

COMMENT ON COLUMN allocation.moved_up IS 'Of the placed: from a less wanted place they held';

COMMENT ON COLUMN allocation.blocking IS 'Families that could have had better: no stable result was found';

CREATE TABLE allocation_outcome (
    allocation_id UUID NOT NULL,
    application_id UUID NOT NULL,
    organization_id UUID,
    group_id UUID,
    rank SMALLINT,
    tie TEXT NOT NULL,
    line TEXT NOT NULL,
    passed_over JSONB NOT NULL,
    CONSTRAINT pk_allocation_outcome PRIMARY KEY (allocation_id, application_id),
    CONSTRAINT fk_allocation_outcome_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
    CONSTRAINT fk_allocation_outcome_application_id FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE INDEX ix_allocation_outcome_application_id ON allocation_outcome (application_id);

COMMENT ON COLUMN allocation_outcome.rank IS 'Which choice came true, from 1; null: none';

COMMENT ON COLUMN allocation_outcome.tie IS 'Tie key used: register number or lot';

COMMENT ON COLUMN allocation_outcome.line IS 'Name in the published document';

COMMENT ON COLUMN allocation_outcome.passed_over IS 'More wanted organizations: own right there, whether a group fits, the weakest key that got in, by block too';

CREATE TABLE allocation_document (
    allocation_id UUID NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    CONSTRAINT pk_allocation_document PRIMARY KEY (allocation_id),
    CONSTRAINT fk_allocation_document_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id)
);

COMMENT ON COLUMN allocation_document.sha256 IS 'Of the text';

COMMENT ON COLUMN allocation_document.size IS 'Of the text, bytes';

CREATE TABLE allocation_document_part (
    allocation_id UUID NOT NULL,
    part INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_allocation_document_part PRIMARY KEY (allocation_id, part),
    CONSTRAINT fk_allocation_document_part_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation_document (allocation_id)
);

ALTER TABLE allocation_document_part ALTER content SET STORAGE EXTERNAL;

COMMENT ON COLUMN allocation_document_part.part IS 'From 0';

COMMENT ON COLUMN allocation_document_part.content IS 'A part of the text compressed by gzip';
