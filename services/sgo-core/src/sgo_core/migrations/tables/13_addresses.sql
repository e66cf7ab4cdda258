CREATE TABLE address_object (
    id UUID NOT NULL,
    gar_id UUID,
    parent_id UUID,
    level TEXT NOT NULL,
    type_name TEXT NOT NULL,
    name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    search_text TEXT NOT NULL,
    full_text TEXT NOT NULL,
    postal_code TEXT,
    oktmo TEXT,
    valid_from DATE,
    valid_to DATE,
    CONSTRAINT pk_address_object PRIMARY KEY (id),
    CONSTRAINT fk_address_object_parent_id FOREIGN KEY(parent_id) REFERENCES address_object (id),
    CONSTRAINT ck_address_object_level CHECK (level IN ('region', 'district', 'settlement', 'street', 'house'))
);

CREATE UNIQUE INDEX uq_address_object_gar_id ON address_object (gar_id);

CREATE UNIQUE INDEX uq_address_object_name ON address_object (coalesce(parent_id, id), level, search_name, lower(type_name)) WHERE valid_to IS NULL AND gar_id IS NULL;

CREATE INDEX ix_address_object_parent_id ON address_object (parent_id, search_name text_pattern_ops);

-- Houses are looked for inside a street, so that what is typed is compared with streets and settlements alone.
CREATE INDEX ix_address_object_search_text ON address_object USING gin (search_text gin_trgm_ops) WHERE level <> 'house' AND valid_to IS NULL;

CREATE TABLE address_gathering (
    relation TEXT NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_id UUID NOT NULL,
    CONSTRAINT pk_address_gathering PRIMARY KEY (relation)
);
