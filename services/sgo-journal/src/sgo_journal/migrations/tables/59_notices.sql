CREATE TABLE notice (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    learners_id uuid NOT NULL, kind text NOT NULL, date date NOT NULL, until date, number smallint,
    source_id uuid NOT NULL, journal_id uuid, old jsonb NOT NULL, new jsonb NOT NULL, text text, made_at timestamptz NOT NULL,
    CONSTRAINT pk_notice PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_notice_days CHECK (until > date)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_notice_learners_id ON notice (organization_id, academic_year, learners_id, id)
