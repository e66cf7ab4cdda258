CREATE TABLE diary_visit (
    student_id uuid NOT NULL, reader_id uuid NOT NULL, visited_at timestamptz NOT NULL,
    CONSTRAINT pk_diary_visit PRIMARY KEY (student_id, reader_id));

CREATE TABLE diary_acknowledgement (
    student_id uuid NOT NULL, week date NOT NULL, guardian_id uuid NOT NULL, acknowledged_at timestamptz NOT NULL,
    CONSTRAINT pk_diary_acknowledgement PRIMARY KEY (student_id, week, guardian_id),
    CONSTRAINT ck_diary_acknowledgement_week CHECK (extract(isodow FROM week) = 1))
