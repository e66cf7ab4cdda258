"""Data definition of quality monitoring: counts, values and alerts of indicators, and exam results as counts."""

MONITORING = (
    """CREATE TABLE indicator_count (
        id uuid CONSTRAINT pk_indicator_count PRIMARY KEY, indicator text NOT NULL, version integer NOT NULL,
        digest text NOT NULL, definition jsonb NOT NULL, period text NOT NULL, title text NOT NULL,
        first_day date NOT NULL, last_day date NOT NULL, log_position bigint NOT NULL, exam_import_id uuid,
        counted_at timestamptz NOT NULL, CONSTRAINT ck_indicator_count_days CHECK (first_day <= last_day))""",
    """COMMENT ON TABLE indicator_count IS
        'Immutable: an indicator was counted for a period, by which declaration, from the log and the exams up to where'""",
    """CREATE TABLE indicator_period (
        indicator text NOT NULL, period text NOT NULL, title text NOT NULL, first_day date NOT NULL, last_day date NOT NULL,
        digest text NOT NULL, log_position bigint NOT NULL, exam_import_id uuid, counted_at timestamptz NOT NULL,
        CONSTRAINT pk_indicator_period PRIMARY KEY (indicator, period))""",
    """COMMENT ON TABLE indicator_period IS
        'Periods an indicator was counted for, and from what it was the last time, whatever came of it'""",
    """CREATE TABLE indicator_value (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_indicator_value PRIMARY KEY,
        count_id uuid NOT NULL CONSTRAINT fk_indicator_value_count_id REFERENCES indicator_count,
        indicator text NOT NULL, period text NOT NULL, last_day date NOT NULL, series text NOT NULL,
        organization_id uuid, municipality text, subject text, grade integer, group_id uuid,
        revision integer NOT NULL, value numeric(16, 4), numerator numeric, denominator numeric,
        minus_numerator numeric, minus_denominator numeric, people bigint NOT NULL,
        CONSTRAINT uq_indicator_value_indicator_period_series_revision UNIQUE (indicator, period, series, revision),
        CONSTRAINT ck_indicator_value_unit CHECK (organization_id IS NULL OR municipality IS NULL),
        CONSTRAINT ck_indicator_value_revision CHECK (revision > 0))""",
    "CREATE INDEX ix_indicator_value_series ON indicator_value (indicator, series, last_day)",
    """CREATE INDEX ix_indicator_value_whole ON indicator_value (indicator, period, series, revision)
        WHERE organization_id IS NOT NULL AND subject IS NULL AND grade IS NULL AND group_id IS NULL""",
    """COMMENT ON TABLE indicator_value IS
        'Immutable: a value as it was counted; one that came out otherwise later is another revision, empty if nothing is left'""",
    """CREATE TABLE peer (day date NOT NULL, organization_id uuid NOT NULL, peers text NOT NULL,
        CONSTRAINT pk_peer PRIMARY KEY (day, organization_id))""",
    "COMMENT ON TABLE peer IS 'Which organizations were similar on a day: those with the same peers'",
    """CREATE TABLE quality_alert (
        id uuid CONSTRAINT pk_quality_alert PRIMARY KEY, indicator text NOT NULL, series text NOT NULL,
        organization_id uuid, municipality text, subject text, grade integer, group_id uuid,
        value_id bigint NOT NULL CONSTRAINT fk_quality_alert_value_id REFERENCES indicator_value,
        opened_at timestamptz NOT NULL, closed_at timestamptz, acknowledged_at timestamptz, version integer NOT NULL,
        CONSTRAINT ck_quality_alert_unit CHECK (organization_id IS NULL OR municipality IS NULL))""",
    "CREATE UNIQUE INDEX uq_quality_alert_open ON quality_alert (indicator, series) WHERE closed_at IS NULL",
    "COMMENT ON TABLE quality_alert IS 'A value is beyond a threshold, until it is not; one open alert a series'",
    """CREATE TABLE quality_alert_step (
        id uuid CONSTRAINT pk_quality_alert_step PRIMARY KEY,
        alert_id uuid NOT NULL CONSTRAINT fk_quality_alert_step_alert_id REFERENCES quality_alert,
        at timestamptz NOT NULL, kind text NOT NULL,
        value_id bigint NOT NULL CONSTRAINT fk_quality_alert_step_value_id REFERENCES indicator_value,
        low numeric, high numeric, by text, words text,
        CONSTRAINT ck_quality_alert_step_kind CHECK (kind IN ('opened', 'changed', 'acknowledged', 'closed')),
        CONSTRAINT ck_quality_alert_step_words
            CHECK ((kind = 'acknowledged') = (by IS NOT NULL AND words IS NOT NULL)))""",
    "CREATE INDEX ix_quality_alert_step_alert_id ON quality_alert_step (alert_id)",
    """COMMENT ON TABLE quality_alert_step IS
        'Immutable: what became of an alert, by which value and threshold, and what was said about it'""",
)

EXAMS = (
    """CREATE TABLE exam_import (
        id uuid CONSTRAINT pk_exam_import PRIMARY KEY, file_digest text NOT NULL, rows integer NOT NULL,
        imported_at timestamptz NOT NULL, imported_by text NOT NULL, role text NOT NULL,
        rank integer NOT NULL, CONSTRAINT ck_exam_import_rank CHECK (rank BETWEEN 1 AND 3))""",
    "COMMENT ON TABLE exam_import IS 'Immutable: a table of exam results was loaded, by whom and when'",
    """CREATE TABLE exam_result (
        id uuid CONSTRAINT pk_exam_result PRIMARY KEY,
        import_id uuid NOT NULL CONSTRAINT fk_exam_result_import_id REFERENCES exam_import,
        organization_id uuid NOT NULL, exam text NOT NULL, academic_year integer NOT NULL, subject text NOT NULL,
        grade integer NOT NULL, date date NOT NULL, participants integer NOT NULL,
        twos integer, threes integer, fours integer, fives integer, below_minimum integer, mean_score numeric(5, 2),
        CONSTRAINT uq_exam_result_of UNIQUE (organization_id, academic_year, exam, subject, grade, date, import_id),
        CONSTRAINT ck_exam_result_exam CHECK (exam IN ('oge', 'ege', 'gve', 'vpr')),
        CONSTRAINT ck_exam_result_participants CHECK (participants >= 0),
        CONSTRAINT ck_exam_result_marks CHECK (num_nulls(twos, threes, fours, fives) = 4
            OR least(twos, threes, fours, fives) >= 0 AND twos + threes + fours + fives = participants),
        CONSTRAINT ck_exam_result_below_minimum CHECK (below_minimum BETWEEN 0 AND participants),
        CONSTRAINT ck_exam_result_mean_score CHECK (mean_score BETWEEN 0 AND 100))""",
    "CREATE INDEX ix_exam_result_import_id ON exam_result (import_id)",
    """COMMENT ON TABLE exam_result IS
        'Immutable: how a grade did in an exam; what the last import of the highest rank says of it stands, others are its versions'""",
)
