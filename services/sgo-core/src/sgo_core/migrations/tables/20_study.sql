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
    letter TEXT,
    class_type TEXT,
    plan_type TEXT,
    profile TEXT,
    combined_set TEXT,
    age_from INTEGER,
    age_to INTEGER,
    orientation TEXT,
    disorder TEXT,
    stay_mode TEXT,
    programme_id UUID,
    shift INTEGER,
    room_id UUID,
    reference_headcount INTEGER,
    capacity INTEGER NOT NULL,
    occupied INTEGER DEFAULT 0 NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_study_group PRIMARY KEY (id),
    CONSTRAINT uq_study_group_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ck_study_group_kind CHECK (kind IN ('class', 'preschool_group', 'additional_group')),
    CONSTRAINT ck_study_group_occupied CHECK (occupied BETWEEN 0 AND capacity),
    CONSTRAINT ck_study_group_grade CHECK ((kind = 'class') = (grade IS NOT NULL)),
    CONSTRAINT ck_study_group_grade_range CHECK (grade BETWEEN 1 AND 11),
    CONSTRAINT ck_study_group_letter CHECK ((kind = 'class') = (letter IS NOT NULL) AND length(letter) BETWEEN 1 AND 15),
    CONSTRAINT ck_study_group_class_type CHECK ((kind = 'class') = (class_type IS NOT NULL) AND class_type IN ('ordinary', 'adapted', 'in_depth', 'gymnasium', 'lyceum', 'cadet')),
    CONSTRAINT ck_study_group_plan_type CHECK ((kind = 'class') = (plan_type IS NOT NULL) AND plan_type IN ('classical', 'individual')),
    CONSTRAINT ck_study_group_of_class CHECK (kind = 'class' OR (profile IS NULL AND combined_set IS NULL)),
    CONSTRAINT ck_study_group_ages CHECK ((kind = 'preschool_group') = (age_from IS NOT NULL) AND (kind = 'preschool_group') = (age_to IS NOT NULL)),
    CONSTRAINT ck_study_group_age_range CHECK (age_from >= 0 AND age_from <= age_to AND age_to <= 8),
    CONSTRAINT ck_study_group_orientation CHECK ((kind = 'preschool_group') = (orientation IS NOT NULL) AND orientation IN ('general', 'compensating', 'combined', 'wellness', 'care', 'early', 'family')),
    CONSTRAINT ck_study_group_disorder CHECK (disorder IS NULL OR orientation IN ('compensating', 'combined')),
    CONSTRAINT ck_study_group_stay_mode CHECK ((kind = 'preschool_group') = (stay_mode IS NOT NULL) AND stay_mode IN ('full_day', 'shortened_day', 'extended_day', 'short_stay', 'round_the_clock')),
    CONSTRAINT ck_study_group_programme CHECK ((kind = 'additional_group') = (programme_id IS NOT NULL)),
    CONSTRAINT ck_study_group_shift CHECK (shift BETWEEN 1 AND 3),
    CONSTRAINT ck_study_group_reference_headcount CHECK (reference_headcount >= 0),
    CONSTRAINT fk_study_group_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_study_group_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year)
);

CREATE UNIQUE INDEX uq_study_group_name ON study_group (organization_id, academic_year, lower(name));

CREATE INDEX ix_study_group_programme_id ON study_group (programme_id);

-- Occupancy follows placements: whoever asks for the past counts those.
CREATE TRIGGER keep_history BEFORE UPDATE ON study_group FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{occupied}');
