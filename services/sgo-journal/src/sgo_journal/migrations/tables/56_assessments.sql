CREATE TABLE assessment_limits (
    organization_id uuid CONSTRAINT pk_assessment_limits PRIMARY KEY, per_day integer NOT NULL, per_week integer,
    version integer NOT NULL,
    CONSTRAINT ck_assessment_limits_per_day CHECK (per_day BETWEEN 1 AND 10),
    CONSTRAINT ck_assessment_limits_per_week CHECK (per_week BETWEEN 1 AND 50));

CREATE TABLE assessment (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    lesson_id uuid NOT NULL, kind text NOT NULL, title text NOT NULL, level text NOT NULL,
    version integer NOT NULL, made_by uuid NOT NULL, made_at timestamptz NOT NULL, published_at timestamptz,
    CONSTRAINT pk_assessment PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT fk_assessment_lesson FOREIGN KEY (organization_id, academic_year, lesson_id)
        REFERENCES lesson (organization_id, academic_year, id),
    CONSTRAINT uq_assessment_lesson UNIQUE (organization_id, academic_year, lesson_id),
    CONSTRAINT ck_assessment_level CHECK (level IN ('organization', 'region', 'federal'))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_assessment_id ON assessment (id)
