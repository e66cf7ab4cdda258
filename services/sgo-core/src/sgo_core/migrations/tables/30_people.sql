CREATE TABLE student (
    id UUID NOT NULL,
    statistical_id UUID NOT NULL,
    kept_by UUID,
    archived_on DATE,
    merged_into UUID,
    search_name TEXT NOT NULL,
    snils_key BYTEA,
    document_key BYTEA,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    middle_name TEXT,
    birth_date DATE NOT NULL,
    document TEXT,
    snils TEXT,
    sex TEXT NOT NULL,
    residence JSONB,
    registration JSONB,
    home_phone TEXT,
    email TEXT,
    health_group TEXT,
    pe_group TEXT,
    diseases TEXT,
    health_restrictions TEXT,
    pe_exemptions TEXT,
    furniture_size TEXT,
    seating TEXT,
    personal_file_number TEXT,
    home_computer BOOLEAN,
    medical_policy TEXT,
    medical_insurer TEXT,
    family_composition TEXT,
    social_status JSONB,
    deviant_behaviour TEXT,
    citizenship TEXT NOT NULL,
    second_citizenship TEXT,
    native_language TEXT,
    instruction_language TEXT,
    foreign_languages JSONB,
    special_needs TEXT,
    disability TEXT,
    extended_day BOOLEAN,
    boarding BOOLEAN,
    distance_learning BOOLEAN,
    mobile_phone TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_student PRIMARY KEY (id),
    CONSTRAINT ck_student_sex CHECK (sex IN ('male', 'female')),
    CONSTRAINT ck_student_merged_into CHECK (merged_into IS NULL OR (archived_on IS NOT NULL AND merged_into <> id)),
    CONSTRAINT fk_student_merged_into FOREIGN KEY(merged_into) REFERENCES student (id)
);

CREATE INDEX ix_student_birth_date ON student (birth_date, search_name);

CREATE INDEX ix_student_merged_into ON student (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX ix_student_search_name ON student USING gin (search_name gin_trgm_ops);

CREATE UNIQUE INDEX uq_student_document_key ON student (document_key);

CREATE UNIQUE INDEX uq_student_snils_key ON student (snils_key);

CREATE UNIQUE INDEX uq_student_statistical_id ON student (statistical_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON student FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

CREATE TABLE guardian (
    id UUID NOT NULL,
    archived_on DATE,
    merged_into UUID,
    search_name TEXT NOT NULL,
    snils_key BYTEA,
    document_key BYTEA,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    middle_name TEXT,
    birth_date DATE,
    sex TEXT,
    document TEXT,
    residence JSONB,
    registration JSONB,
    home_phone TEXT,
    email TEXT,
    mobile_phone TEXT,
    education TEXT,
    workplace TEXT,
    post TEXT,
    work_phone TEXT,
    snils TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_guardian PRIMARY KEY (id),
    CONSTRAINT ck_guardian_sex CHECK (sex IN ('male', 'female')),
    CONSTRAINT ck_guardian_merged_into CHECK (merged_into IS NULL OR (archived_on IS NOT NULL AND merged_into <> id)),
    CONSTRAINT fk_guardian_merged_into FOREIGN KEY(merged_into) REFERENCES guardian (id)
);

CREATE INDEX ix_guardian_merged_into ON guardian (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX ix_guardian_search_name ON guardian USING gin (search_name gin_trgm_ops);

CREATE INDEX ix_guardian_document_key ON guardian (document_key);

CREATE UNIQUE INDEX uq_guardian_snils_key ON guardian (snils_key);

CREATE TRIGGER keep_history BEFORE UPDATE ON guardian FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

CREATE TABLE guardianship (
    id UUID NOT NULL,
    guardian_id UUID NOT NULL,
    student_id UUID NOT NULL,
    kinship TEXT NOT NULL,
    may_decide BOOLEAN DEFAULT true NOT NULL,
    may_collect BOOLEAN DEFAULT true NOT NULL,
    may_see BOOLEAN DEFAULT true NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_guardianship PRIMARY KEY (id),
    CONSTRAINT uq_guardianship_student_id_guardian_id UNIQUE (student_id, guardian_id),
    CONSTRAINT ck_guardianship_kinship CHECK (kinship IN ('mother', 'father', 'guardian', 'other')),
    CONSTRAINT ck_guardianship_interval CHECK (valid_to >= valid_from),
    CONSTRAINT fk_guardianship_guardian_id FOREIGN KEY(guardian_id) REFERENCES guardian (id),
    CONSTRAINT fk_guardianship_student_id FOREIGN KEY(student_id) REFERENCES student (id)
);

CREATE INDEX ix_guardianship_guardian_id ON guardianship (guardian_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON guardianship FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id,guardian_id}', '{}');

CREATE TABLE student_offer (
    student_id UUID NOT NULL,
    organization_id UUID,
    turns_on DATE,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_student_offer PRIMARY KEY (student_id),
    CONSTRAINT fk_student_offer_student_id FOREIGN KEY(student_id) REFERENCES student (id)
);

CREATE INDEX ix_student_offer_turns_on ON student_offer (turns_on) WHERE turns_on IS NOT NULL;

CREATE TABLE duplicate_note (
    id UUID NOT NULL,
    student_id UUID NOT NULL,
    other_id UUID NOT NULL,
    reason TEXT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    merge_id UUID,
    different_since TIMESTAMP WITH TIME ZONE,
    different_by TEXT,
    different_reason TEXT,
    CONSTRAINT pk_duplicate_note PRIMARY KEY (id),
    CONSTRAINT uq_duplicate_note_student_id_other_id UNIQUE (student_id, other_id),
    CONSTRAINT ck_duplicate_note_different CHECK (num_nulls(different_since, different_by, different_reason) IN (0, 3)),
    CONSTRAINT ck_duplicate_note_distinct CHECK (student_id <> other_id),
    CONSTRAINT ck_duplicate_note_reason CHECK (reason IN ('same_name_and_birth_date', 'same_document')),
    CONSTRAINT fk_duplicate_note_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_duplicate_note_other_id FOREIGN KEY(other_id) REFERENCES student (id)
);

CREATE INDEX ix_duplicate_note_other_id ON duplicate_note (other_id);
