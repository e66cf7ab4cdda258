CREATE TABLE verification (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    due_on DATE NOT NULL,
    assignee TEXT,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked BOOLEAN DEFAULT 'false' NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by TEXT,
    source TEXT,
    note TEXT,
    holds_until DATE,
    metres INTEGER,
    CONSTRAINT pk_verification PRIMARY KEY (id),
    CONSTRAINT ck_verification_kind CHECK (kind IN ('benefit', 'sibling', 'orientation', 'address', 'distance', 'age', 'stay_document', 'language_test', 'held_place', 'duplicate', 'registry', 'condition')),
    CONSTRAINT ck_verification_state CHECK (state IN ('open', 'awaiting', 'confirmed', 'not_confirmed', 'dropped')),
    CONSTRAINT ck_verification_decided CHECK ((state IN ('confirmed', 'not_confirmed', 'dropped')) = (decided_at IS NOT NULL)),
    CONSTRAINT ck_verification_metres CHECK (metres IS NULL OR (kind = 'distance' AND metres BETWEEN 0 AND 1000000)),
    CONSTRAINT ck_verification_measured CHECK (metres IS NOT NULL OR kind <> 'distance' OR state <> 'confirmed'),
    CONSTRAINT ck_verification_said_why CHECK (state <> 'not_confirmed' OR note IS NOT NULL),
    CONSTRAINT fk_verification_application_id FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT fk_verification_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

CREATE UNIQUE INDEX uq_verification_undecided ON verification (application_id, kind, subject) WHERE state IN ('open', 'awaiting');

CREATE INDEX ix_verification_application_id ON verification (application_id);

CREATE INDEX ix_verification_due ON verification (municipality, due_on, id) WHERE state IN ('open', 'awaiting');

-- By when the family is to bring what is asked for: told with each step of the history.
CREATE FUNCTION documents_due(application UUID) RETURNS DATE LANGUAGE sql STABLE AS $$
    SELECT min(due_on) FROM verification WHERE application_id = application AND state = 'awaiting'
$$;

CREATE INDEX ix_verification_unasked ON verification (id) WHERE state = 'open' AND NOT asked;

COMMENT ON COLUMN verification.municipality IS 'Of the campaign';

COMMENT ON COLUMN verification.subject IS 'What of its kind; a code or an id, no personal data';

COMMENT ON COLUMN verification.due_on IS 'Last day for whoever is to act next';

COMMENT ON COLUMN verification.assignee IS 'Account of the operator who has taken it';

COMMENT ON COLUMN verification.asked IS 'The registries have been asked';

COMMENT ON COLUMN verification.decided_by IS 'Account; null where a registry, or the service itself, decided';

COMMENT ON COLUMN verification.holds_until IS 'Of a renewed document: while it is undecided, the last day of what was confirmed before';

COMMENT ON COLUMN verification.metres IS 'From home to the organization, as the operator has measured';

COMMENT ON COLUMN verification.source IS 'The registry that confirmed';
