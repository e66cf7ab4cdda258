CREATE TABLE municipality (
    oktmo TEXT NOT NULL,
    name TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_municipality PRIMARY KEY (oktmo)
);

CREATE TABLE governing_body (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    full_name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    municipality TEXT,
    address JSONB,
    phones JSONB,
    email TEXT,
    site TEXT,
    responsible JSONB NOT NULL,
    abolished_on DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_governing_body PRIMARY KEY (id),
    CONSTRAINT ck_governing_body_kind CHECK (kind IN ('ministry', 'department', 'municipality')),
    CONSTRAINT ck_governing_body_territory CHECK ((kind = 'municipality') = (municipality IS NOT NULL)),
    CONSTRAINT fk_governing_body_municipality FOREIGN KEY(municipality) REFERENCES municipality (oktmo)
);

CREATE UNIQUE INDEX uq_governing_body_municipality ON governing_body (municipality) WHERE abolished_on IS NULL;

CREATE UNIQUE INDEX uq_governing_body_ministry ON governing_body (kind) WHERE kind = 'ministry' AND abolished_on IS NULL;

CREATE TRIGGER keep_history BEFORE UPDATE ON governing_body FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

CREATE TABLE organization (
    id UUID NOT NULL,
    founder_id UUID,
    parent_id UUID,
    active BOOLEAN DEFAULT true NOT NULL,
    search_name TEXT NOT NULL,
    full_name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    legal_form TEXT,
    number TEXT,
    locality TEXT NOT NULL,
    settlement TEXT,
    legal_address JSONB NOT NULL,
    phones JSONB,
    email TEXT,
    site TEXT,
    inn TEXT NOT NULL,
    kpp TEXT,
    ogrn TEXT NOT NULL,
    okpo TEXT,
    okato TEXT,
    okogu TEXT,
    charter JSONB,
    video_surveillance BOOLEAN,
    networked_computers INTEGER,
    content_filter TEXT,
    link_speed NUMERIC(9, 2),
    municipality TEXT NOT NULL,
    oktmo TEXT,
    okfs TEXT,
    licence JSONB,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_organization PRIMARY KEY (id),
    CONSTRAINT ck_organization_kind CHECK (kind IN ('school', 'preschool', 'additional')),
    CONSTRAINT ck_organization_locality CHECK (locality IN ('urban', 'rural')),
    CONSTRAINT ck_organization_numbers CHECK ((length(ogrn) = 15) = (length(inn) = 12)),
    CONSTRAINT ck_organization_not_own_branch CHECK (parent_id <> id),
    CONSTRAINT fk_organization_founder_id FOREIGN KEY(founder_id) REFERENCES governing_body (id),
    CONSTRAINT fk_organization_parent_id FOREIGN KEY(parent_id) REFERENCES organization (id),
    CONSTRAINT fk_organization_municipality FOREIGN KEY(municipality) REFERENCES municipality (oktmo)
);

CREATE INDEX ix_organization_founder_id ON organization (founder_id, id);

CREATE INDEX ix_organization_parent_id ON organization (parent_id);

CREATE INDEX ix_organization_municipality ON organization (municipality, id);

CREATE INDEX ix_organization_search_name ON organization USING gin (search_name gin_trgm_ops);

-- A branch shares the numbers of the organization it belongs to.
CREATE UNIQUE INDEX uq_organization_ogrn ON organization (ogrn) WHERE parent_id IS NULL;

CREATE TRIGGER keep_history BEFORE UPDATE ON organization FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');
