CREATE TABLE upload (
    id UUID NOT NULL,
    account_id TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BYTEA NOT NULL,
    uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_upload PRIMARY KEY (id),
    CONSTRAINT ck_upload_media_type CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    CONSTRAINT ck_upload_size CHECK (size > 0)
);

CREATE INDEX ix_upload_uploaded_at ON upload (uploaded_at);

CREATE TABLE attachment (
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    kind TEXT NOT NULL,
    field TEXT,
    consent_id UUID,
    order_id UUID,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BYTEA NOT NULL,
    attached_at TIMESTAMP WITH TIME ZONE NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE,
    removed_at TIMESTAMP WITH TIME ZONE,
    erased_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_attachment PRIMARY KEY (id),
    CONSTRAINT fk_attachment_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_attachment_order_id FOREIGN KEY(order_id) REFERENCES movement_order (id),
    CONSTRAINT ck_attachment_subject_kind CHECK (subject_kind IN ('student', 'guardian', 'worker', 'organization')),
    CONSTRAINT ck_attachment_record CHECK (num_nonnulls(consent_id, order_id) <= 1),
    CONSTRAINT ck_attachment_erased CHECK (erased_at IS NULL OR removed_at IS NOT NULL)
);

CREATE INDEX ix_attachment_subject_id ON attachment (subject_id, id);

CREATE INDEX ix_attachment_pending ON attachment (id) WHERE stored_at IS NULL AND erased_at IS NULL;

CREATE INDEX ix_attachment_removed ON attachment (removed_at) WHERE erased_at IS NULL;

CREATE TRIGGER keep_history BEFORE UPDATE ON attachment FOR EACH ROW EXECUTE FUNCTION keep_history('{subject_id}', '{stored_at}');
