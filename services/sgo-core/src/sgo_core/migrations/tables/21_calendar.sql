-- Whether intervals are whole, in order and do not overlap. ISO dates compare as text, so that nothing here depends on settings.
CREATE FUNCTION intervals_apart(intervals JSONB) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(bool_and(coalesce(
        first_day ~ '^\d{4}-\d{2}-\d{2}$' AND last_day ~ '^\d{4}-\d{2}-\d{2}$'
        AND first_day <= last_day AND coalesce(before < first_day, true),
        false
    )), true)
    FROM (
        SELECT one ->> 'first_day' COLLATE "C" AS first_day, one ->> 'last_day' COLLATE "C" AS last_day,
            lag(one ->> 'last_day' COLLATE "C") OVER (ORDER BY place) AS before
        FROM jsonb_array_elements(intervals) WITH ORDINALITY AS list (one, place)
    ) AS dated
$$;

CREATE TABLE calendar_set (
    id UUID NOT NULL,
    organization_id UUID,
    academic_year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    grade_from INTEGER NOT NULL,
    grade_to INTEGER NOT NULL,
    intervals JSONB NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_calendar_set PRIMARY KEY (id),
    CONSTRAINT ck_calendar_set_grades CHECK (grade_from >= 1 AND grade_from <= grade_to AND grade_to <= 11),
    CONSTRAINT ck_calendar_set_apart CHECK (intervals_apart(intervals)),
    CONSTRAINT ck_calendar_set_number CHECK (kind IN ('vacations', 'additional_vacations') OR jsonb_array_length(intervals) =
        CASE kind WHEN 'quarters' THEN 4 WHEN 'trimesters' THEN 3 WHEN 'half_years' THEN 2 WHEN 'year' THEN 1 END),
    CONSTRAINT ck_calendar_set_kind CHECK (
        kind IN ('quarters', 'trimesters', 'half_years', 'year', 'vacations', 'additional_vacations')),
    CONSTRAINT fk_calendar_set_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_calendar_set_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT ex_calendar_set_grades EXCLUDE USING gist (
        coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid) WITH =,
        academic_year WITH =, kind WITH =, int4range(grade_from, grade_to, '[]') WITH &&) WHERE (active)
);

CREATE INDEX ix_calendar_set_organization_id ON calendar_set (organization_id, academic_year);

CREATE TRIGGER keep_history BEFORE UPDATE ON calendar_set
    FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');

CREATE FUNCTION calendar_set_within_year() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (
        SELECT FROM jsonb_array_elements(NEW.intervals) AS one, academic_year
        WHERE year = NEW.academic_year
            AND ((one ->> 'first_day')::date < starts_on OR (one ->> 'last_day')::date >= ends_on)
    ) THEN
        RAISE EXCEPTION 'an interval outside its academic year' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_calendar_set_within_year';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER within_year BEFORE INSERT OR UPDATE ON calendar_set FOR EACH ROW EXECUTE FUNCTION calendar_set_within_year();

CREATE TABLE special_day (
    id UUID NOT NULL,
    organization_id UUID,
    day DATE NOT NULL,
    kind TEXT NOT NULL,
    grade_from INTEGER NOT NULL,
    grade_to INTEGER NOT NULL,
    title TEXT NOT NULL,
    as_weekday INTEGER,
    day_kind TEXT,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_special_day PRIMARY KEY (id),
    CONSTRAINT ck_special_day_grades CHECK (grade_from >= 0 AND grade_from <= grade_to AND grade_to <= 11),
    CONSTRAINT ck_special_day_kind CHECK (kind IN ('study', 'off')),
    CONSTRAINT ck_special_day_as_weekday CHECK (as_weekday BETWEEN 1 AND 6),
    CONSTRAINT ck_special_day_rest CHECK (kind = 'study' OR (as_weekday IS NULL AND day_kind IS NULL)),
    CONSTRAINT fk_special_day_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ex_special_day_grades EXCLUDE USING gist (
        coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid) WITH =,
        day WITH =, int4range(grade_from, grade_to, '[]') WITH &&) WHERE (active)
);

CREATE INDEX ix_special_day_organization_id ON special_day (organization_id, day);

CREATE TRIGGER keep_history BEFORE UPDATE ON special_day
    FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');

