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
);

CREATE INDEX ix_admission_order_page ON admission_order (campaign_id, id);

COMMENT ON COLUMN admission_order.applications IS 'How many it admits';

CREATE TABLE order_annulment (
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    account_id TEXT NOT NULL,
    CONSTRAINT pk_order_annulment PRIMARY KEY (id),
    CONSTRAINT uq_order_annulment_order_id UNIQUE (order_id),
    CONSTRAINT fk_order_annulment_order_id FOREIGN KEY(order_id) REFERENCES admission_order (id)
);
