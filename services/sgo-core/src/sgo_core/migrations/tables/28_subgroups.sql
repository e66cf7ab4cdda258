CREATE TABLE division (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    group_id UUID NOT NULL,
    name TEXT NOT NULL,
    rule TEXT NOT NULL,
    subject_id UUID,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_division PRIMARY KEY (id),
    CONSTRAINT uq_division_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ck_division_rule CHECK (rule IN ('by_hand', 'alphabet', 'sex', 'foreign_language')),
    CONSTRAINT fk_division_group FOREIGN KEY(organization_id, group_id) REFERENCES study_group (organization_id, id)
);

CREATE UNIQUE INDEX uq_division_name ON division (group_id, lower(name)) WHERE active;

CREATE TRIGGER keep_history BEFORE UPDATE ON division FOR EACH ROW EXECUTE FUNCTION keep_history('{id,group_id}', '{}');

CREATE TABLE teaching_group (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    division_id UUID,
    group_id UUID,
    grade_from INTEGER,
    grade_to INTEGER,
    subject_ids UUID[] NOT NULL,
    capacity INTEGER,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    told_version INTEGER DEFAULT 0 NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_teaching_group PRIMARY KEY (id),
    CONSTRAINT uq_teaching_group_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ck_teaching_group_kind CHECK (kind IN ('subgroup', 'individual_plan', 'elective', 'extended_day', 'extracurricular', 'home_teaching')),
    CONSTRAINT ck_teaching_group_subgroup CHECK ((kind = 'subgroup') = (division_id IS NOT NULL) AND (kind = 'subgroup') = (group_id IS NOT NULL)),
    CONSTRAINT ck_teaching_group_grades CHECK (grade_from BETWEEN 1 AND grade_to AND grade_to <= 11),
    CONSTRAINT ck_teaching_group_capacity CHECK (capacity > 0),
    CONSTRAINT ck_teaching_group_interval CHECK (ends_on > starts_on),
    CONSTRAINT fk_teaching_group_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_teaching_group_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT fk_teaching_group_division FOREIGN KEY(organization_id, division_id) REFERENCES division (organization_id, id),
    CONSTRAINT fk_teaching_group_group FOREIGN KEY(organization_id, group_id) REFERENCES study_group (organization_id, id)
);

CREATE UNIQUE INDEX uq_teaching_group_name ON teaching_group (organization_id, academic_year, kind, lower(name)) WHERE division_id IS NULL AND active;

CREATE UNIQUE INDEX uq_teaching_group_subgroup ON teaching_group (division_id, lower(name)) WHERE active;

CREATE INDEX ix_teaching_group_group_id ON teaching_group (group_id);

CREATE INDEX ix_teaching_group_organization_id ON teaching_group (organization_id, id);

CREATE INDEX ix_teaching_group_untold ON teaching_group (id) WHERE told_version < version;

CREATE TRIGGER keep_history BEFORE UPDATE ON teaching_group FOR EACH ROW EXECUTE FUNCTION keep_history('{id,division_id}', '{told_version}');
