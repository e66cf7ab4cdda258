CREATE SEQUENCE application_accepted_seq AS bigint CACHE 1;

CREATE TABLE application (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    municipality TEXT NOT NULL,
    line TEXT NOT NULL,
    number TEXT NOT NULL,
    accepted_seq BIGINT NOT NULL,
    queue_seq BIGINT NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    client TEXT NOT NULL,
    external_id UUID NOT NULL,
    channel TEXT NOT NULL,
    child_key BYTEA NOT NULL,
    document_key BYTEA NOT NULL,
    key_version TEXT NOT NULL,
    payload TEXT NOT NULL,
    payload_hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    benefit TEXT,
    age SMALLINT NOT NULL,
    of_age BOOLEAN NOT NULL,
    desired_from DATE NOT NULL,
    status TEXT NOT NULL,
    status_changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    organization_id UUID,
    attention TEXT,
    need_confirmed_on DATE,
    examined BOOLEAN DEFAULT 'false' NOT NULL,
    grade SMALLINT,
    live_among TEXT,
    findings JSONB DEFAULT '[]' NOT NULL,
    orientation TEXT,
    stay_modes JSONB,
    kinds JSONB,
    agree_other BOOLEAN DEFAULT 'false' NOT NULL,
    apart_allowed BOOLEAN DEFAULT 'true' NOT NULL,
    held_organization_id UUID,
    held_group_id UUID,
    told_until DATE,
    judged_until DATE,
    family_key UUID,
    due_on DATE,
    waits BOOLEAN GENERATED ALWAYS AS (status = 'queued' OR status = 'redirected' AND coalesce(attention, 'rights_stated') IN ('rights_stated', 'applied_elsewhere') OR status = 'registered' AND of_age AND attention IS NULL) STORED NOT NULL,
    CONSTRAINT pk_application PRIMARY KEY (id),
    CONSTRAINT ck_application_status CHECK (line = 'preschool' AND status IN ('registered','documents_required','queued','referred','accepted','contract','contracted','ordered','enrolled','declined','no_show','frozen','refused','withdrawn','archived') OR line = 'school' AND status IN ('registered','documents_required','queued','referred','accepted','ordered','enrolled','declined','no_show','frozen','redirected','refused','withdrawn','archived')),
    CONSTRAINT ck_application_channel CHECK (channel IN ('portal', 'post', 'mfc', 'in_person')),
    CONSTRAINT ck_application_grade CHECK (grade BETWEEN 1 AND 11),
    CONSTRAINT ck_application_stay_modes CHECK ((stay_modes IS NOT NULL) = (line = 'preschool')),
    CONSTRAINT ck_application_orientation CHECK (orientation IS NULL OR line = 'preschool'),
    CONSTRAINT ck_application_kinds CHECK ((kinds IS NOT NULL) = (line = 'preschool')),
    CONSTRAINT ck_application_held CHECK ((held_organization_id IS NULL) = (held_group_id IS NULL)),
    CONSTRAINT fk_application_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
    CONSTRAINT uq_application_number UNIQUE (number),
    CONSTRAINT uq_application_accepted_seq UNIQUE (accepted_seq),
    CONSTRAINT uq_application_queue_seq UNIQUE (queue_seq)
);

CREATE INDEX ix_application_campaign_id ON application (campaign_id, status, queue_seq);

CREATE INDEX ix_application_page ON application (campaign_id, id);

CREATE INDEX ix_application_external_id ON application (external_id);

CREATE INDEX ix_application_family_key ON application (family_key) WHERE family_key IS NOT NULL;

CREATE INDEX ix_application_judged_until ON application (campaign_id, judged_until) WHERE judged_until IS NOT NULL;

CREATE INDEX ix_application_unexamined ON application (id) WHERE status = 'registered' AND NOT examined;

CREATE UNIQUE INDEX uq_application_live_child ON application (campaign_id, child_key) WHERE status NOT IN ('refused', 'withdrawn', 'archived');

CREATE UNIQUE INDEX uq_application_seeking_child ON application (live_among, child_key)
    WHERE live_among IS NOT NULL AND status NOT IN ('refused', 'withdrawn', 'archived', 'enrolled');

CREATE UNIQUE INDEX uq_application_seeking_document ON application (live_among, document_key)
    WHERE live_among IS NOT NULL AND status NOT IN ('refused', 'withdrawn', 'archived', 'enrolled');

CREATE UNIQUE INDEX uq_application_live_document ON application (campaign_id, document_key) WHERE status NOT IN ('refused', 'withdrawn', 'archived');

COMMENT ON COLUMN application.municipality IS 'Of the campaign';

COMMENT ON COLUMN application.line IS 'Of the campaign: whose machine it goes by';

COMMENT ON COLUMN application.accepted_seq IS 'The one order of the register';

COMMENT ON COLUMN application.queue_seq IS 'Order in the queue: accepted_seq, until a change loses it';

COMMENT ON COLUMN application.filed_at IS 'By the clock of the sender; informs only';

COMMENT ON COLUMN application.client IS 'Account or machine client that sent it';

COMMENT ON COLUMN application.external_id IS 'The sender''s own id of it';

