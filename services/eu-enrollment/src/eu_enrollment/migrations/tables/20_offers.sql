CREATE TABLE offer (
    campaign_id UUID NOT NULL,
    group_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    places INTEGER NOT NULL,
    taken INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_offer PRIMARY KEY (campaign_id, group_id),
    CONSTRAINT ck_offer_taken_within_places CHECK (taken BETWEEN 0 AND places),
    CONSTRAINT fk_offer_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

CREATE INDEX ix_offer_organization_id ON offer (campaign_id, organization_id);

COMMENT ON COLUMN offer.taken IS 'Live referrals; kept with them';
