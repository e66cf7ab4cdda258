"""Data definition of additional forms, frozen by version: what is published is held by a trigger."""

ADDITIONAL_FORMS = (
    """CREATE TABLE additional_form (
        id uuid CONSTRAINT pk_additional_form PRIMARY KEY, organization_id uuid, municipality text,
        title text NOT NULL, definition jsonb NOT NULL, respondents text[] NOT NULL, deadline date,
        version integer NOT NULL, changed_at timestamptz NOT NULL, changed_by text NOT NULL, published_at timestamptz,
        CONSTRAINT ck_additional_form_unit CHECK (organization_id IS NULL OR municipality IS NOT NULL),
        CONSTRAINT ck_additional_form_respondents CHECK ((organization_id IS NULL) = (cardinality(respondents) > 0)))""",
    "CREATE INDEX ix_additional_form_unit ON additional_form (municipality, organization_id)",
    """COMMENT ON TABLE additional_form IS
        'Forms that an organization, a municipality or the region asks by itself; frozen once published, by a trigger'""",
    """CREATE FUNCTION additional_form_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a published form does not change' USING ERRCODE = 'AS101';
    END $$""",
    """CREATE TRIGGER additional_form_frozen BEFORE UPDATE OR DELETE ON additional_form
        FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION additional_form_frozen()""",
    """CREATE TABLE additional_answer (
        form_id uuid NOT NULL CONSTRAINT fk_additional_answer_form_id REFERENCES additional_form,
        organization_id uuid NOT NULL, cells jsonb NOT NULL, version integer NOT NULL,
        changed_at timestamptz NOT NULL, changed_by text NOT NULL,
        CONSTRAINT pk_additional_answer PRIMARY KEY (form_id, organization_id))""",
    "COMMENT ON TABLE additional_answer IS 'What an organization filled in last, sent or not: values by row and column'",
    """CREATE TABLE additional_answer_sent (
        form_id uuid NOT NULL, organization_id uuid NOT NULL, version integer NOT NULL, cells jsonb NOT NULL,
        sent_at timestamptz NOT NULL, sent_by text NOT NULL,
        CONSTRAINT pk_additional_answer_sent PRIMARY KEY (form_id, organization_id, version),
        CONSTRAINT fk_additional_answer_sent_form_id_organization_id
            FOREIGN KEY (form_id, organization_id) REFERENCES additional_answer)""",
    "COMMENT ON TABLE additional_answer_sent IS 'Immutable: answers as they were sent; the newest stands until another is sent'",
)
