CREATE TABLE campaign (
    id UUID NOT NULL,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    academic_year INTEGER NOT NULL,
    title TEXT NOT NULL,
    rules TEXT NOT NULL,
    opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
    freeze_on DATE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    offers_version INTEGER DEFAULT '1' NOT NULL,
    boarding UUID[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_campaign PRIMARY KEY (id),
    CONSTRAINT ck_campaign_kind CHECK (kind IN ('preschool', 'preschool_supplementary', 'preschool_transfer', 'school_first_grade', 'school_second_wave', 'school_transfer')),
    CONSTRAINT ck_campaign_period CHECK (closes_at > opens_at),
    CONSTRAINT ck_campaign_municipality CHECK (municipality ~ '^[0-9]{8}$')
);

CREATE INDEX ix_campaign_municipality ON campaign (municipality, id);

COMMENT ON COLUMN campaign.freeze_on IS 'From then on places given are not allocated anew; null: always are';

COMMENT ON COLUMN campaign.offers_version IS 'Grows when offers are replaced';

COMMENT ON COLUMN campaign.boarding IS 'Organizations with a boarding house';
