CREATE TABLE archive (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    learners_id uuid, made_by uuid NOT NULL, made_at timestamptz NOT NULL, sealed_block integer, sealed_hash bytea,
    finished_at timestamptz, manifest text, manifest_sha256 bytea, failed_at timestamptz, failure text,
    CONSTRAINT pk_archive PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_archive_sealed CHECK ((sealed_block IS NULL) = (sealed_hash IS NULL)),
    CONSTRAINT ck_archive_finished CHECK (num_nulls(finished_at, manifest, manifest_sha256) IN (0, 3)),
    CONSTRAINT ck_archive_failed CHECK ((failed_at IS NULL) = (failure IS NULL)),
    CONSTRAINT ck_archive_ended_once CHECK (finished_at IS NULL OR failed_at IS NULL)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_archive_id ON archive (id);

CREATE UNIQUE INDEX uq_archive_in_progress ON archive (organization_id, academic_year) WHERE finished_at IS NULL AND failed_at IS NULL;

CREATE TABLE archive_file (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    archive_id uuid NOT NULL, journal_id uuid NOT NULL, learners_id uuid NOT NULL, name text NOT NULL, size integer, sha256 bytea,
    read_at timestamptz, student_ids uuid[], sealed_block integer, sealed_hash bytea,
    CONSTRAINT pk_archive_file PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_archive_file_journal UNIQUE (organization_id, academic_year, archive_id, journal_id),
    CONSTRAINT uq_archive_file_name UNIQUE (organization_id, academic_year, archive_id, name),
    CONSTRAINT fk_archive_file_archive FOREIGN KEY (organization_id, academic_year, archive_id)
        REFERENCES archive (organization_id, academic_year, id),
    CONSTRAINT fk_archive_file_journal FOREIGN KEY (organization_id, academic_year, journal_id)
        REFERENCES journal (organization_id, academic_year, id),
    CONSTRAINT ck_archive_file_made CHECK (num_nulls(size, sha256, read_at, student_ids) IN (0, 4)),
    CONSTRAINT ck_archive_file_sealed CHECK ((sealed_block IS NULL) = (sealed_hash IS NULL))) PARTITION BY LIST (academic_year);

CREATE FUNCTION refuse_archived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is archived stays as it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER an_ended_archive BEFORE UPDATE ON archive FOR EACH ROW
    WHEN (OLD.finished_at IS NOT NULL OR OLD.failed_at IS NOT NULL) EXECUTE FUNCTION refuse_archived();

CREATE TRIGGER a_made_archive_file BEFORE UPDATE ON archive_file FOR EACH ROW
    WHEN (OLD.sha256 IS NOT NULL) EXECUTE FUNCTION refuse_archived()
