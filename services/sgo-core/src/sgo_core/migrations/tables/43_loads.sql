CREATE TABLE teaching_load (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    group_id UUID,
    teaching_group_id UUID,
    subject_id UUID NOT NULL,
    worker_id UUID NOT NULL,
    employment_id UUID NOT NULL,
    hours_week NUMERIC(4, 1) NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    told_version INTEGER DEFAULT 0 NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_teaching_load PRIMARY KEY (id),
    CONSTRAINT ck_teaching_load_taught CHECK (num_nonnulls(group_id, teaching_group_id) = 1),
    CONSTRAINT ck_teaching_load_hours CHECK (hours_week > 0 AND hours_week <= 40 AND hours_week * 2 = trunc(hours_week * 2)),
    CONSTRAINT ck_teaching_load_interval CHECK (valid_to >= valid_from),
    CONSTRAINT fk_teaching_load_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_teaching_load_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT fk_teaching_load_group FOREIGN KEY(organization_id, group_id) REFERENCES study_group (organization_id, id),
    CONSTRAINT fk_teaching_load_teaching_group FOREIGN KEY(organization_id, teaching_group_id) REFERENCES teaching_group (organization_id, id),
    CONSTRAINT fk_teaching_load_subject_id FOREIGN KEY(subject_id) REFERENCES subject (id),
    CONSTRAINT fk_teaching_load_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT fk_teaching_load_employment_id FOREIGN KEY(employment_id) REFERENCES employment (id),
    CONSTRAINT ex_teaching_load_group EXCLUDE USING gist
        (group_id WITH =, subject_id WITH =, employment_id WITH =, daterange(valid_from, valid_to) WITH &&),
    CONSTRAINT ex_teaching_load_teaching_group EXCLUDE USING gist
        (teaching_group_id WITH =, subject_id WITH =, employment_id WITH =, daterange(valid_from, valid_to) WITH &&)
);

CREATE INDEX ix_teaching_load_organization_id ON teaching_load (organization_id, id);

CREATE INDEX ix_teaching_load_worker_id ON teaching_load (worker_id);

CREATE INDEX ix_teaching_load_employment_id ON teaching_load (employment_id);

CREATE INDEX ix_teaching_load_untold ON teaching_load (id) WHERE told_version < version;

CREATE TRIGGER keep_history BEFORE UPDATE ON teaching_load FOR EACH ROW EXECUTE FUNCTION keep_history('{worker_id}', '{told_version}');

-- Who is dismissed teaches no longer, however the employment came to its end; the hours are left for somebody else.
CREATE FUNCTION end_teaching_loads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE teaching_load
    SET valid_to = greatest(valid_from, NEW.dismissed_on), version = version + 1, updated_at = NEW.updated_at,
        recorded_at = NEW.recorded_at, recorded_by = NEW.recorded_by, reason = NEW.reason
    WHERE employment_id = NEW.id AND valid_to > greatest(valid_from, NEW.dismissed_on);
    RETURN NULL;
END
$$;

CREATE TRIGGER end_teaching_loads AFTER UPDATE OF dismissed_on ON employment FOR EACH ROW
    WHEN (NEW.dismissed_on IS NOT NULL) EXECUTE FUNCTION end_teaching_loads();

-- Hours are counted by a subject's title: under a new one its lines of the years that are not over are told anew, an own subject's that
-- counts as it too. The lines stay as they were, so this is no news of theirs.
CREATE FUNCTION retitle_teaching_loads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE teaching_load l
    SET version = l.version + 1, updated_at = NEW.updated_at
    FROM academic_year y
    WHERE y.year = l.academic_year AND y.ends_on > NEW.updated_at::date
      AND l.subject_id IN (SELECT id FROM subject WHERE NEW.id IN (id, counts_as));
    RETURN NULL;
END
$$;

CREATE TRIGGER retitle_teaching_loads AFTER UPDATE OF title ON subject FOR EACH ROW
    WHEN (NEW.title <> OLD.title) EXECUTE FUNCTION retitle_teaching_loads();