CREATE TABLE calendar_due (
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    marked INTEGER DEFAULT 1 NOT NULL,
    CONSTRAINT pk_calendar_due PRIMARY KEY (organization_id, academic_year),
    CONSTRAINT fk_calendar_due_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_calendar_due_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year)
);

CREATE TABLE told_calendar (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    told JSONB NOT NULL,
    CONSTRAINT pk_told_calendar PRIMARY KEY (id),
    CONSTRAINT fk_told_calendar_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_told_calendar_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year)
);

CREATE UNIQUE INDEX uq_told_calendar_year ON told_calendar (organization_id, academic_year);

-- Whatever a calendar is made of marks the calendars it reaches: an organization's row its own, the region's row all of them. Marking a
-- calendar anew waits for whoever is telling it now, so that no change falls between what was read and what is unmarked.
CREATE FUNCTION mark_calendar_due(whose UUID, years INTEGER[]) RETURNS void LANGUAGE sql SET search_path = pg_catalog, public AS $$
    INSERT INTO calendar_due (organization_id, academic_year)
    SELECT organization.id, year FROM organization, unnest(years) AS year
    WHERE whose IS NULL AND organization.active OR organization.id = whose
    ORDER BY organization.id, year
    ON CONFLICT (organization_id, academic_year) DO UPDATE SET marked = calendar_due.marked + 1
$$;

CREATE FUNCTION calendar_set_due() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM mark_calendar_due(NEW.organization_id, ARRAY[NEW.academic_year]);
    RETURN NULL;
END
$$;

CREATE TRIGGER calendar_due AFTER INSERT OR UPDATE ON calendar_set FOR EACH ROW EXECUTE FUNCTION calendar_set_due();

CREATE FUNCTION special_day_due() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM mark_calendar_due(NEW.organization_id,
        (SELECT array_agg(year) FROM academic_year WHERE NEW.day >= starts_on AND NEW.day < ends_on));
    RETURN NULL;
END
$$;

CREATE TRIGGER calendar_due AFTER INSERT OR UPDATE ON special_day FOR EACH ROW EXECUTE FUNCTION special_day_due();

-- A setting reaches the years that the organization, or the region, has dates for.
CREATE FUNCTION calendar_setting_due() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM mark_calendar_due(NEW.organization_id, (
        SELECT array_agg(DISTINCT year) FROM calendar_set JOIN academic_year ON year = academic_year
        WHERE ends_on > NEW.valid_from
            AND (NEW.organization_id IS NULL OR organization_id IS NULL OR organization_id = NEW.organization_id)));
    RETURN NULL;
END
$$;

CREATE TRIGGER calendar_due AFTER INSERT OR UPDATE ON setting_value FOR EACH ROW
    WHEN (NEW.name IN ('periods_primary', 'periods_basic', 'periods_secondary',
        'week_primary', 'week_basic', 'week_secondary', 'week_preschool'))
    EXECUTE FUNCTION calendar_setting_due();

-- A new organization, or one opened again, has the region's calendars of this year and of those to come.
CREATE FUNCTION organization_calendar_due() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM mark_calendar_due(NEW.id, (
        SELECT array_agg(DISTINCT year) FROM calendar_set JOIN academic_year ON year = academic_year
        WHERE organization_id IS NULL AND ends_on > current_date));
    RETURN NULL;
END
$$;

CREATE TRIGGER calendar_due AFTER INSERT OR UPDATE OF active, kind ON organization
    FOR EACH ROW WHEN (NEW.active) EXECUTE FUNCTION organization_calendar_due();

-- The calendar that an organization set for a year it has closed stays as it was.
CREATE FUNCTION calendar_of_closed_year() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_TABLE_NAME = 'calendar_set' THEN
        PERFORM refuse_closed_year(NEW.organization_id, NEW.academic_year);
    ELSE
        PERFORM refuse_closed_year(NEW.organization_id, year) FROM academic_year WHERE NEW.day >= starts_on AND NEW.day < ends_on;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER closed_year BEFORE INSERT OR UPDATE ON calendar_set FOR EACH ROW WHEN (NEW.organization_id IS NOT NULL)
    EXECUTE FUNCTION calendar_of_closed_year();

CREATE TRIGGER closed_year BEFORE INSERT OR UPDATE ON special_day FOR EACH ROW WHEN (NEW.organization_id IS NOT NULL)
    EXECUTE FUNCTION calendar_of_closed_year();
