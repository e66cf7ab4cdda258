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

CREATE TABLE application_correction (
    application_id UUID NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT pk_application_correction PRIMARY KEY (application_id, version),
    CONSTRAINT fk_application_correction_application_id_version FOREIGN KEY(application_id, version) REFERENCES application_history (application_id, version)
);

COMMENT ON COLUMN application_correction.version IS 'Of the application: the step that put it right';

COMMENT ON COLUMN application_correction.document IS 'What shows it, encrypted'
