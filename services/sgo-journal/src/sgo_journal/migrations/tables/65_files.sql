CREATE TABLE upload (
    id uuid CONSTRAINT pk_upload PRIMARY KEY, account_id text NOT NULL, name text NOT NULL, media_type text NOT NULL,
    size integer NOT NULL, sha256 bytea NOT NULL, uploaded_at timestamptz NOT NULL,
    CONSTRAINT ck_upload_size CHECK (size > 0));

CREATE INDEX ix_upload_uploaded_at ON upload (uploaded_at);

CREATE INDEX ix_upload_account_id ON upload (account_id);

CREATE TABLE attached_file (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    owner_id uuid NOT NULL, name text NOT NULL, media_type text NOT NULL, size integer NOT NULL, sha256 bytea NOT NULL,
    attached_at timestamptz NOT NULL, attached_by uuid NOT NULL,
    CONSTRAINT pk_attached_file PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_attached_file_size CHECK (size > 0)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_attached_file_id ON attached_file (id);

CREATE INDEX ix_attached_file_owner_id ON attached_file (organization_id, academic_year, owner_id)
