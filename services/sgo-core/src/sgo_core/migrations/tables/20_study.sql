CREATE TABLE academic_year (
    year INTEGER NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    CONSTRAINT pk_academic_year PRIMARY KEY (year),
    CONSTRAINT ck_academic_year_interval CHECK (ends_on > starts_on)
);

CREATE TABLE study_group (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    grade INTEGER,
    age_from INTEGER,
    age_to INTEGER,
    capacity INTEGER NOT NULL,
    occupied INTEGER DEFAULT 0 NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_study_group PRIMARY KEY (id),
    CONSTRAINT uq_study_group_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ck_study_group_kind CHECK (kind IN ('class', 'preschool_group')),
    CONSTRAINT ck_study_group_occupied CHECK (occupied BETWEEN 0 AND capacity),
    CONSTRAINT ck_study_group_grade CHECK ((kind = 'class') = (grade IS NOT NULL)),
    CONSTRAINT ck_study_group_grade_range CHECK (grade BETWEEN 1 AND 11),
    CONSTRAINT ck_study_group_ages CHECK ((kind = 'class') = (age_from IS NULL AND age_to IS NULL)),
    CONSTRAINT ck_study_group_age_range CHECK (age_from >= 0 AND age_from <= age_to AND age_to <= 8),
    CONSTRAINT fk_study_group_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_study_group_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year)
);

CREATE UNIQUE INDEX uq_study_group_name ON study_group (organization_id, academic_year, lower(name));
