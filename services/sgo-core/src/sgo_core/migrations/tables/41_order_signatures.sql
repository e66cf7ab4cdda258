CREATE TABLE order_signature (
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    attached_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attached_by TEXT NOT NULL,
    role TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    content TEXT NOT NULL,
    signers JSONB NOT NULL,
    CONSTRAINT pk_order_signature PRIMARY KEY (id),
    CONSTRAINT uq_order_signature_order_id_sha256 UNIQUE (order_id, sha256),
    CONSTRAINT fk_order_signature_order_id FOREIGN KEY(order_id) REFERENCES movement_order (id),
    CONSTRAINT ck_order_signature_signers CHECK (jsonb_array_length(signers) > 0)
);

COMMENT ON TABLE order_signature IS
    'Immutable: detached signatures under the canonical bytes of orders; content is encrypted, as it names officials';

-- The order is held: what is signed is what was checked.
CREATE FUNCTION order_can_be_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM movement_order WHERE id = NEW.order_id AND state IN ('checked', 'signed')
        AND (cancels IS NOT NULL OR lines <> '[]') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'order % is not to be signed', NEW.order_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER order_can_be_signed BEFORE INSERT ON order_signature FOR EACH ROW EXECUTE FUNCTION order_can_be_signed();

CREATE FUNCTION order_signed_outside_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM order_signature WHERE order_id = OLD.id) THEN
        RAISE EXCEPTION 'order % is signed outside', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER order_signed_outside_stays BEFORE UPDATE ON movement_order FOR EACH ROW
    WHEN (OLD.state = 'checked' AND (NEW.state = 'draft' OR (NEW.organization_id, NEW.number, NEW.date, NEW.lines, NEW.cancels)
        IS DISTINCT FROM (OLD.organization_id, OLD.number, OLD.date, OLD.lines, OLD.cancels)))
    EXECUTE FUNCTION order_signed_outside_stays();
