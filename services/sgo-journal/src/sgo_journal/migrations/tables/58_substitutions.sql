CREATE TABLE absence (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    teacher_id uuid NOT NULL, valid_from date NOT NULL, valid_to date NOT NULL, numbers smallint[],
    reason text NOT NULL, order_number text, order_date date, version integer NOT NULL,
    made_by uuid NOT NULL, made_at timestamptz NOT NULL, withdrawn_by uuid, withdrawn_at timestamptz,
    CONSTRAINT pk_absence PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_absence_interval CHECK (valid_from < valid_to),
    CONSTRAINT ck_absence_numbers CHECK (cardinality(numbers) > 0),
    CONSTRAINT ck_absence_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_absence_id ON absence (id);

CREATE INDEX ix_absence_valid_to ON absence (organization_id, academic_year, valid_to);

CREATE TABLE substitution (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    absence_id uuid NOT NULL, lesson_id uuid NOT NULL, kind text NOT NULL,
    own_teacher_id uuid NOT NULL, own_room_id uuid, was_by_hand boolean NOT NULL, teacher_id uuid,
    arranged_by uuid NOT NULL, arranged_at timestamptz NOT NULL, ended_by uuid, ended_at timestamptz,
    CONSTRAINT pk_substitution PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_substitution_absence FOREIGN KEY (organization_id, academic_year, absence_id)
        REFERENCES absence (organization_id, academic_year, id),
    CONSTRAINT fk_substitution_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
        REFERENCES lesson (organization_id, academic_year, id),
    CONSTRAINT ck_substitution_kind CHECK (kind IN ('subject', 'other', 'combined', 'cancelled')),
    CONSTRAINT ck_substitution_teacher CHECK ((kind = 'cancelled') = (teacher_id IS NULL) AND teacher_id IS DISTINCT FROM own_teacher_id),
    CONSTRAINT ck_substitution_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL))) PARTITION BY LIST (academic_year);

CREATE UNIQUE INDEX uq_substitution_lesson ON substitution (organization_id, academic_year, lesson_id) WHERE ended_at IS NULL;

CREATE INDEX ix_substitution_absence_id ON substitution (organization_id, academic_year, absence_id)
