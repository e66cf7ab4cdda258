CREATE TABLE curriculum_term (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    counts_in_load BOOLEAN,
    source TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_curriculum_term PRIMARY KEY (id),
    CONSTRAINT uq_curriculum_term_kind_code UNIQUE (kind, code),
    CONSTRAINT ck_curriculum_term_kind CHECK (kind IN ('area', 'component')),
    CONSTRAINT ck_curriculum_term_counts CHECK ((kind = 'component') = (counts_in_load IS NOT NULL)),
    CONSTRAINT ck_curriculum_term_interval CHECK (valid_to > valid_from)
);

CREATE TRIGGER keep_history BEFORE UPDATE ON curriculum_term FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

CREATE TABLE subject (
    id UUID NOT NULL,
    organization_id UUID,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    short_title TEXT NOT NULL,
    area TEXT NOT NULL,
    grade_from INTEGER NOT NULL,
    grade_to INTEGER NOT NULL,
    counts_as UUID,
    source TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    told_version INTEGER DEFAULT 0 NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_subject PRIMARY KEY (id),
    CONSTRAINT fk_subject_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_subject_counts_as FOREIGN KEY(counts_as) REFERENCES subject (id),
    CONSTRAINT ck_subject_grades CHECK (grade_from BETWEEN 1 AND grade_to AND grade_to <= 12),
    CONSTRAINT ck_subject_interval CHECK (valid_to > valid_from),
    CONSTRAINT ck_subject_counts_as CHECK (counts_as IS NULL OR (organization_id IS NOT NULL AND counts_as <> id))
);

CREATE UNIQUE INDEX uq_subject_region_code ON subject (code) WHERE organization_id IS NULL;

CREATE UNIQUE INDEX uq_subject_own_code ON subject (organization_id, code) WHERE organization_id IS NOT NULL;

CREATE UNIQUE INDEX uq_subject_region_title ON subject (lower(title)) WHERE organization_id IS NULL AND valid_to IS NULL;

CREATE UNIQUE INDEX uq_subject_own_title ON subject (organization_id, lower(title)) WHERE organization_id IS NOT NULL AND valid_to IS NULL;

CREATE INDEX ix_subject_untold ON subject (id) WHERE told_version < version;

CREATE TRIGGER keep_history BEFORE UPDATE ON subject FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{told_version}');

CREATE TABLE norm_edition (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    valid_from DATE NOT NULL,
    source TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_norm_edition PRIMARY KEY (id),
    CONSTRAINT uq_norm_edition_id_kind UNIQUE (id, kind),
    CONSTRAINT ck_norm_edition_kind CHECK (kind IN ('maximum_load', 'obligatory_subjects'))
);

CREATE INDEX ix_norm_edition_kind ON norm_edition (kind, valid_from, recorded_at);

CREATE TABLE maximum_load (
    edition_id UUID NOT NULL,
    kind TEXT DEFAULT 'maximum_load' NOT NULL,
    grade INTEGER NOT NULL,
    week_days INTEGER NOT NULL,
    hours NUMERIC(4, 1) NOT NULL,
    CONSTRAINT pk_maximum_load PRIMARY KEY (edition_id, grade, week_days),
    CONSTRAINT fk_maximum_load_edition FOREIGN KEY(edition_id, kind) REFERENCES norm_edition (id, kind),
    CONSTRAINT ck_maximum_load_kind CHECK (kind = 'maximum_load'),
    CONSTRAINT ck_maximum_load_grade CHECK (grade BETWEEN 1 AND 12),
    CONSTRAINT ck_maximum_load_week_days CHECK (week_days IN (5, 6)),
    CONSTRAINT ck_maximum_load_hours CHECK (hours > 0 AND hours <= 60)
);

CREATE TABLE obligatory_subject (
    edition_id UUID NOT NULL,
    kind TEXT DEFAULT 'obligatory_subjects' NOT NULL,
    grade INTEGER NOT NULL,
    subject_id UUID NOT NULL,
    CONSTRAINT pk_obligatory_subject PRIMARY KEY (edition_id, grade, subject_id),
    CONSTRAINT fk_obligatory_subject_edition FOREIGN KEY(edition_id, kind) REFERENCES norm_edition (id, kind),
    CONSTRAINT fk_obligatory_subject_subject_id FOREIGN KEY(subject_id) REFERENCES subject (id),
    CONSTRAINT ck_obligatory_subject_kind CHECK (kind = 'obligatory_subjects'),
    CONSTRAINT ck_obligatory_subject_grade CHECK (grade BETWEEN 1 AND 12)
);
