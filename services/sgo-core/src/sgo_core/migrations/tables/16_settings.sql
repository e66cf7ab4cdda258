CREATE TABLE setting_value (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    organization_id UUID,
    valid_from DATE NOT NULL,
    value JSONB,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_setting_value PRIMARY KEY (id),
    CONSTRAINT fk_setting_value_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);

CREATE UNIQUE INDEX uq_setting_value_day ON setting_value (name, organization_id, valid_from) NULLS NOT DISTINCT WHERE active;

CREATE INDEX ix_setting_value_organization_id ON setting_value (organization_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON setting_value
    FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');
