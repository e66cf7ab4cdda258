-- Nothing begins on a card that was merged into another. The row of the card is locked, so that a merge going on is waited for.
CREATE FUNCTION not_merged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone UUID;
BEGIN
    IF TG_TABLE_NAME = 'employment' THEN
        SELECT merged_into INTO gone FROM worker WHERE id = NEW.worker_id FOR KEY SHARE;
    ELSE
        SELECT merged_into INTO gone FROM student WHERE id = NEW.student_id FOR KEY SHARE;
    END IF;
    IF gone IS NOT NULL THEN
        RAISE EXCEPTION 'the card is merged into %', gone USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_TABLE_NAME = 'guardianship' THEN
        SELECT merged_into INTO gone FROM guardian WHERE id = NEW.guardian_id FOR KEY SHARE;
        IF gone IS NOT NULL THEN
            RAISE EXCEPTION 'the card is merged into %', gone USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER not_merged BEFORE INSERT OR UPDATE OF student_id, guardian_id ON guardianship
    FOR EACH ROW EXECUTE FUNCTION not_merged();

CREATE TABLE card_merge (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    survivor_id UUID NOT NULL,
    absorbed_id UUID NOT NULL,
    state TEXT NOT NULL,
    organizations UUID[] NOT NULL,
    asked_id UUID,
    fields TEXT[] NOT NULL,
    mistaken TEXT,
    mistake TEXT,
    proposed_by TEXT NOT NULL,
    decided_by TEXT,
    merged_at TIMESTAMP WITH TIME ZONE,
    undone_at TIMESTAMP WITH TIME ZONE,
    taken TEXT[] NOT NULL,
    survivor_before INTEGER,
    survivor_after INTEGER,
    absorbed_before INTEGER,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_card_merge PRIMARY KEY (id),
    CONSTRAINT ck_card_merge_kind CHECK (kind IN ('student', 'guardian', 'worker')),
    CONSTRAINT ck_card_merge_state CHECK (state IN ('proposed', 'done', 'rejected', 'undone')),
    CONSTRAINT ck_card_merge_distinct CHECK (survivor_id <> absorbed_id),
    CONSTRAINT ck_card_merge_two_people CHECK (asked_id IS NULL OR state IN ('proposed', 'rejected') OR decided_by <> proposed_by),
    CONSTRAINT ck_card_merge_merged CHECK ((state IN ('done', 'undone')) = (merged_at IS NOT NULL)),
    CONSTRAINT ck_card_merge_undone CHECK ((state = 'undone') = (undone_at IS NOT NULL)),
    CONSTRAINT ck_card_merge_mistaken CHECK (mistaken IN ('survivor', 'absorbed') AND mistake IS NOT NULL OR num_nulls(mistaken, mistake) = 2)
);

CREATE UNIQUE INDEX uq_card_merge_absorbed ON card_merge (absorbed_id) WHERE state = 'done';

CREATE UNIQUE INDEX uq_card_merge_proposed ON card_merge (survivor_id, absorbed_id) WHERE state = 'proposed';

CREATE INDEX ix_card_merge_survivor_id ON card_merge (survivor_id);

CREATE INDEX ix_card_merge_absorbed_id ON card_merge (absorbed_id);

CREATE INDEX ix_card_merge_organizations ON card_merge USING gin (organizations);

CREATE TRIGGER keep_history BEFORE UPDATE ON card_merge FOR EACH ROW EXECUTE FUNCTION keep_history('{survivor_id,absorbed_id}', '{}');

CREATE TABLE card_merge_row (
    merge_id UUID NOT NULL,
    relation TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT[] NOT NULL,
    was DATE,
    CONSTRAINT pk_card_merge_row PRIMARY KEY (merge_id, relation, name, key),
    CONSTRAINT fk_card_merge_row_merge_id FOREIGN KEY(merge_id) REFERENCES card_merge (id)
);

-- Moves rows that the application may only add to (the movement book) from the absorbed card to the survivor, or back once the
-- merge is undone: as the owner of the tables, along a foreign key to a card of the kind, between the two cards of the merge alone.
CREATE FUNCTION follow_merge(merge UUID, relation TEXT, name TEXT, ids UUID[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    m card_merge%ROWTYPE;
    old_id UUID;
    new_id UUID;
BEGIN
    SELECT * INTO STRICT m FROM card_merge WHERE id = merge AND state IN ('done', 'undone');
    PERFORM 1 FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.contype = 'f' AND c.conrelid = relation::regclass AND c.confrelid = m.kind::regclass AND a.attname = name;
    IF NOT FOUND THEN
        RAISE EXCEPTION '%.% does not name a %', relation, name, m.kind;
    END IF;
    old_id := CASE m.state WHEN 'done' THEN m.absorbed_id ELSE m.survivor_id END;
    new_id := CASE m.state WHEN 'done' THEN m.survivor_id ELSE m.absorbed_id END;
    EXECUTE format('UPDATE %I SET %I = $1 WHERE %I = $2 AND id = ANY ($3)', relation, name, name) USING new_id, old_id, ids;
END
$$;
