CREATE TABLE row_history (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    relation TEXT NOT NULL,
    row_id UUID NOT NULL,
    subjects UUID[] NOT NULL,
    recorded_from TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_to TIMESTAMP WITH TIME ZONE NOT NULL,
    row JSONB NOT NULL,
    CONSTRAINT pk_row_history PRIMARY KEY (id),
    CONSTRAINT ck_row_history_interval CHECK (recorded_to > recorded_from)
);

CREATE INDEX ix_row_history_row_id ON row_history (row_id, recorded_to);

CREATE INDEX ix_row_history_subjects ON row_history USING gin (subjects);

-- Keeps a row as it stood before a change. The first argument names the columns with the cards the row belongs to, the second the
-- columns whose change is no news. It runs as the owner of the table: the application only reads what is kept.
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    old_row JSONB := to_jsonb(OLD);
    quiet TEXT[] := TG_ARGV[1]::TEXT[] || '{version,updated_at,recorded_at,recorded_by,reason}'::TEXT[];
BEGIN
    IF old_row - quiet = to_jsonb(NEW) - quiet THEN
        NEW.recorded_at := OLD.recorded_at;
        NEW.recorded_by := OLD.recorded_by;
        NEW.reason := OLD.reason;
        RETURN NEW;
    END IF;
    NEW.recorded_at := greatest(NEW.recorded_at, OLD.recorded_at + interval '1 microsecond');
    INSERT INTO row_history (relation, row_id, subjects, recorded_from, recorded_to, row)
    SELECT TG_TABLE_NAME, OLD.id, array_agg((old_row ->> subject)::UUID), OLD.recorded_at, NEW.recorded_at, old_row
    FROM unnest(TG_ARGV[0]::TEXT[]) AS subject
    WHERE old_row ->> subject IS NOT NULL;
    RETURN NEW;
END
$$;
