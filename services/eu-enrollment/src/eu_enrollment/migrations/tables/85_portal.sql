CREATE TABLE portal_reading (
    id UUID NOT NULL,
    client TEXT NOT NULL,
    day DATE NOT NULL,
    steps INTEGER NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_portal_reading PRIMARY KEY (id),
    CONSTRAINT ck_portal_reading_steps CHECK (steps > 0)
);

COMMENT ON TABLE portal_reading IS 'Steps of applications a portal has read on a day: a row each time, summed up each hour until on record as an outward exchange';
