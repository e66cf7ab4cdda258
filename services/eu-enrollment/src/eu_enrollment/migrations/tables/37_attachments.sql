CREATE TABLE attachment (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    client TEXT NOT NULL,
    kind TEXT NOT NULL,
    benefit TEXT,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BYTEA NOT NULL,
    uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_attachment PRIMARY KEY (id),
    CONSTRAINT ck_attachment_benefit CHECK ((kind = 'benefit') = (benefit IS NOT NULL))
);

CREATE INDEX ix_attachment_application_id ON attachment (application_id, id);

CREATE INDEX ix_attachment_removed_at ON attachment (removed_at) WHERE removed_at IS NOT NULL;

COMMENT ON COLUMN attachment.application_id IS 'Of the draft or of the application';

COMMENT ON COLUMN attachment.client IS 'Account or machine client that sent it';

COMMENT ON COLUMN attachment.benefit IS 'Category of the rules that it shows';

COMMENT ON COLUMN attachment.media_type IS 'By its content';

COMMENT ON COLUMN attachment.removed_at IS 'Nobody reads it any more; the file goes soon after';
