CREATE TABLE consent (
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    organization_id UUID,
    operator TEXT NOT NULL,
    purposes TEXT[] NOT NULL,
    fields TEXT[] NOT NULL,
    given_by UUID,
    method TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until DATE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_consent PRIMARY KEY (id),
    CONSTRAINT uq_consent_subject_id_operator_given_at UNIQUE (subject_id, operator, given_at),
    CONSTRAINT fk_consent_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_consent_subject_kind CHECK (subject_kind IN ('student', 'guardian', 'worker')),
    CONSTRAINT ck_consent_method CHECK (method IN ('paper', 'electronic', 'application')),
    CONSTRAINT ck_consent_purposes CHECK (cardinality(purposes) > 0),
    CONSTRAINT ck_consent_withdrawn CHECK (withdrawn_at >= given_at)
);

CREATE INDEX ix_consent_valid_until ON consent (valid_until) WHERE withdrawn_at IS NULL;

CREATE TRIGGER keep_history BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION keep_history('{subject_id}', '{}');

CREATE TABLE field_ground (
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    field TEXT NOT NULL,
    "ground" TEXT NOT NULL,
    document TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_field_ground PRIMARY KEY (id),
    CONSTRAINT fk_field_ground_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_field_ground_subject_kind CHECK (subject_kind IN ('student', 'guardian', 'worker')),
    CONSTRAINT ck_field_ground_interval CHECK (valid_to >= valid_from)
);

CREATE INDEX ix_field_ground_subject_id ON field_ground (subject_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON field_ground FOR EACH ROW EXECUTE FUNCTION keep_history('{subject_id}', '{}');

CREATE TABLE legal_hold (
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    document TEXT NOT NULL,
    placed_on DATE NOT NULL,
    lifted_on DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_legal_hold PRIMARY KEY (id),
    CONSTRAINT fk_legal_hold_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT ck_legal_hold_subject_kind CHECK (subject_kind IN ('student', 'guardian', 'worker')),
    CONSTRAINT ck_legal_hold_interval CHECK (lifted_on >= placed_on)
);

CREATE INDEX ix_legal_hold_subject_id ON legal_hold (subject_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON legal_hold FOR EACH ROW EXECUTE FUNCTION keep_history('{subject_id}', '{}');

CREATE TABLE erasure (
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    organization_id UUID,
    fields TEXT[] NOT NULL,
    cause TEXT NOT NULL,
    consent_id UUID,
    scheduled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_on DATE NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    erased TEXT[],
    CONSTRAINT pk_erasure PRIMARY KEY (id),
    CONSTRAINT uq_erasure_consent_id UNIQUE (consent_id),
    CONSTRAINT fk_erasure_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_erasure_consent_id FOREIGN KEY(consent_id) REFERENCES consent (id),
    CONSTRAINT ck_erasure_subject_kind CHECK (subject_kind IN ('student', 'guardian', 'worker')),
    CONSTRAINT ck_erasure_cause CHECK (cause IN ('withdrawal', 'expiry', 'request', 'retention')),
    CONSTRAINT ck_erasure_fields CHECK (cardinality(fields) > 0),
    CONSTRAINT ck_erasure_done CHECK ((done_at IS NULL) = (erased IS NULL) AND erased <@ fields)
);

CREATE INDEX ix_erasure_due_on ON erasure (due_on) WHERE done_at IS NULL;

CREATE INDEX ix_erasure_organization_id ON erasure (organization_id, id);

CREATE INDEX ix_erasure_subject_id ON erasure (subject_id);

-- Takes values out of the kept states of a card, and records that stand beside it away with theirs. The application may not change what is kept, so this runs as the owner of the table,
-- and only for what an erasure that has come due names; cards that were merged into this one are the same person's.
CREATE FUNCTION erase_history(erasure_id UUID, names TEXT[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    due erasure%ROWTYPE;
    doomed TEXT[] := names;
    cards UUID[];
    record TEXT;
    gone UUID[];
    projects UUID[];
BEGIN
    SELECT * INTO STRICT due FROM erasure WHERE id = erasure_id AND done_at IS NULL AND due_on <= current_date + 1;
    IF NOT names <@ due.fields THEN
        RAISE EXCEPTION 'erasure % does not name all of these fields', erasure_id;
    END IF;
    -- What finds the person by a field goes with it.
    IF 'snils' = ANY (names) THEN doomed := doomed || 'snils_key'::TEXT; END IF;
    IF 'document' = ANY (names) THEN doomed := doomed || 'document_key'::TEXT; END IF;
    IF 'last_name' = ANY (names) THEN doomed := doomed || 'search_name'::TEXT; END IF;
    cards := ARRAY(
        SELECT due.subject_id UNION ALL
        SELECT id FROM student WHERE merged_into = due.subject_id UNION ALL
        SELECT id FROM guardian WHERE merged_into = due.subject_id UNION ALL
        SELECT id FROM worker WHERE merged_into = due.subject_id
    );
    UPDATE row_history SET row = row - doomed WHERE relation = due.subject_kind AND row_id = ANY (cards);
    -- What was said of doubts may repeat what is erased, and holds no longer: the card has changed.
    UPDATE quality_issue SET explanation = NULL, explained_by = NULL, explained_at = NULL, card_version = NULL, version = version + 1
    WHERE card_kind = due.subject_kind AND card_id = ANY (cards) AND explanation IS NOT NULL;
    UPDATE row_history SET row = row - 'explanation' WHERE relation = 'quality_issue' AND subjects && cards;
    projects := ARRAY(SELECT project_id FROM project_member WHERE student_id = ANY (cards) OR worker_id = ANY (cards));
    FOREACH record IN ARRAY ARRAY['achievement', 'portfolio_entry', 'project_member', 'methodical_work', 'attestation'] LOOP
        CONTINUE WHEN record <> ALL (names);
        EXECUTE format('WITH gone AS (DELETE FROM %I WHERE %I = ANY ($1) RETURNING id) SELECT array_agg(id) FROM gone',
                       record, due.subject_kind || '_id') INTO gone USING cards;
        DELETE FROM row_history WHERE relation = record AND row_id = ANY (gone);
    END LOOP;
    -- Of a project whose member is gone nothing stays that may tell of the person; one that nobody is left of goes too.
    IF 'project_member' = ANY (names) THEN
        UPDATE project SET annotation = NULL WHERE id = ANY (projects) AND annotation IS NOT NULL;
        DELETE FROM project p WHERE p.id = ANY (projects) AND NOT EXISTS (SELECT FROM project_member m WHERE m.project_id = p.id);
        UPDATE row_history SET row = row - 'annotation' WHERE relation = 'project' AND row_id = ANY (projects);
        DELETE FROM row_history h WHERE h.relation = 'project' AND h.row_id = ANY (projects)
            AND NOT EXISTS (SELECT FROM project p WHERE p.id = h.row_id);
    END IF;
END
$$;

ALTER TABLE attachment ADD CONSTRAINT fk_attachment_consent_id FOREIGN KEY (consent_id) REFERENCES consent (id);
