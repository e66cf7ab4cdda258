CREATE TABLE worker (
    id uuid CONSTRAINT pk_worker PRIMARY KEY, last_name text NOT NULL, first_name text NOT NULL, middle_name text,
    teaches_in uuid[] NOT NULL, sequence text NOT NULL);

CREATE INDEX ix_worker_teaches_in ON worker USING gin (teaches_in);

CREATE TABLE group_teacher (
    id uuid CONSTRAINT pk_group_teacher PRIMARY KEY, organization_id uuid NOT NULL, group_id uuid NOT NULL,
    worker_id uuid NOT NULL, role text NOT NULL, valid_from date NOT NULL, valid_to date, sequence text NOT NULL);

CREATE INDEX ix_group_teacher_worker_id ON group_teacher (worker_id, group_id);

CREATE INDEX ix_group_teacher_group_id ON group_teacher (group_id)
