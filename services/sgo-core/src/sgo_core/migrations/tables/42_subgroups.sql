CREATE TABLE teaching_group_stay (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    teaching_group_id UUID NOT NULL,
    division_id UUID,
    student_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    placement_id UUID,
    valid_from DATE NOT NULL,
    valid_to DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_teaching_group_stay PRIMARY KEY (id),
    CONSTRAINT ck_teaching_group_stay_interval CHECK (valid_to >= valid_from),
    CONSTRAINT ck_teaching_group_stay_subgroup CHECK ((division_id IS NULL) = (placement_id IS NULL)),
    CONSTRAINT fk_teaching_group_stay_teaching_group FOREIGN KEY(organization_id, teaching_group_id) REFERENCES teaching_group (organization_id, id),
    CONSTRAINT fk_teaching_group_stay_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_teaching_group_stay_membership_id FOREIGN KEY(membership_id) REFERENCES membership (id),
    CONSTRAINT fk_teaching_group_stay_placement_id FOREIGN KEY(placement_id) REFERENCES placement (id),
    CONSTRAINT ex_teaching_group_stay_division EXCLUDE USING gist (division_id WITH =, student_id WITH =, daterange(valid_from, valid_to) WITH &&),
    CONSTRAINT ex_teaching_group_stay_group EXCLUDE USING gist (teaching_group_id WITH =, student_id WITH =, daterange(valid_from, valid_to) WITH &&)
);

CREATE INDEX ix_teaching_group_stay_teaching_group_id ON teaching_group_stay (teaching_group_id, valid_from);

CREATE INDEX ix_teaching_group_stay_student_id ON teaching_group_stay (student_id);

CREATE INDEX ix_teaching_group_stay_placement_id ON teaching_group_stay (placement_id);

CREATE INDEX ix_teaching_group_stay_membership_id ON teaching_group_stay (membership_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON teaching_group_stay FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id,teaching_group_id}', '{}');

-- Who leaves the class leaves its subgroups, who leaves the organization leaves its groups across classes, by whatever way it came
-- about. The groups count a version: a job tells of them.
CREATE FUNCTION end_teaching_group_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH ending AS (
        SELECT stay.id, stay.valid_to, rest.id AS stay_id, greatest(stay.valid_from, rest.valid_to) AS ended_on
        FROM ended_rows AS rest JOIN teaching_group_stay AS stay ON stay.placement_id = rest.id OR stay.membership_id = rest.id
        WHERE rest.valid_to IS NOT NULL AND (stay.valid_to IS NULL OR stay.valid_to > greatest(stay.valid_from, rest.valid_to))
        FOR UPDATE OF stay
    ), noted AS (
        INSERT INTO ended_with_stay (stay_id, row_id, relation, ended_on, valid_to)
        SELECT stay_id, id, 'teaching_group_stay', ended_on, valid_to FROM ending
    ), ended AS (
        UPDATE teaching_group_stay AS stay
        SET valid_to = ending.ended_on, version = stay.version + 1, updated_at = now(),
            recorded_at = now(), recorded_by = 'system', reason = 'Выбытие из класса или организации'
        FROM ending WHERE stay.id = ending.id
        RETURNING stay.teaching_group_id
    )
    UPDATE teaching_group SET version = version + 1, updated_at = now() WHERE id IN (SELECT teaching_group_id FROM ended);
    RETURN NULL;
END
$$;

CREATE TRIGGER end_teaching_group_stays AFTER UPDATE ON placement REFERENCING NEW TABLE AS ended_rows FOR EACH STATEMENT
    EXECUTE FUNCTION end_teaching_group_stays();

CREATE TRIGGER end_teaching_group_stays AFTER UPDATE ON membership REFERENCING NEW TABLE AS ended_rows FOR EACH STATEMENT
    EXECUTE FUNCTION end_teaching_group_stays();
