CREATE TABLE draft (
    id UUID NOT NULL,
    client TEXT NOT NULL,
    campaign_id UUID NOT NULL,
    closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    remarks JSONB NOT NULL,
    prepared JSONB,
    judged_on DATE NOT NULL,
    application_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (id),
    CONSTRAINT ck_draft_ready CHECK ((prepared IS NULL) = (remarks <> '[]'::jsonb)),
    CONSTRAINT fk_draft_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

CREATE INDEX ix_draft_client ON draft (client, id);

CREATE INDEX ix_draft_closes_at ON draft (closes_at);

COMMENT ON COLUMN draft.id IS 'Of the application too, once it is sent';

COMMENT ON COLUMN draft.client IS 'Account or machine client that keeps it';

COMMENT ON COLUMN draft.closes_at IS 'Of the campaign; some time later it is forgotten';

COMMENT ON COLUMN draft.body IS 'As it was sent in, encrypted';

COMMENT ON COLUMN draft.remarks IS 'What is wrong with it: pointers, codes, titles; no values';

COMMENT ON COLUMN draft.prepared IS 'What is entered in the register; null while there are remarks';

COMMENT ON COLUMN draft.judged_on IS 'The day it was judged for; later days judge anew';

COMMENT ON COLUMN draft.application_id IS 'Another application of the same child and content that stands for it';
