CREATE TABLE switch (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    kind text NOT NULL, effect text NOT NULL, valid_from date NOT NULL, valid_to date NOT NULL,
    learners_ids uuid[], grades smallint[], reason text NOT NULL, order_number text,
    lessons integer NOT NULL, version integer NOT NULL,
    made_by uuid NOT NULL, made_at timestamptz NOT NULL, undone_by uuid, undone_at timestamptz,
    CONSTRAINT pk_switch PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_switch_kind CHECK (kind IN ('quarantine', 'weather', 'remote', 'other')),
    CONSTRAINT ck_switch_effect CHECK (effect IN ('cancel', 'remote')),
    CONSTRAINT ck_switch_interval CHECK (valid_from < valid_to),
    CONSTRAINT ck_switch_whom CHECK (learners_ids IS NULL OR grades IS NULL),
    CONSTRAINT ck_switch_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_switch_id ON switch (id);

CREATE INDEX ix_switch_valid_to ON switch (organization_id, academic_year, valid_to) WHERE undone_at IS NULL;

CREATE TABLE switched_lesson (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    switch_id uuid NOT NULL, lesson_id uuid NOT NULL, own_note text,
    CONSTRAINT pk_switched_lesson PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_switched_lesson_switch FOREIGN KEY (organization_id, academic_year, switch_id)
        REFERENCES switch (organization_id, academic_year, id),
    CONSTRAINT fk_switched_lesson_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
        REFERENCES lesson (organization_id, academic_year, id),
    CONSTRAINT uq_switched_lesson_switch UNIQUE (organization_id, academic_year, lesson_id, switch_id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_switched_lesson_switch_id ON switched_lesson (organization_id, academic_year, switch_id)
