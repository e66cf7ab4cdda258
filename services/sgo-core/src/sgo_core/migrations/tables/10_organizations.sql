CREATE TABLE municipality (
    oktmo TEXT NOT NULL,
    name TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_municipality PRIMARY KEY (oktmo)
);

CREATE TABLE organization (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    full_name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    municipality TEXT NOT NULL,
    locality TEXT NOT NULL,
    founder_id UUID,
    inn TEXT NOT NULL,
    ogrn TEXT NOT NULL,
    address TEXT NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_organization PRIMARY KEY (id),
    CONSTRAINT ck_organization_kind CHECK (kind IN ('school', 'preschool')),
    CONSTRAINT ck_organization_locality CHECK (locality IN ('urban', 'rural')),
    CONSTRAINT fk_organization_municipality FOREIGN KEY(municipality) REFERENCES municipality (oktmo)
);

CREATE INDEX ix_organization_founder_id ON organization (founder_id, id);

CREATE INDEX ix_organization_municipality ON organization (municipality, id);

CREATE UNIQUE INDEX uq_organization_ogrn ON organization (ogrn);
