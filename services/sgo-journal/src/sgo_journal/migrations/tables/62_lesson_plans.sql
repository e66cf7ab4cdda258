CREATE TABLE lesson_plan (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    plan_id uuid NOT NULL, topic_id uuid NOT NULL, number smallint NOT NULL,
    goals text NOT NULL, equipment text, pages text, stages jsonb NOT NULL,
    version integer NOT NULL, changed_by uuid NOT NULL, changed_at timestamptz NOT NULL,
    CONSTRAINT pk_lesson_plan PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_lesson_plan_number UNIQUE (organization_id, academic_year, topic_id, number),
    CONSTRAINT fk_lesson_plan_plan FOREIGN KEY (organization_id, academic_year, plan_id)
        REFERENCES plan (organization_id, academic_year, id),
    CONSTRAINT fk_lesson_plan_plan_topic FOREIGN KEY (organization_id, academic_year, topic_id)
        REFERENCES plan_topic (organization_id, academic_year, id),
    CONSTRAINT ck_lesson_plan_number CHECK (number BETWEEN 1 AND 200)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_lesson_plan_plan_id ON lesson_plan (organization_id, academic_year, plan_id, id)
