-- The kind of place that a preschool group gives: what a child must be able to take to sit there. Groups of early age are general ones:
-- their ages say the rest. Null: not known, so that nobody is seated there.
CREATE FUNCTION place_kind(orientation TEXT, disorder TEXT, stay_mode TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN orientation <> 'unknown' AND stay_mode <> 'unknown'
                THEN CASE orientation WHEN 'early' THEN 'general' ELSE orientation END || coalesce(':' || disorder, '') || '/' || stay_mode
           END
$$;

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
