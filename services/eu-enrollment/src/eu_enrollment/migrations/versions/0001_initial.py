"""Tables of the service.

Revision ID: 0001
Revises:
"""

from alembic import op

from orgdirectory import migrations as directory
from servicekit.migrations import runtime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE SEQUENCE application_accepted_seq AS bigint CACHE 1",
    """
    CREATE TABLE campaign (
        id UUID NOT NULL,
        municipality TEXT NOT NULL,
        kind TEXT NOT NULL,
        academic_year INTEGER NOT NULL,
        title TEXT NOT NULL,
        rules TEXT NOT NULL,
        opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
        closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        lottery_seed TEXT,
        offers_version INTEGER DEFAULT '1' NOT NULL,
        CONSTRAINT pk_campaign PRIMARY KEY (id),
        CONSTRAINT ck_campaign_kind CHECK (kind IN ('preschool', 'school_first_grade')),
        CONSTRAINT ck_campaign_period CHECK (closes_at > opens_at),
        CONSTRAINT ck_campaign_municipality CHECK (municipality ~ '^[0-9]{8}$')
    )
    """,
    "CREATE INDEX ix_campaign_municipality ON campaign (municipality, id)",
    "COMMENT ON COLUMN campaign.lottery_seed IS 'Set once, at the first allocation'",
    "COMMENT ON COLUMN campaign.offers_version IS 'Grows when offers are replaced'",
    """
    CREATE TABLE offer (
        campaign_id UUID NOT NULL,
        group_id UUID NOT NULL,
        organization_id UUID NOT NULL,
        places INTEGER NOT NULL,
        taken INTEGER DEFAULT '0' NOT NULL,
        CONSTRAINT pk_offer PRIMARY KEY (campaign_id, group_id),
        CONSTRAINT ck_offer_taken_within_places CHECK (taken BETWEEN 0 AND places),
        CONSTRAINT fk_offer_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
    )
    """,
    "CREATE INDEX ix_offer_organization_id ON offer (campaign_id, organization_id)",
    "COMMENT ON COLUMN offer.taken IS 'Live referrals; kept with them'",
    """
    CREATE TABLE application (
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        municipality TEXT NOT NULL,
        number TEXT NOT NULL,
        accepted_seq BIGINT NOT NULL,
        accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        client TEXT NOT NULL,
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
        CONSTRAINT pk_application PRIMARY KEY (id),
        CONSTRAINT ck_application_status CHECK (status IN ('registered','queued','referred','accepted','declined','ordered','enrolled','refused','withdrawn')),
        CONSTRAINT fk_application_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
        CONSTRAINT uq_application_number UNIQUE (number),
        CONSTRAINT uq_application_accepted_seq UNIQUE (accepted_seq)
    )
    """,
    "CREATE INDEX ix_application_campaign_id ON application (campaign_id, status, accepted_seq)",
    "CREATE INDEX ix_application_page ON application (campaign_id, id)",
    "CREATE UNIQUE INDEX uq_application_live_child ON application (campaign_id, child_key) WHERE status NOT IN ('refused', 'withdrawn')",
    "CREATE UNIQUE INDEX uq_application_live_document ON application (campaign_id, document_key) WHERE status NOT IN ('refused', 'withdrawn')",
    "COMMENT ON COLUMN application.municipality IS 'Of the campaign'",
    "COMMENT ON COLUMN application.accepted_seq IS 'The one order of the register'",
    "COMMENT ON COLUMN application.filed_at IS 'By the clock of the sender; informs only'",
    "COMMENT ON COLUMN application.client IS 'Account or machine client that sent it'",
    "COMMENT ON COLUMN application.child_key IS 'Keyed hash of the child''s СНИЛС, else of the document'",
    "COMMENT ON COLUMN application.document_key IS 'Keyed hash of the child''s document'",
    "COMMENT ON COLUMN application.key_version IS 'Key of the hashes'",
    "COMMENT ON COLUMN application.payload IS 'The body as accepted, encrypted'",
    "COMMENT ON COLUMN application.age IS 'Full years on the day the rules measure it'",
    "COMMENT ON COLUMN application.of_age IS 'Within the bounds of age of the rules'",
    "COMMENT ON COLUMN application.organization_id IS 'Where a place is held'",
    "COMMENT ON COLUMN application.attention IS 'Why an operator must look; the automatic check leaves it alone'",
    """
    CREATE TABLE application_choice (
        application_id UUID NOT NULL,
        rank SMALLINT NOT NULL,
        campaign_id UUID NOT NULL,
        organization_id UUID NOT NULL,
        priority SMALLINT NOT NULL,
        CONSTRAINT pk_application_choice PRIMARY KEY (application_id, rank),
        CONSTRAINT uq_application_choice_application_id_organization_id UNIQUE (application_id, organization_id),
        CONSTRAINT fk_application_choice_application_id FOREIGN KEY(application_id) REFERENCES application (id)
    )
    """,
    "CREATE INDEX ix_application_choice_queue ON application_choice (campaign_id, organization_id, priority)",
    "COMMENT ON COLUMN application_choice.rank IS 'From 1, most wanted first'",
    "COMMENT ON COLUMN application_choice.priority IS 'Strength of the right there by the rules; less is stronger'",
    """
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
        CONSTRAINT pk_application_history PRIMARY KEY (id),
        CONSTRAINT uq_application_history_application_id_version UNIQUE (application_id, version),
        CONSTRAINT fk_application_history_application_id FOREIGN KEY(application_id) REFERENCES application (id)
    )
    """,
    "COMMENT ON COLUMN application_history.actor IS 'Kind of actor'",
    "COMMENT ON COLUMN application_history.account_id IS 'Who exactly; null for the service itself'",
    "COMMENT ON COLUMN application_history.note IS 'A code that details the reason'",
    """
    CREATE TABLE allocation (
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        run_id UUID NOT NULL,
        rules TEXT NOT NULL,
        seed TEXT NOT NULL,
        input_hash TEXT NOT NULL,
        result_hash TEXT NOT NULL,
        applicants INTEGER NOT NULL,
        placed INTEGER NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_allocation PRIMARY KEY (id),
        CONSTRAINT fk_allocation_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
        CONSTRAINT uq_allocation_run_id UNIQUE (run_id)
    )
    """,
    "CREATE INDEX ix_allocation_page ON allocation (campaign_id, id)",
    """
    CREATE TABLE allocation_outcome (
        allocation_id UUID NOT NULL,
        application_id UUID NOT NULL,
        organization_id UUID,
        group_id UUID,
        rank SMALLINT,
        tie TEXT NOT NULL,
        passed_over JSONB NOT NULL,
        CONSTRAINT pk_allocation_outcome PRIMARY KEY (allocation_id, application_id),
        CONSTRAINT fk_allocation_outcome_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
        CONSTRAINT fk_allocation_outcome_application_id FOREIGN KEY(application_id) REFERENCES application (id)
    )
    """,
    "CREATE INDEX ix_allocation_outcome_application_id ON allocation_outcome (application_id)",
    "COMMENT ON COLUMN allocation_outcome.rank IS 'Which choice came true, from 1; null: none'",
    "COMMENT ON COLUMN allocation_outcome.tie IS 'Tie key used: register number or lot'",
    "COMMENT ON COLUMN allocation_outcome.passed_over IS 'More wanted organizations, whether they have a group for the child, the weakest key that got in'",
    """
    CREATE TABLE admission_order (
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        organization_id UUID NOT NULL,
        number TEXT NOT NULL,
        date DATE NOT NULL,
        effective_date DATE NOT NULL,
        applications INTEGER NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        CONSTRAINT pk_admission_order PRIMARY KEY (id),
        CONSTRAINT ck_admission_order_not_empty CHECK (applications > 0),
        CONSTRAINT uq_admission_order_organization_id_number_date UNIQUE (organization_id, number, date),
        CONSTRAINT fk_admission_order_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
    )
    """,
    "CREATE INDEX ix_admission_order_campaign_id ON admission_order (campaign_id)",
    "COMMENT ON COLUMN admission_order.applications IS 'How many it admits'",
    """
    CREATE TABLE referral (
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        application_id UUID NOT NULL,
        organization_id UUID NOT NULL,
        group_id UUID NOT NULL,
        allocation_id UUID NOT NULL,
        rank SMALLINT NOT NULL,
        status TEXT NOT NULL,
        answer_by DATE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        order_id UUID,
        admission_id UUID,
        CONSTRAINT pk_referral PRIMARY KEY (id),
        CONSTRAINT fk_referral_campaign_id_group_id FOREIGN KEY(campaign_id, group_id) REFERENCES offer (campaign_id, group_id),
        CONSTRAINT ck_referral_status CHECK (status IN ('pending','accepted','ordered','enrolled','declined','expired','withdrawn','rejected')),
        CONSTRAINT ck_referral_ordered CHECK ((status IN ('ordered', 'enrolled', 'rejected')) = (order_id IS NOT NULL AND admission_id IS NOT NULL)),
        CONSTRAINT fk_referral_application_id FOREIGN KEY(application_id) REFERENCES application (id),
        CONSTRAINT fk_referral_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
        CONSTRAINT fk_referral_order_id FOREIGN KEY(order_id) REFERENCES admission_order (id),
        CONSTRAINT uq_referral_admission_id UNIQUE (admission_id)
    )
    """,
    "CREATE INDEX ix_referral_accepted ON referral (campaign_id, organization_id) WHERE status = 'accepted'",
    "CREATE INDEX ix_referral_group_id ON referral (group_id) WHERE status IN ('pending', 'accepted', 'ordered', 'enrolled')",
    "CREATE INDEX ix_referral_page ON referral (campaign_id, id)",
    "CREATE INDEX ix_referral_pending ON referral (answer_by) WHERE status = 'pending'",
    "CREATE UNIQUE INDEX uq_referral_live_application ON referral (application_id) WHERE status IN ('pending', 'accepted', 'ordered', 'enrolled')",
    "COMMENT ON COLUMN referral.answer_by IS 'Last day to answer'",
    "COMMENT ON COLUMN referral.admission_id IS 'Id of the approval sent to the registry'",
)


def upgrade() -> None:
    runtime.create_v1()
    directory.create_organizations_v1()
    directory.create_groups_v1()
    for statement in STATEMENTS:
        op.execute(statement)
    runtime.grant("enrollment_app", ("application_history", "allocation", "allocation_outcome", "admission_order"))
