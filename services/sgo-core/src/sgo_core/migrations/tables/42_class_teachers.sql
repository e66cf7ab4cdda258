CREATE TABLE group_teacher (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    group_id UUID NOT NULL,
    worker_id UUID NOT NULL,
    role TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    told_version INTEGER DEFAULT 0 NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_group_teacher PRIMARY KEY (id),
    CONSTRAINT ck_group_teacher_role CHECK (role IN ('class_teacher', 'educator', 'leader')),
    CONSTRAINT ck_group_teacher_interval CHECK (valid_to >= valid_from),
    CONSTRAINT fk_group_teacher_group FOREIGN KEY(organization_id, group_id) REFERENCES study_group (organization_id, id),
    CONSTRAINT fk_group_teacher_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT ex_group_teacher_class EXCLUDE USING gist (group_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (role = 'class_teacher'),
    CONSTRAINT ex_group_teacher_worker EXCLUDE USING gist (group_id WITH =, worker_id WITH =, daterange(valid_from, valid_to) WITH &&)
);

CREATE INDEX ix_group_teacher_worker_id ON group_teacher (worker_id, group_id);

CREATE INDEX ix_group_teacher_organization_id ON group_teacher (organization_id, id);

CREATE INDEX ix_group_teacher_untold ON group_teacher (id) WHERE told_version < version;

CREATE TRIGGER keep_history BEFORE UPDATE ON group_teacher FOR EACH ROW EXECUTE FUNCTION keep_history('{worker_id,group_id}', '{told_version}');

-- Who is no longer employed by an organization leads no group there, however the employment came to its end.
CREATE FUNCTION end_group_teachers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_on DATE;
BEGIN
    SELECT nullif(max(coalesce(dismissed_on, 'infinity')), 'infinity') INTO left_on
    FROM employment WHERE worker_id = NEW.worker_id AND organization_id = NEW.organization_id;
    UPDATE group_teacher
    SET valid_to = greatest(valid_from, left_on), version = version + 1, updated_at = NEW.updated_at,
        recorded_at = NEW.recorded_at, recorded_by = NEW.recorded_by, reason = NEW.reason
    WHERE worker_id = NEW.worker_id AND organization_id = NEW.organization_id
        AND left_on IS NOT NULL AND (valid_to IS NULL OR valid_to > greatest(valid_from, left_on));
    RETURN NULL;
END
$$;

CREATE TRIGGER end_group_teachers AFTER UPDATE OF dismissed_on ON employment FOR EACH ROW
    WHEN (NEW.dismissed_on IS NOT NULL AND NEW.organization_id IS NOT NULL) EXECUTE FUNCTION end_group_teachers();
