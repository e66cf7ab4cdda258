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
    due_on DATE,
    contract_number TEXT,
    contract_date DATE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    order_id UUID,
    admission_id UUID,
    from_organization_id UUID,
    CONSTRAINT pk_referral PRIMARY KEY (id),
    CONSTRAINT fk_referral_campaign_id_group_id FOREIGN KEY(campaign_id, group_id) REFERENCES offer (campaign_id, group_id),
    CONSTRAINT ck_referral_status CHECK (status IN ('pending', 'accepted', 'contract', 'contracted', 'ordered', 'enrolled', 'declined', 'no_show', 'withdrawn', 'rejected', 'replaced')),
    CONSTRAINT ck_referral_due CHECK (due_on IS NOT NULL OR NOT status IN ('pending', 'accepted', 'contract', 'contracted')),
    CONSTRAINT ck_referral_contract CHECK ((contract_number IS NULL) = (contract_date IS NULL)),
    CONSTRAINT ck_referral_contracted CHECK (status <> 'contracted' OR contract_number IS NOT NULL),
    CONSTRAINT ck_referral_ordered CHECK ((status IN ('ordered', 'enrolled', 'rejected')) = (order_id IS NOT NULL AND admission_id IS NOT NULL)),
    CONSTRAINT ck_referral_origin CHECK (from_organization_id IS NULL OR order_id IS NOT NULL),
    CONSTRAINT ck_referral_two_organizations CHECK (from_organization_id <> organization_id),
    CONSTRAINT fk_referral_application_id FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT fk_referral_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
    CONSTRAINT fk_referral_order_id FOREIGN KEY(order_id) REFERENCES admission_order (id),
    CONSTRAINT uq_referral_admission_id UNIQUE (admission_id)
);

CREATE INDEX ix_referral_application_id ON referral (application_id, id);

CREATE INDEX ix_referral_due ON referral (campaign_id, status, due_on, id) WHERE status IN ('pending', 'accepted', 'contract', 'contracted');

CREATE INDEX ix_referral_lapsing ON referral (due_on) WHERE status IN ('pending', 'contract');

CREATE INDEX ix_referral_leaves_group_id ON referral (leaves_group_id) WHERE leaves_group_id IS NOT NULL;

CREATE INDEX ix_referral_order_id ON referral (order_id);

CREATE INDEX ix_referral_organization_id ON referral (campaign_id, organization_id, status, id);

CREATE INDEX ix_referral_group_id ON referral (group_id) WHERE status IN ('pending', 'accepted', 'contract', 'contracted', 'ordered', 'enrolled');

CREATE INDEX ix_referral_page ON referral (campaign_id, id);

CREATE UNIQUE INDEX uq_referral_live_application ON referral (application_id) WHERE status IN ('pending', 'accepted', 'contract', 'contracted', 'ordered', 'enrolled');

COMMENT ON COLUMN referral.leaves_group_id IS 'Group whose place the child leaves for this one';

COMMENT ON COLUMN referral.answer_by IS 'Last day to answer';

COMMENT ON COLUMN referral.due_on IS 'Last day of the step it stands at, kept once it is ordered';

COMMENT ON COLUMN referral.admission_id IS 'Id of the approval sent to the registry';

COMMENT ON COLUMN referral.from_organization_id IS 'Where the child comes from, as the order says';

CREATE TABLE referral_extension (
    referral_id UUID NOT NULL,
    step TEXT NOT NULL,
    due_before DATE NOT NULL,
    due_on DATE NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    account_id TEXT NOT NULL,
    CONSTRAINT pk_referral_extension PRIMARY KEY (referral_id, step),
    CONSTRAINT ck_referral_extension_later CHECK (due_on > due_before),
    CONSTRAINT fk_referral_extension_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id)
);

COMMENT ON COLUMN referral_extension.step IS 'Status whose term was extended: once each';

-- No child is given a place of a kind that it cannot take, nor one of a kind that is not known.
CREATE FUNCTION referral_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT FROM given g JOIN application a ON a.id = g.application_id JOIN directory_group d ON d.id = g.group_id
                WHERE g.status = 'pending' AND d.kind = 'preschool_group'
                  AND NOT coalesce(a.kinds ? place_kind(d.orientation, d.disorder, d.stay_mode), false)) THEN
        RAISE EXCEPTION 'a place of a kind that the child cannot take' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER referral_fits AFTER INSERT ON referral REFERENCING NEW TABLE AS given
FOR EACH STATEMENT EXECUTE FUNCTION referral_fits();
