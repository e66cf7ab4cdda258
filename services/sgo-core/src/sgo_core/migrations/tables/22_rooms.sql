CREATE TABLE room (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    building_id UUID,
    number TEXT NOT NULL,
    title TEXT,
    kind TEXT NOT NULL,
    capacity INTEGER,
    floor INTEGER,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_room PRIMARY KEY (id),
    CONSTRAINT ck_room_capacity CHECK (capacity BETWEEN 1 AND 2000),
    CONSTRAINT ck_room_floor CHECK (floor BETWEEN -3 AND 50),
    CONSTRAINT fk_room_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_room_building_id FOREIGN KEY(building_id) REFERENCES building (id)
);

CREATE INDEX ix_room_organization_id ON room (organization_id, id);

CREATE INDEX ix_room_building_id ON room (building_id);

CREATE UNIQUE INDEX uq_room_number ON room (organization_id, building_id, lower(number)) NULLS NOT DISTINCT WHERE active;

CREATE TRIGGER keep_history BEFORE UPDATE ON room FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');

-- A class has a room of its own: the table is younger than the classes.
ALTER TABLE study_group ADD CONSTRAINT fk_study_group_room_id FOREIGN KEY (room_id) REFERENCES room (id);
