CREATE TABLE plan (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    grade smallint, subject_id uuid, title text NOT NULL, author_id uuid NOT NULL, textbooks jsonb NOT NULL,
    state text NOT NULL, approved_by uuid, approved_at timestamptz, version integer NOT NULL, created_at timestamptz NOT NULL,
    removed_version integer NOT NULL,
    CONSTRAINT pk_plan PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_plan_grade CHECK (grade BETWEEN 0 AND 12),
    CONSTRAINT ck_plan_state CHECK (state IN ('draft', 'approved')),
    CONSTRAINT ck_plan_approved CHECK (
        (state = 'approved') = (approved_by IS NOT NULL) AND (approved_by IS NULL) = (approved_at IS NULL))
    ) PARTITION BY LIST (academic_year);

CREATE INDEX ix_plan_id ON plan (id);

CREATE TABLE plan_section (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    plan_id uuid NOT NULL, number smallint NOT NULL, title text,
    CONSTRAINT pk_plan_section PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_plan_section_plan FOREIGN KEY (organization_id, academic_year, plan_id)
        REFERENCES plan (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_plan_section_plan_id ON plan_section (organization_id, academic_year, plan_id);

CREATE TABLE plan_topic (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    plan_id uuid NOT NULL, section_id uuid NOT NULL, number smallint NOT NULL,
    title text NOT NULL, hours smallint NOT NULL, planned_on date, homework text, note text,
    CONSTRAINT pk_plan_topic PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_plan_topic_plan FOREIGN KEY (organization_id, academic_year, plan_id)
        REFERENCES plan (organization_id, academic_year, id),
    CONSTRAINT fk_plan_topic_plan_section FOREIGN KEY (organization_id, academic_year, section_id)
        REFERENCES plan_section (organization_id, academic_year, id),
    CONSTRAINT ck_plan_topic_hours CHECK (hours BETWEEN 1 AND 200)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_plan_topic_plan_id ON plan_topic (organization_id, academic_year, plan_id);

CREATE INDEX ix_plan_topic_section_id ON plan_topic (organization_id, academic_year, section_id);

CREATE TABLE journal_plan (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    plan_id uuid, version integer NOT NULL,
    CONSTRAINT pk_journal_plan PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_journal_plan_journal FOREIGN KEY (organization_id, academic_year, id)
        REFERENCES journal (organization_id, academic_year, id),
    CONSTRAINT fk_journal_plan_plan FOREIGN KEY (organization_id, academic_year, plan_id)
        REFERENCES plan (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_journal_plan_plan_id ON journal_plan (organization_id, academic_year, plan_id);

ALTER TABLE lesson ADD CONSTRAINT fk_lesson_plan_topic FOREIGN KEY (organization_id, academic_year, topic_id)
    REFERENCES plan_topic (organization_id, academic_year, id);

CREATE INDEX ix_lesson_topic_id ON lesson (organization_id, academic_year, topic_id) WHERE topic_id IS NOT NULL
