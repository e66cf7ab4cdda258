CREATE TABLE webhook (
    id UUID NOT NULL,
    client TEXT NOT NULL,
    url TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    disabled_reason TEXT,
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_secret_until TIMESTAMP WITH TIME ZONE,
    failing_since TIMESTAMP WITH TIME ZONE,
    paused_until TIMESTAMP WITH TIME ZONE,
    tx BIGINT NOT NULL,
    step_id BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_webhook PRIMARY KEY (id),
    CONSTRAINT ck_webhook_state CHECK (state IN ('active', 'disabled')),
    CONSTRAINT ck_webhook_reason CHECK ((state = 'disabled') = (disabled_reason IS NOT NULL)),
    CONSTRAINT ck_webhook_old_secret CHECK ((old_secret IS NULL) = (old_secret_until IS NULL))
);

CREATE INDEX ix_webhook_client ON webhook (client, id);

COMMENT ON COLUMN webhook.secret IS 'Encrypted';

COMMENT ON COLUMN webhook.old_secret IS 'Encrypted; signs beside the new one for a while';

COMMENT ON COLUMN webhook.failing_since IS 'Nothing was taken since';

COMMENT ON COLUMN webhook.paused_until IS 'The longer it fails, the longer it is left alone';

COMMENT ON COLUMN webhook.tx IS 'The last change that deliveries were made of, with step_id';

CREATE TABLE webhook_delivery (
    id UUID NOT NULL,
    webhook_id UUID NOT NULL,
    application_id UUID NOT NULL,
    status_seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts SMALLINT NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_status SMALLINT,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    receiver TEXT,
    exchange_id UUID,
    CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
    CONSTRAINT ck_webhook_delivery_state CHECK (state IN ('pending', 'delivered', 'dead')),
    CONSTRAINT ck_webhook_delivery_closed CHECK ((state = 'pending') = (closed_at IS NULL)),
    CONSTRAINT ck_webhook_delivery_receiver CHECK (state <> 'delivered' OR receiver IS NOT NULL),
    CONSTRAINT ck_webhook_delivery_exchange CHECK (exchange_id IS NULL OR state = 'delivered'),
    CONSTRAINT uq_webhook_delivery_webhook_id_application_id_status_seq UNIQUE (webhook_id, application_id, status_seq),
    CONSTRAINT fk_webhook_delivery_webhook_id FOREIGN KEY(webhook_id) REFERENCES webhook (id) ON DELETE CASCADE
);

CREATE INDEX ix_webhook_delivery_page ON webhook_delivery (webhook_id, state, id);

CREATE INDEX ix_webhook_delivery_due ON webhook_delivery (webhook_id, next_at) WHERE state = 'pending';

CREATE INDEX ix_webhook_delivery_closed_at ON webhook_delivery (closed_at) WHERE state <> 'pending';

CREATE INDEX ix_webhook_delivery_unrecorded ON webhook_delivery (webhook_id, id) WHERE state = 'delivered' AND exchange_id IS NULL;

CREATE INDEX ix_webhook_delivery_exchange_id ON webhook_delivery (exchange_id) WHERE exchange_id IS NOT NULL;

COMMENT ON COLUMN webhook_delivery.receiver IS 'Scheme and host that took it last';

COMMENT ON COLUMN webhook_delivery.exchange_id IS 'The outward exchange it is on record in';

COMMENT ON COLUMN webhook_delivery.id IS 'webhook-id of the notice';

COMMENT ON COLUMN webhook_delivery.body IS 'As it is sent; ids and codes, no names';

COMMENT ON COLUMN webhook_delivery.last_status IS 'What the address answered last';

COMMENT ON COLUMN webhook_delivery.last_error IS 'Why it could not be asked';

COMMENT ON COLUMN webhook_delivery.closed_at IS 'Taken or given up';
