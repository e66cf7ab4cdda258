CREATE TABLE programme (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    title TEXT NOT NULL,
    orientation TEXT NOT NULL,
    age_from INTEGER NOT NULL,
    age_to INTEGER NOT NULL,
    hours INTEGER NOT NULL,
    duration_months INTEGER NOT NULL,
    funding TEXT NOT NULL,
    adapted BOOLEAN NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_programme PRIMARY KEY (id),
    CONSTRAINT uq_programme_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ck_programme_orientation CHECK (orientation IN ('technical', 'science', 'sports', 'arts', 'tourism', 'social')),
    CONSTRAINT ck_programme_ages CHECK (age_from >= 1 AND age_from <= age_to AND age_to <= 99),
    CONSTRAINT ck_programme_hours CHECK (hours > 0),
    CONSTRAINT ck_programme_duration CHECK (duration_months > 0),
    CONSTRAINT ck_programme_funding CHECK (funding IN ('budget', 'certificate', 'paid')),
    CONSTRAINT fk_programme_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);

CREATE UNIQUE INDEX uq_programme_title ON programme (organization_id, lower(title)) WHERE active;

CREATE TRIGGER keep_history BEFORE UPDATE ON programme FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

ALTER TABLE study_group ADD CONSTRAINT fk_study_group_programme FOREIGN KEY(organization_id, programme_id) REFERENCES programme (organization_id, id);
