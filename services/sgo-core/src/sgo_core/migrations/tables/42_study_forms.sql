CREATE TABLE study_form (
    id UUID NOT NULL,
    student_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    kind TEXT NOT NULL,
    place_kind TEXT,
    place TEXT,
    basis TEXT,
    order_number TEXT NOT NULL,
    order_date DATE NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    told_version INTEGER DEFAULT 0 NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_study_form PRIMARY KEY (id),
    CONSTRAINT ck_study_form_kind CHECK (kind IN ('full_time', 'part_time', 'extramural', 'at_home', 'family', 'self_education', 'external', 'individual_plan', 'network', 'temporary_stay')),
    CONSTRAINT ck_study_form_place CHECK ((kind IN ('network', 'temporary_stay')) = (place IS NOT NULL)),
    CONSTRAINT ck_study_form_place_kind CHECK ((kind = 'temporary_stay') = (place_kind IS NOT NULL) AND place_kind IN ('hospital', 'sanatorium', 'organization', 'other')),
    CONSTRAINT ck_study_form_interval CHECK (valid_to >= valid_from),
    CONSTRAINT fk_study_form_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_study_form_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_study_form_membership_id FOREIGN KEY(membership_id) REFERENCES membership (id),
    CONSTRAINT ex_study_form_one_form EXCLUDE USING gist (student_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (kind IN ('full_time', 'part_time', 'extramural', 'at_home', 'family', 'self_education', 'external')),
    CONSTRAINT ex_study_form_once EXCLUDE USING gist (student_id WITH =, kind WITH =, daterange(valid_from, valid_to) WITH &&)
);

CREATE INDEX ix_study_form_organization_id ON study_form (organization_id, id);

CREATE INDEX ix_study_form_student_id ON study_form (student_id);

CREATE INDEX ix_study_form_membership_id ON study_form (membership_id);

CREATE INDEX ix_study_form_untold ON study_form (id) WHERE told_version < version;

CREATE TRIGGER keep_history BEFORE UPDATE ON study_form FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id}', '{told_version}');

-- A form of study ends with the stay in the organization that gave it, by whatever way the stay ends. A job tells of it.
CREATE FUNCTION end_study_forms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH ending AS (
        SELECT form.id, form.valid_to, rest.id AS stay_id, greatest(form.valid_from, rest.valid_to) AS ended_on
        FROM ended_rows AS rest JOIN study_form AS form ON form.membership_id = rest.id
        WHERE rest.valid_to IS NOT NULL AND (form.valid_to IS NULL OR form.valid_to > greatest(form.valid_from, rest.valid_to))
        FOR UPDATE OF form
    ), noted AS (
        INSERT INTO ended_with_stay (stay_id, row_id, relation, ended_on, valid_to)
        SELECT stay_id, id, 'study_form', ended_on, valid_to FROM ending
    )
    UPDATE study_form AS form
    SET valid_to = ending.ended_on, version = form.version + 1, updated_at = now(), recorded_at = now(),
        recorded_by = 'system', reason = 'Выбытие из организации'
    FROM ending WHERE form.id = ending.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER end_study_forms AFTER UPDATE ON membership REFERENCING NEW TABLE AS ended_rows FOR EACH STATEMENT
    EXECUTE FUNCTION end_study_forms();