COMMENT ON COLUMN application.channel IS 'How it came; a portal''s own or what an operator entered';

COMMENT ON COLUMN application.child_key IS 'Keyed hash of the child''s СНИЛС, else of the document';

COMMENT ON COLUMN application.document_key IS 'Keyed hash of the child''s document';

COMMENT ON COLUMN application.key_version IS 'Key of the hashes';

COMMENT ON COLUMN application.payload IS 'The body as accepted, encrypted';

COMMENT ON COLUMN application.benefit IS 'The strongest category stated';

COMMENT ON COLUMN application.age IS 'Full years on the day the rules measure it';

COMMENT ON COLUMN application.of_age IS 'Within the bounds of age of the rules';

COMMENT ON COLUMN application.organization_id IS 'Where a place is held';

COMMENT ON COLUMN application.attention IS 'Why an operator must look: what is checked, or went wrong';

COMMENT ON COLUMN application.need_confirmed_on IS 'When the family last said that it still needs a place';

COMMENT ON COLUMN application.examined IS 'Its verifications have been opened';

COMMENT ON COLUMN application.grade IS 'Of a school';

COMMENT ON COLUMN application.live_among IS 'Campaigns among which a child has one live application; null: its own alone';

COMMENT ON COLUMN application.findings IS 'Codes of conditions that are not met';

COMMENT ON COLUMN application.orientation IS 'Of the preschool group that the child needs';

COMMENT ON COLUMN application.stay_modes IS 'How long the child may stay in a preschool group, as stated, most wanted first';

COMMENT ON COLUMN application.kinds IS 'Kinds of places that the child can take, as confirmed, most wanted first';

COMMENT ON COLUMN application.agree_other IS 'Any other organization may be offered';

COMMENT ON COLUMN application.apart_allowed IS 'From brothers and sisters';

COMMENT ON COLUMN application.held_organization_id IS 'Where the child has a place already';

COMMENT ON COLUMN application.judged_until IS 'Last day of which judging its rights holds; null: no change is in sight';

COMMENT ON COLUMN application.told_until IS 'The last such day that the family has been warned of';

COMMENT ON COLUMN application.family_key IS 'Shared by brothers and sisters who apply together';

COMMENT ON COLUMN application.due_on IS 'Last day of whoever is to act next, where the step that led here set one';

COMMENT ON COLUMN application.waits IS 'Stands in the queue: checked, or nothing stands against it';

CREATE TABLE application_choice (
    application_id UUID NOT NULL,
    rank SMALLINT NOT NULL,
    campaign_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    priority INTEGER NOT NULL,
    reserves TEXT[] DEFAULT '{}' NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE,
    entered_by TEXT,
    CONSTRAINT ck_application_choice_entered CHECK ((entered_at IS NULL) = (entered_by IS NULL)),
    CONSTRAINT pk_application_choice PRIMARY KEY (application_id, rank),
    CONSTRAINT uq_application_choice_application_id_organization_id UNIQUE (application_id, organization_id),
    CONSTRAINT fk_application_choice_application_id FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE INDEX ix_application_choice_queue ON application_choice (campaign_id, organization_id, priority);

COMMENT ON COLUMN application_choice.rank IS 'From 1, most wanted first';

COMMENT ON COLUMN application_choice.priority IS 'Strength of the right there by the rules; less is stronger';

COMMENT ON COLUMN application_choice.reserves IS 'Kinds of reserved places there that it may take, as confirmed';

COMMENT ON COLUMN application_choice.entered_at IS 'Since when it stands in the queue so; null: since the application was accepted';

COMMENT ON COLUMN application_choice.entered_by IS 'Step of the application that brought it there';

CREATE TABLE application_history (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    application_id UUID NOT NULL,
    version INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    account_id TEXT,
    reason TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    note TEXT,
    ground TEXT,
    due_on DATE,
    documents_due DATE,
    organization_id UUID,
    fields TEXT[],
    queue_seq BIGINT,
    tx BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint,
    CONSTRAINT pk_application_history PRIMARY KEY (id),
    CONSTRAINT uq_application_history_application_id_version UNIQUE (application_id, version),
    CONSTRAINT fk_application_history_application_id FOREIGN KEY(application_id) REFERENCES application (id)
);

COMMENT ON COLUMN application_history.actor IS 'Kind of actor';

COMMENT ON COLUMN application_history.account_id IS 'Who exactly; null for the service itself';

COMMENT ON COLUMN application_history.note IS 'A code that details the reason, or an operator''s words';

COMMENT ON COLUMN application_history.ground IS 'Of a refusal, by the rules of the campaign';

COMMENT ON COLUMN application_history.due_on IS 'Last day of whoever is to act next';

COMMENT ON COLUMN application_history.documents_due IS 'Last day of the family for the documents asked of it';

COMMENT ON COLUMN application_history.organization_id IS 'Where a place is held after the step';

COMMENT ON COLUMN application_history.fields IS 'What of the contents has changed, by names';

COMMENT ON COLUMN application_history.queue_seq IS 'The new order in the queue, where the change lost the old one';

CREATE INDEX ix_application_history_changes ON application_history (tx, id);

COMMENT ON COLUMN application_history.tx IS 'Transaction of the step: what readers of changes go by';
