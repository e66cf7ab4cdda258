CREATE TABLE feed (
    id uuid CONSTRAINT pk_feed PRIMARY KEY, secret_hash bytea NOT NULL, owner_id uuid NOT NULL, role text NOT NULL,
    student_id uuid, organization_id uuid, label text, homework boolean NOT NULL,
    version integer NOT NULL, made_at timestamptz NOT NULL, read_on date,
    CONSTRAINT ck_feed_role CHECK (role IN ('guardian', 'student', 'teacher')),
    CONSTRAINT ck_feed_student CHECK ((role = 'teacher') = (student_id IS NULL)),
    CONSTRAINT ck_feed_organization CHECK ((role = 'teacher') = (organization_id IS NOT NULL)),
    CONSTRAINT ck_feed_secret_hash CHECK (octet_length(secret_hash) = 32));

CREATE UNIQUE INDEX uq_feed_secret_hash ON feed (secret_hash);

CREATE INDEX ix_feed_owner_id ON feed (owner_id, id);

CREATE TABLE feed_reading (
    day date NOT NULL, feed_id uuid NOT NULL, role text NOT NULL, student_id uuid, organization_id uuid, read_at timestamptz NOT NULL,
    CONSTRAINT pk_feed_reading PRIMARY KEY (day, feed_id));

COMMENT ON TABLE feed_reading IS 'Which calendars were read on a day, until they are on record as outward exchanges'
