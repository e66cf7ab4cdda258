CREATE TABLE archive_signature (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL, archive_id uuid NOT NULL,
    attached_at timestamptz NOT NULL, attached_by text NOT NULL, role text NOT NULL,
    sha256 text NOT NULL, size integer NOT NULL, content text NOT NULL, signers jsonb NOT NULL,
    CONSTRAINT pk_archive_signature PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_archive_signature_file UNIQUE (organization_id, academic_year, archive_id, sha256),
    CONSTRAINT fk_archive_signature_archive FOREIGN KEY (organization_id, academic_year, archive_id)
        REFERENCES archive (organization_id, academic_year, id),
    CONSTRAINT ck_archive_signature_signers CHECK (jsonb_array_length(signers) > 0)) PARTITION BY LIST (academic_year);

COMMENT ON TABLE archive_signature IS
    'Immutable: detached signatures under the manifests of archives; content is encrypted, as it names officials';

CREATE FUNCTION archive_can_be_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM archive AS a
         WHERE a.organization_id = NEW.organization_id AND a.academic_year = NEW.academic_year AND a.id = NEW.archive_id
           AND a.manifest IS NOT NULL) THEN
        RAISE EXCEPTION 'an archive is signed when it is made' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER archive_can_be_signed BEFORE INSERT ON archive_signature FOR EACH ROW EXECUTE FUNCTION archive_can_be_signed()
