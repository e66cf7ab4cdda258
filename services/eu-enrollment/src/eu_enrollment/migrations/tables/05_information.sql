CREATE TABLE organization_card (
    id UUID NOT NULL,
    address TEXT,
    phones JSONB NOT NULL,
    email TEXT,
    site TEXT,
    licence JSONB,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sequence TEXT NOT NULL,
    CONSTRAINT pk_organization_card PRIMARY KEY (id)
);

CREATE TABLE group_card (
    id UUID NOT NULL,
    programme_id UUID,
    class_type TEXT,
    profile TEXT,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sequence TEXT NOT NULL,
    CONSTRAINT pk_group_card PRIMARY KEY (id)
);

CREATE INDEX ix_group_card_programme_id ON group_card (programme_id);

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
    active BOOLEAN NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sequence TEXT NOT NULL,
    CONSTRAINT pk_programme PRIMARY KEY (id)
);

CREATE INDEX ix_programme_organization_id ON programme (organization_id);

CREATE TABLE governing_body (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    full_name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    municipality TEXT,
    address TEXT,
    phones JSONB NOT NULL,
    email TEXT,
    site TEXT,
    abolished_on DATE,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sequence TEXT NOT NULL,
    CONSTRAINT pk_governing_body PRIMARY KEY (id)
);

CREATE INDEX ix_governing_body_municipality ON governing_body (municipality);
