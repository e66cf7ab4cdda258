CREATE TABLE teaching_group (
    id uuid CONSTRAINT pk_teaching_group PRIMARY KEY, organization_id uuid NOT NULL, academic_year integer NOT NULL,
    kind text NOT NULL, name text NOT NULL, division_id uuid, group_id uuid, grade_from integer, grade_to integer,
    subject_ids uuid[] NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL, active boolean NOT NULL, sequence text NOT NULL);

CREATE INDEX ix_teaching_group_organization_id ON teaching_group (organization_id, academic_year, id);

CREATE INDEX ix_teaching_group_group_id ON teaching_group (group_id);

CREATE TABLE teaching_group_stay (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    teaching_group_id uuid NOT NULL, student_id uuid NOT NULL, recorded_as uuid, valid_from date NOT NULL, valid_to date,
    CONSTRAINT pk_teaching_group_stay PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_teaching_group_stay_student UNIQUE NULLS NOT DISTINCT
    (organization_id, academic_year, teaching_group_id, student_id, recorded_as, valid_from)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_teaching_group_stay_student_id ON teaching_group_stay (student_id);

CREATE INDEX ix_teaching_group_stay_recorded_as ON teaching_group_stay (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE TABLE study_form (
    id uuid CONSTRAINT pk_study_form PRIMARY KEY, organization_id uuid NOT NULL, student_id uuid NOT NULL, recorded_as uuid,
    kind text NOT NULL, valid_from date NOT NULL, valid_to date, sequence text NOT NULL);

CREATE INDEX ix_study_form_student_id ON study_form (student_id);

CREATE INDEX ix_study_form_recorded_as ON study_form (recorded_as) WHERE recorded_as IS NOT NULL;

-- Who is taught with whom: stays in classes and groups, and in the groups that are taught beside them.
CREATE VIEW roster_stay AS
    SELECT organization_id, academic_year, group_id AS learners_id, student_id, valid_from, valid_to
    FROM placement WHERE valid_from IS NOT NULL AND (valid_to IS NULL OR valid_to > valid_from)
    UNION ALL
    SELECT organization_id, academic_year, teaching_group_id, student_id, valid_from, valid_to
    FROM teaching_group_stay WHERE valid_to IS NULL OR valid_to > valid_from
