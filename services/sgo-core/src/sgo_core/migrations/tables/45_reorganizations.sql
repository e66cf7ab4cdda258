CREATE TABLE reorganization (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    document_title TEXT NOT NULL,
    document_number TEXT NOT NULL,
    document_date DATE NOT NULL,
    effective_date DATE NOT NULL,
    plan JSONB NOT NULL,
    remark TEXT,
    drafted_by TEXT NOT NULL,
    confirmed_by TEXT,
    done_at TIMESTAMP WITH TIME ZONE,
    result JSONB,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_reorganization PRIMARY KEY (id),
    CONSTRAINT ck_reorganization_kind CHECK (kind IN ('merger', 'accession', 'division', 'separation', 'transformation', 'rename', 'liquidation', 'founder_change', 'branch_transfer')),
    CONSTRAINT ck_reorganization_state CHECK (state IN ('draft', 'confirmed', 'running', 'done', 'withdrawn')),
    CONSTRAINT ck_reorganization_two_persons CHECK (confirmed_by <> drafted_by),
    CONSTRAINT ck_reorganization_confirmed CHECK (state NOT IN ('confirmed', 'running', 'done') OR confirmed_by IS NOT NULL),
    CONSTRAINT ck_reorganization_done CHECK ((state = 'done') = (done_at IS NOT NULL))
);

CREATE TRIGGER keep_history BEFORE UPDATE ON reorganization FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

-- An act that was carried out is never edited: another one changes what it did.
CREATE FUNCTION act_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reorganization % is %', OLD.id, OLD.state USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER act_is_final BEFORE UPDATE ON reorganization FOR EACH ROW WHEN (OLD.state IN ('done', 'withdrawn'))
    EXECUTE FUNCTION act_is_final();

CREATE TABLE reorganization_party (
    reorganization_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    role TEXT NOT NULL,
    CONSTRAINT pk_reorganization_party PRIMARY KEY (reorganization_id, organization_id),
    CONSTRAINT ck_reorganization_party_role CHECK (role IN ('predecessor', 'successor')),
    CONSTRAINT fk_reorganization_party_reorganization_id FOREIGN KEY(reorganization_id) REFERENCES reorganization (id),
    CONSTRAINT fk_reorganization_party_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);

CREATE INDEX ix_reorganization_party_organization_id ON reorganization_party (organization_id, reorganization_id);

CREATE TABLE reorganization_route (
    reorganization_id UUID NOT NULL,
    group_id UUID NOT NULL,
    origin_id UUID NOT NULL,
    organization_id UUID,
    to_group_id UUID,
    reason TEXT NOT NULL,
    destination TEXT,
    CONSTRAINT pk_reorganization_route PRIMARY KEY (reorganization_id, group_id),
    CONSTRAINT ck_reorganization_route_target CHECK ((organization_id IS NULL) = (to_group_id IS NULL)),
    CONSTRAINT fk_reorganization_route_reorganization_id FOREIGN KEY(reorganization_id) REFERENCES reorganization (id),
    CONSTRAINT fk_reorganization_route_group_id FOREIGN KEY(group_id) REFERENCES study_group (id),
    CONSTRAINT fk_reorganization_route_origin_id FOREIGN KEY(origin_id) REFERENCES organization (id),
    CONSTRAINT fk_reorganization_route_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_reorganization_route_to_group_id FOREIGN KEY(to_group_id) REFERENCES study_group (id)
);

CREATE INDEX ix_reorganization_route_group_id ON reorganization_route (group_id);

CREATE TABLE reorganization_part (
    reorganization_id UUID NOT NULL,
    teaching_group_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    to_teaching_group_id UUID NOT NULL,
    CONSTRAINT pk_reorganization_part PRIMARY KEY (reorganization_id, teaching_group_id, organization_id),
    CONSTRAINT uq_reorganization_part_to_teaching_group_id UNIQUE (to_teaching_group_id),
    CONSTRAINT fk_reorganization_part_reorganization_id FOREIGN KEY(reorganization_id) REFERENCES reorganization (id),
    CONSTRAINT fk_reorganization_part_teaching_group_id FOREIGN KEY(teaching_group_id) REFERENCES teaching_group (id),
    CONSTRAINT fk_reorganization_part_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_reorganization_part_to_teaching_group_id FOREIGN KEY(to_teaching_group_id) REFERENCES teaching_group (id)
);

CREATE TABLE reorganization_order (
    reorganization_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    order_id UUID NOT NULL,
    CONSTRAINT pk_reorganization_order PRIMARY KEY (reorganization_id, organization_id),
    CONSTRAINT uq_reorganization_order_order_id UNIQUE (order_id),
    CONSTRAINT fk_reorganization_order_reorganization_id FOREIGN KEY(reorganization_id) REFERENCES reorganization (id),
    CONSTRAINT fk_reorganization_order_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_reorganization_order_order_id FOREIGN KEY(order_id) REFERENCES movement_order (id)
);

CREATE TABLE succession (
    reorganization_id UUID NOT NULL,
    predecessor_id UUID NOT NULL,
    successor_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    CONSTRAINT pk_succession PRIMARY KEY (reorganization_id, predecessor_id, successor_id),
    CONSTRAINT ck_succession_distinct CHECK (predecessor_id <> successor_id),
    CONSTRAINT fk_succession_reorganization_id FOREIGN KEY(reorganization_id) REFERENCES reorganization (id),
    CONSTRAINT fk_succession_predecessor_id FOREIGN KEY(predecessor_id) REFERENCES organization (id),
    CONSTRAINT fk_succession_successor_id FOREIGN KEY(successor_id) REFERENCES organization (id)
);

CREATE INDEX ix_succession_predecessor_id ON succession (predecessor_id);

CREATE INDEX ix_succession_successor_id ON succession (successor_id);
