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

CREATE INDEX ix_lesson_switch_id ON lesson (organization_id, academic_year, switch_id) WHERE switch_id IS NOT NULL
