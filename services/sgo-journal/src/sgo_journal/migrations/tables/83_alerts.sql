CREATE TABLE alert (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    change_id uuid NOT NULL, kind text NOT NULL, journal_id uuid NOT NULL, lesson_id uuid, student_id uuid NOT NULL,
    changed_by uuid NOT NULL, changed_at timestamptz NOT NULL, text text NOT NULL, found_at timestamptz NOT NULL,
    acknowledged_at timestamptz, acknowledged_by uuid, comment text,
    CONSTRAINT pk_alert PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_alert_change UNIQUE (organization_id, academic_year, change_id, kind),
    CONSTRAINT fk_alert_record_change FOREIGN KEY (organization_id, academic_year, change_id)
        REFERENCES record_change (organization_id, academic_year, id),
    CONSTRAINT ck_alert_kind CHECK (kind IN ('late', 'raised', 'many', 'off_hours', 'other_hand', 'total_off')),
    CONSTRAINT ck_alert_acknowledged CHECK (num_nulls(acknowledged_at, acknowledged_by, comment) IN (0, 3)))
    PARTITION BY LIST (academic_year);

CREATE INDEX ix_alert_id ON alert (id);

CREATE INDEX ix_alert_journal_id ON alert (organization_id, academic_year, journal_id, id);

CREATE INDEX ix_alert_student_id ON alert (organization_id, academic_year, student_id) WHERE kind = 'many';

CREATE INDEX ix_alert_open ON alert (organization_id, academic_year, id) WHERE acknowledged_at IS NULL;

CREATE TABLE alert_settings (
    organization_id uuid CONSTRAINT pk_alert_settings PRIMARY KEY,
    late_days smallint, raised_by smallint NOT NULL, many_changes smallint NOT NULL, many_minutes smallint NOT NULL,
    night_from smallint NOT NULL, night_until smallint NOT NULL, own_at_night boolean NOT NULL,
    total_difference numeric(3, 2) NOT NULL, version integer NOT NULL,
    CONSTRAINT ck_alert_settings_late CHECK (late_days BETWEEN 0 AND 366),
    CONSTRAINT ck_alert_settings_raised CHECK (raised_by BETWEEN 1 AND 4),
    CONSTRAINT ck_alert_settings_many CHECK (many_changes BETWEEN 2 AND 100 AND many_minutes BETWEEN 1 AND 1440),
    CONSTRAINT ck_alert_settings_night CHECK (night_from BETWEEN 0 AND 23 AND night_until BETWEEN 0 AND 23),
    CONSTRAINT ck_alert_settings_total CHECK (total_difference > 0));

CREATE TABLE watched_block (
    singleton boolean CONSTRAINT pk_watched_block PRIMARY KEY DEFAULT true, number integer NOT NULL,
    CONSTRAINT ck_watched_block_singleton CHECK (singleton));

INSERT INTO watched_block (number) VALUES (0)
