CREATE TABLE curriculum (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    grade INTEGER NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    profile TEXT,
    week_days INTEGER NOT NULL,
    weeks INTEGER NOT NULL,
    period_count INTEGER,
    state TEXT NOT NULL,
    edition INTEGER NOT NULL,
    replaces UUID,
    copied_from UUID,
    document_number TEXT,
    document_date DATE,
    in_force_from DATE,
    approved_by TEXT,
    approved_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_curriculum PRIMARY KEY (id),
    CONSTRAINT uq_curriculum_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT fk_curriculum_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_curriculum_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT fk_curriculum_replaces FOREIGN KEY(replaces) REFERENCES curriculum (id),
    CONSTRAINT fk_curriculum_copied_from FOREIGN KEY(copied_from) REFERENCES curriculum (id),
    CONSTRAINT ck_curriculum_grade CHECK (grade BETWEEN 1 AND 12),
    CONSTRAINT ck_curriculum_kind CHECK (kind IN ('classical', 'individual')),
    CONSTRAINT ck_curriculum_week_days CHECK (week_days IN (5, 6)),
    CONSTRAINT ck_curriculum_weeks CHECK (weeks BETWEEN 1 AND 44),
    CONSTRAINT ck_curriculum_period_count CHECK (period_count BETWEEN 2 AND 6),
    CONSTRAINT ck_curriculum_state CHECK (state IN ('draft', 'approved', 'withdrawn')),
    CONSTRAINT ck_curriculum_edition CHECK (edition >= 1 AND (edition = 1) = (replaces IS NULL)),
    CONSTRAINT ck_curriculum_approved CHECK ((state = 'approved') = (approved_at IS NOT NULL)
        AND num_nulls(document_number, document_date, in_force_from, approved_by, approved_at) IN (0, 5))
);

CREATE INDEX ix_curriculum_organization_id ON curriculum (organization_id, academic_year, id);

-- An edition has one successor at most: drafted, or approved.
CREATE UNIQUE INDEX uq_curriculum_replaces ON curriculum (replaces) WHERE state <> 'withdrawn';

CREATE UNIQUE INDEX uq_curriculum_copied_from ON curriculum (copied_from, academic_year) WHERE state <> 'withdrawn' AND edition = 1;

CREATE TRIGGER keep_history BEFORE UPDATE ON curriculum FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

-- An approved curriculum is a document: a new edition takes its place, nobody edits it. Its version counts what readers were told.
CREATE FUNCTION curriculum_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    quiet TEXT[] := '{version,updated_at,recorded_at,recorded_by,reason}';
BEGIN
    IF to_jsonb(OLD) - quiet <> to_jsonb(NEW) - quiet THEN
        RAISE EXCEPTION 'curriculum % is %', OLD.id, OLD.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER curriculum_is_final BEFORE UPDATE ON curriculum FOR EACH ROW WHEN (OLD.state <> 'draft')
    EXECUTE FUNCTION curriculum_is_final();

CREATE TABLE curriculum_line (
    id UUID NOT NULL,
    curriculum_id UUID NOT NULL,
    position INTEGER NOT NULL,
    subject_id UUID NOT NULL,
    component TEXT NOT NULL,
    level TEXT NOT NULL,
    hours_week NUMERIC(4, 1) NOT NULL,
    hours_year NUMERIC(6, 1),
    period_hours JSONB,
    subgroups BOOLEAN NOT NULL,
    dropped BOOLEAN NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_curriculum_line PRIMARY KEY (id),
    CONSTRAINT uq_curriculum_line_curriculum_id_subject_id_component_level UNIQUE (curriculum_id, subject_id, component, level),
    CONSTRAINT fk_curriculum_line_curriculum_id FOREIGN KEY(curriculum_id) REFERENCES curriculum (id),
    CONSTRAINT fk_curriculum_line_subject_id FOREIGN KEY(subject_id) REFERENCES subject (id),
    CONSTRAINT ck_curriculum_line_level CHECK (level IN ('base', 'advanced')),
    CONSTRAINT ck_curriculum_line_hours_week CHECK (hours_week > 0 AND hours_week <= 40 AND hours_week * 2 = trunc(hours_week * 2)),
    CONSTRAINT ck_curriculum_line_hours_year CHECK (hours_year > 0),
    CONSTRAINT ck_curriculum_line_period_hours CHECK (jsonb_typeof(period_hours) = 'array')
);

CREATE TRIGGER keep_history BEFORE UPDATE ON curriculum_line FOR EACH ROW EXECUTE FUNCTION keep_history('{curriculum_id}', '{}');

CREATE FUNCTION curriculum_is_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found TEXT;
BEGIN
    SELECT state INTO found FROM curriculum WHERE id = NEW.curriculum_id FOR SHARE;
    IF found <> 'draft' THEN
        RAISE EXCEPTION 'curriculum % is %', NEW.curriculum_id, found USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER curriculum_is_draft BEFORE INSERT OR UPDATE ON curriculum_line FOR EACH ROW EXECUTE FUNCTION curriculum_is_draft();

CREATE TABLE curriculum_class (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    curriculum_id UUID NOT NULL,
    group_id UUID NOT NULL,
    dropped BOOLEAN NOT NULL,
    valid_from DATE,
    valid_to DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_curriculum_class PRIMARY KEY (id),
    CONSTRAINT uq_curriculum_class_curriculum_id_group_id UNIQUE (curriculum_id, group_id),
    CONSTRAINT fk_curriculum_class_curriculum FOREIGN KEY(organization_id, curriculum_id) REFERENCES curriculum (organization_id, id),
    CONSTRAINT fk_curriculum_class_group FOREIGN KEY(organization_id, group_id) REFERENCES study_group (organization_id, id),
    CONSTRAINT ck_curriculum_class_interval CHECK (valid_to >= valid_from),
    CONSTRAINT ck_curriculum_class_dropped CHECK (NOT dropped OR valid_from IS NULL),
    CONSTRAINT ex_curriculum_class_one_in_force EXCLUDE USING gist (group_id WITH =, daterange(valid_from, valid_to) WITH &&)
        WHERE (valid_from IS NOT NULL)
);

CREATE TRIGGER keep_history BEFORE UPDATE ON curriculum_class FOR EACH ROW EXECUTE FUNCTION keep_history('{curriculum_id}', '{}');
