CREATE FUNCTION is_clock_time(value TEXT) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(value ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$', false)
$$;

-- Whether lessons are there, numbered upwards, each ends after it starts and starts after the one before has ended.
CREATE FUNCTION bells_in_order(lessons JSONB) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
    SELECT coalesce(bool_and(coalesce(
        is_clock_time(starts_at) AND is_clock_time(ends_at) AND starts_at < ends_at AND number BETWEEN 1 AND 20
        AND coalesce(before < number AND ended <= starts_at, true),
        false
    )), false)
    FROM (
        SELECT number, starts_at COLLATE "C" AS starts_at, ends_at COLLATE "C" AS ends_at,
            lag(number) OVER (ORDER BY place) AS before, lag(ends_at COLLATE "C") OVER (ORDER BY place) AS ended
        FROM (
            SELECT (one ->> 'number')::integer AS number, one ->> 'starts_at' AS starts_at, one ->> 'ends_at' AS ends_at, place
            FROM jsonb_array_elements(lessons) WITH ORDINALITY AS list (one, place)
        ) AS read
    ) AS ordered
$$;

CREATE FUNCTION weekday_set(weekdays INTEGER[]) RETURNS int4multirange LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT range_agg(int4range(one, one, '[]')) FROM unnest(weekdays) AS one
$$;

CREATE TABLE shift (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    number INTEGER NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_shift PRIMARY KEY (id),
    CONSTRAINT uq_shift_organization_id_number UNIQUE (organization_id, number),
    CONSTRAINT ck_shift_number CHECK (number BETWEEN 1 AND 3),
    CONSTRAINT ck_shift_times CHECK (is_clock_time(starts_at) AND is_clock_time(ends_at) AND starts_at < ends_at),
    CONSTRAINT fk_shift_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);

CREATE TRIGGER keep_history BEFORE UPDATE ON shift FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');

CREATE TABLE bell_schedule (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    title TEXT NOT NULL,
    shift INTEGER NOT NULL,
    day_kind TEXT NOT NULL,
    weekdays INTEGER[] NOT NULL,
    grade_from INTEGER NOT NULL,
    grade_to INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    lessons JSONB NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_bell_schedule PRIMARY KEY (id),
    CONSTRAINT ck_bell_schedule_lessons CHECK (bells_in_order(lessons)),
    CONSTRAINT ck_bell_schedule_weekdays CHECK (cardinality(weekdays) > 0 AND weekdays <@ '{1,2,3,4,5,6,7}'),
    CONSTRAINT ck_bell_schedule_grades CHECK (grade_from >= 0 AND grade_from <= grade_to AND grade_to <= 11),
    CONSTRAINT ck_bell_schedule_interval CHECK (valid_to > valid_from),
    CONSTRAINT fk_bell_schedule_shift FOREIGN KEY(organization_id, shift) REFERENCES shift (organization_id, number),
    CONSTRAINT ex_bell_schedule_lesson EXCLUDE USING gist (organization_id WITH =, shift WITH =, day_kind WITH =,
        weekday_set(weekdays) WITH &&, int4range(grade_from, grade_to, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
        WHERE (active)
);

CREATE INDEX ix_bell_schedule_organization_id ON bell_schedule (organization_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON bell_schedule
    FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');
