CREATE TABLE referral (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    application_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    group_id UUID NOT NULL,
    allocation_id UUID NOT NULL,
    rank SMALLINT NOT NULL,
    leaves_group_id UUID,
    status TEXT NOT NULL,
    answer_by DATE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    order_id UUID,
    admission_id UUID,
    CONSTRAINT pk_referral PRIMARY KEY (id),
    CONSTRAINT fk_referral_campaign_id_group_id FOREIGN KEY(campaign_id, group_id) REFERENCES offer (campaign_id, group_id),
    CONSTRAINT ck_referral_status CHECK (status IN ('pending','accepted','ordered','enrolled','declined','expired','withdrawn','rejected','replaced')),
    CONSTRAINT ck_referral_ordered CHECK ((status IN ('ordered', 'enrolled', 'rejected')) = (order_id IS NOT NULL AND admission_id IS NOT NULL)),
    CONSTRAINT fk_referral_application_id FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT fk_referral_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
    CONSTRAINT fk_referral_order_id FOREIGN KEY(order_id) REFERENCES admission_order (id),
    CONSTRAINT uq_referral_admission_id UNIQUE (admission_id)
);

CREATE INDEX ix_referral_accepted ON referral (campaign_id, organization_id) WHERE status = 'accepted';

CREATE INDEX ix_referral_group_id ON referral (group_id) WHERE status IN ('pending', 'accepted', 'ordered', 'enrolled');

CREATE INDEX ix_referral_page ON referral (campaign_id, id);

CREATE INDEX ix_referral_pending ON referral (answer_by) WHERE status = 'pending';

CREATE UNIQUE INDEX uq_referral_live_application ON referral (application_id) WHERE status IN ('pending', 'accepted', 'ordered', 'enrolled');

COMMENT ON COLUMN referral.leaves_group_id IS 'Group whose place the child leaves for this one';

COMMENT ON COLUMN referral.answer_by IS 'Last day to answer';

COMMENT ON COLUMN referral.admission_id IS 'Id of the approval sent to the registry';
