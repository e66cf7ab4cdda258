CREATE TABLE subject (
    id uuid CONSTRAINT pk_subject PRIMARY KEY, organization_id uuid, code text NOT NULL, title text NOT NULL,
    short_title text NOT NULL, area text NOT NULL, grade_from integer NOT NULL, grade_to integer NOT NULL, counts_as uuid,
    valid_from date NOT NULL, valid_to date, sequence text NOT NULL, retitled integer NOT NULL DEFAULT 0);

CREATE FUNCTION count_titles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.retitled := OLD.retitled + (NEW.title <> OLD.title)::integer;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION count_titles() IS 'What is told with the title of a subject is newer news once the title is another';

CREATE TRIGGER count_titles BEFORE UPDATE ON subject FOR EACH ROW EXECUTE FUNCTION count_titles();

CREATE TABLE building (
    id uuid CONSTRAINT pk_building PRIMARY KEY, organization_id uuid NOT NULL, name text NOT NULL, sequence text NOT NULL);

CREATE TABLE room (
    id uuid CONSTRAINT pk_room PRIMARY KEY, organization_id uuid NOT NULL, building_id uuid, number text NOT NULL, title text,
    kind text NOT NULL, capacity integer, floor integer, active boolean NOT NULL, sequence text NOT NULL);

CREATE INDEX ix_room_organization_id ON room (organization_id, id);

CREATE TABLE bell_schedule (
    id uuid CONSTRAINT pk_bell_schedule PRIMARY KEY, organization_id uuid NOT NULL, title text NOT NULL, shift integer NOT NULL,
    day_kind text NOT NULL, weekdays integer[] NOT NULL, grade_from integer NOT NULL, grade_to integer NOT NULL,
    valid_from date NOT NULL, valid_to date, lessons jsonb NOT NULL, active boolean NOT NULL, sequence text NOT NULL);

CREATE INDEX ix_bell_schedule_organization_id ON bell_schedule (organization_id);

CREATE TABLE calendar (
    id uuid CONSTRAINT pk_calendar PRIMARY KEY, organization_id uuid NOT NULL, academic_year integer NOT NULL,
    first_day date NOT NULL, last_day date NOT NULL, grades jsonb NOT NULL, sequence text NOT NULL);

CREATE INDEX ix_calendar_organization_id ON calendar (organization_id, academic_year);

CREATE TABLE reference_entry (
    id uuid CONSTRAINT pk_reference_entry PRIMARY KEY, book text NOT NULL, organization_id uuid, code text NOT NULL,
    title text NOT NULL, abbreviation text, position integer NOT NULL, valid_from date, valid_to date, active boolean NOT NULL,
    sequence text NOT NULL);

CREATE INDEX ix_reference_entry_book ON reference_entry (book, organization_id)
