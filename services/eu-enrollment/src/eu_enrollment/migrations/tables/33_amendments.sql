CREATE TABLE application_edition (
    application_id UUID NOT NULL,
    version INTEGER NOT NULL,
    payload TEXT NOT NULL,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_application_edition PRIMARY KEY (application_id, version),
    CONSTRAINT fk_application_edition_application_id FOREIGN KEY(application_id) REFERENCES application (id)
);

COMMENT ON COLUMN application_edition.version IS 'Of the application when it said so last';

COMMENT ON COLUMN application_edition.payload IS 'The body, encrypted';
