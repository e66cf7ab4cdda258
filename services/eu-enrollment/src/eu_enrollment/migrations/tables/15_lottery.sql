CREATE TABLE lottery (
    campaign_id UUID NOT NULL,
    commitment TEXT NOT NULL,
    sealed TEXT NOT NULL,
    beacon TEXT,
    committed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_lottery PRIMARY KEY (campaign_id),
    CONSTRAINT ck_lottery_commitment CHECK (commitment ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_lottery_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

COMMENT ON COLUMN lottery.commitment IS 'SHA-256 of the seed, shown from the first day';

COMMENT ON COLUMN lottery.sealed IS 'The seed, encrypted';

COMMENT ON COLUMN lottery.beacon IS 'Which later public draw is mixed in; null: none';

CREATE TABLE lottery_draw (
    campaign_id UUID NOT NULL,
    seed TEXT NOT NULL,
    outcome TEXT,
    drawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_lottery_draw PRIMARY KEY (campaign_id),
    CONSTRAINT ck_lottery_draw_seed CHECK (seed ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_lottery_draw_campaign_id FOREIGN KEY(campaign_id) REFERENCES lottery (campaign_id)
);

COMMENT ON COLUMN lottery_draw.seed IS 'What was committed to';

COMMENT ON COLUMN lottery_draw.outcome IS 'What the public draw came to; null: none is mixed in';
