CREATE TABLE notification_told (
    application_id UUID NOT NULL,
    version INTEGER NOT NULL,
    means TEXT NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_by TEXT NOT NULL,
    CONSTRAINT pk_notification_told PRIMARY KEY (application_id, version, means),
    CONSTRAINT fk_notification_told_application_id_version FOREIGN KEY(application_id, version) REFERENCES application_history (application_id, version),
    CONSTRAINT ck_notification_told_means CHECK (means IN ('portal', 'email', 'phone', 'paper'))
);

COMMENT ON COLUMN notification_told.version IS 'Of the application: the step that is told';

COMMENT ON COLUMN notification_told.told_by IS 'Account or machine client';
