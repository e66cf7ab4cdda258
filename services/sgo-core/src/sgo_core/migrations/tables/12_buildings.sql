CREATE TABLE building (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    address JSONB NOT NULL,
    area NUMERIC(9, 2),
    capacity INTEGER,
    built_in INTEGER,
    tenure TEXT NOT NULL,
    tenure_document TEXT,
    accessibility TEXT,
    lessons BOOLEAN NOT NULL,
    used_from DATE NOT NULL,
    used_to DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_building PRIMARY KEY (id),
    CONSTRAINT fk_building_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_building_purpose CHECK (purpose IN ('academic', 'preschool', 'boarding', 'sport', 'canteen', 'workshop', 'administrative', 'other')),
    CONSTRAINT ck_building_tenure CHECK (tenure IN ('operational', 'own', 'rent', 'free_use')),
    CONSTRAINT ck_building_accessibility CHECK (accessibility IN ('full', 'partial', 'none')),
    CONSTRAINT ck_building_area CHECK (area > 0),
    CONSTRAINT ck_building_capacity CHECK (capacity > 0),
    CONSTRAINT ck_building_built_in CHECK (built_in BETWEEN 1600 AND 2100),
    CONSTRAINT ck_building_interval CHECK (used_to >= used_from)
);

CREATE INDEX ix_building_organization_id ON building (organization_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON building FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');
