CREATE TABLE placement (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    student_id uuid NOT NULL, recorded_as uuid, group_id uuid NOT NULL, grade integer, main boolean NOT NULL,
    valid_from date, valid_to date,
    CONSTRAINT pk_placement PRIMARY KEY (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_placement_group_id ON placement (organization_id, group_id);

CREATE INDEX ix_placement_student_id ON placement (student_id);

CREATE INDEX ix_placement_recorded_as ON placement (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE TABLE merged_student (
    student_id uuid CONSTRAINT pk_merged_student PRIMARY KEY, merged_into uuid, sequence text NOT NULL);

CREATE INDEX ix_merged_student_merged_into ON merged_student (merged_into) WHERE merged_into IS NOT NULL;

CREATE FUNCTION cards_of(child uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN array(SELECT m.student_id FROM merged_student AS m WHERE m.merged_into = child) || child;
END $$;

COMMENT ON FUNCTION cards_of(uuid) IS 'A child with the cards merged into it: what was seen of one of them was seen of the child';

CREATE TABLE student_name (
    student_id uuid CONSTRAINT pk_student_name PRIMARY KEY,
    last_name text NOT NULL, first_name text NOT NULL, middle_name text, sequence text NOT NULL);

CREATE TABLE guardianship (
    id uuid CONSTRAINT pk_guardianship PRIMARY KEY, guardian_id uuid NOT NULL, student_id uuid NOT NULL,
    may_see boolean NOT NULL, valid_from date NOT NULL, valid_to date, sequence text NOT NULL);

CREATE INDEX ix_guardianship_guardian_id ON guardianship (guardian_id, student_id)
