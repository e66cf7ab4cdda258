CREATE TABLE class_event (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    kind text NOT NULL, title text NOT NULL, learners_ids uuid[] NOT NULL,
    starts_on date NOT NULL, ends_on date NOT NULL, starts_at time, ends_at time,
    place text, room_id uuid, responsible_id uuid NOT NULL, note text, state text NOT NULL,
    version integer NOT NULL, made_by uuid NOT NULL, made_at timestamptz NOT NULL,
    CONSTRAINT pk_class_event PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_class_event_kind CHECK (kind IN ('class_hour', 'meeting', 'excursion', 'contest', 'trip', 'extracurricular', 'other')),
    CONSTRAINT ck_class_event_learners CHECK (cardinality(learners_ids) > 0),
    CONSTRAINT ck_class_event_days CHECK (starts_on <= ends_on),
    CONSTRAINT ck_class_event_times CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND (starts_on < ends_on OR starts_at < ends_at)),
    CONSTRAINT ck_class_event_state CHECK (state IN ('planned', 'cancelled'))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_class_event_id ON class_event (id);

CREATE INDEX ix_class_event_starts_on ON class_event (organization_id, starts_on, id);

CREATE TABLE class_event_change (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    event_id uuid NOT NULL, action text NOT NULL, old jsonb NOT NULL, new jsonb NOT NULL,
    changed_by uuid NOT NULL, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_class_event_change PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_class_event_change_class_event FOREIGN KEY (organization_id, academic_year, event_id)
        REFERENCES class_event (organization_id, academic_year, id),
    CONSTRAINT ck_class_event_change_action CHECK (action IN ('planned', 'changed', 'cancelled'))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_class_event_change_event_id ON class_event_change (organization_id, academic_year, event_id, id)
