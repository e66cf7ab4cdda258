CREATE TABLE territory_act (
    id UUID NOT NULL,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    valid_from DATE NOT NULL,
    edition INTEGER NOT NULL,
    valid_to DATE,
    authority TEXT NOT NULL,
    title TEXT NOT NULL,
    number TEXT NOT NULL,
    issued_on DATE NOT NULL,
    url TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    CONSTRAINT pk_territory_act PRIMARY KEY (id),
    CONSTRAINT uq_territory_act_municipality_kind_valid_from_edition UNIQUE (municipality, kind, valid_from, edition),
    CONSTRAINT ck_territory_act_kind CHECK (kind IN ('school', 'preschool')),
    CONSTRAINT ck_territory_act_validity CHECK (valid_to > valid_from),
    CONSTRAINT ck_territory_act_municipality CHECK (municipality ~ '^[0-9]{8}$')
);

COMMENT ON COLUMN territory_act.edition IS 'Of the acts valid from one day the last one stands';

COMMENT ON COLUMN territory_act.valid_to IS 'Exclusive; null: until the next act';

COMMENT ON COLUMN territory_act.url IS 'Where the act itself is published';

CREATE TABLE territory_place (
    id UUID NOT NULL,
    municipality TEXT NOT NULL,
    settlement TEXT NOT NULL,
    street TEXT,
    settlement_type TEXT NOT NULL,
    settlement_words TEXT NOT NULL,
    street_type TEXT NOT NULL,
    street_words TEXT NOT NULL,
    search_text TEXT NOT NULL,
    gar_id UUID,
    CONSTRAINT pk_territory_place PRIMARY KEY (id),
    CONSTRAINT uq_territory_place_name UNIQUE (municipality, settlement_words, settlement_type, street_words, street_type),
    CONSTRAINT uq_territory_place_gar_id UNIQUE (gar_id),
    CONSTRAINT ck_territory_place_street CHECK ((street IS NULL) = (street_words = ''))
);

CREATE INDEX ix_territory_place_search_text ON territory_place USING gin (search_text gin_trgm_ops);

COMMENT ON COLUMN territory_place.street IS 'Null: the settlement as a whole';

COMMENT ON COLUMN territory_place.search_text IS 'Words of both names, each after a space';

COMMENT ON COLUMN territory_place.gar_id IS 'Of the street, or of the settlement where there is none';

CREATE TABLE territory_line (
    act_id UUID NOT NULL,
    number INTEGER NOT NULL,
    organization_id UUID NOT NULL,
    place_id UUID NOT NULL,
    houses TEXT NOT NULL,
    house_gar_id UUID,
    shared BOOLEAN NOT NULL,
    CONSTRAINT pk_territory_line PRIMARY KEY (act_id, number),
    CONSTRAINT ck_territory_line_number CHECK (number > 0),
    CONSTRAINT fk_territory_line_act_id FOREIGN KEY(act_id) REFERENCES territory_act (id),
    CONSTRAINT fk_territory_line_place_id FOREIGN KEY(place_id) REFERENCES territory_place (id)
);

CREATE INDEX ix_territory_line_place_id ON territory_line (place_id, act_id);

CREATE INDEX ix_territory_line_organization_id ON territory_line (organization_id, act_id);

CREATE INDEX ix_territory_line_house_gar_id ON territory_line (house_gar_id) WHERE house_gar_id IS NOT NULL;

COMMENT ON COLUMN territory_line.house_gar_id IS 'Where the line is of one house';

COMMENT ON COLUMN territory_line.shared IS 'Other organizations may have the same houses';
