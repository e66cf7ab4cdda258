CREATE TABLE portal_reading (
    client TEXT NOT NULL,
    day DATE NOT NULL,
    steps INTEGER NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_portal_reading PRIMARY KEY (client, day),
    CONSTRAINT ck_portal_reading_steps CHECK (steps > 0)
);

COMMENT ON TABLE portal_reading IS 'How many steps of applications a portal has read on a day, until they are on record as an outward exchange';
