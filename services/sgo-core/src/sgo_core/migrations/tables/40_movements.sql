CREATE TABLE membership (
    id UUID NOT NULL,
    student_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    main BOOLEAN NOT NULL,
    programme_id UUID,
    valid_from DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_membership PRIMARY KEY (id),
    CONSTRAINT uq_membership_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ex_membership_one_main EXCLUDE USING gist (student_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (main),
    CONSTRAINT ex_membership_one_per_programme EXCLUDE USING gist (student_id WITH =, programme_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (NOT main),
    CONSTRAINT ck_membership_programme CHECK (main = (programme_id IS NULL)),
    CONSTRAINT fk_membership_programme FOREIGN KEY(organization_id, programme_id) REFERENCES programme (organization_id, id),
    CONSTRAINT ck_membership_interval CHECK (valid_to >= valid_from),
    CONSTRAINT fk_membership_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_membership_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);

CREATE INDEX ix_membership_organization_id ON membership (organization_id, valid_from);

CREATE INDEX ix_membership_student_id ON membership (student_id);

CREATE TRIGGER not_merged BEFORE INSERT OR UPDATE OF student_id ON membership FOR EACH ROW EXECUTE FUNCTION not_merged();

CREATE TABLE movement_order (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    number TEXT NOT NULL,
    date DATE NOT NULL,
    state TEXT NOT NULL,
    lines JSONB NOT NULL,
    cancels UUID,
    remark TEXT,
    drafted_by TEXT NOT NULL,
    checked_by TEXT,
    signed_by TEXT,
    signed_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_movement_order PRIMARY KEY (id),
    CONSTRAINT uq_movement_order_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT fk_movement_order_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_movement_order_cancels FOREIGN KEY(cancels) REFERENCES movement_order (id),
    CONSTRAINT ck_movement_order_state CHECK (state IN ('draft', 'checked', 'signed', 'withdrawn')),
    CONSTRAINT ck_movement_order_checked CHECK (state <> 'checked' OR checked_by <> drafted_by),
    CONSTRAINT ck_movement_order_signed CHECK ((state = 'signed') = (signed_at IS NOT NULL))
);

CREATE UNIQUE INDEX uq_movement_order_number ON movement_order (organization_id, number, date) WHERE state = 'signed';

CREATE UNIQUE INDEX uq_movement_order_cancels ON movement_order (cancels) WHERE state = 'signed';

CREATE INDEX ix_movement_order_open ON movement_order (organization_id, id) WHERE state IN ('draft', 'checked');

CREATE TRIGGER keep_history BEFORE UPDATE ON movement_order FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

-- A signed order is never edited: another one cancels it.
CREATE FUNCTION order_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'order % is %', OLD.id, OLD.state USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER order_is_final BEFORE UPDATE ON movement_order FOR EACH ROW WHEN (OLD.state IN ('signed', 'withdrawn'))
    EXECUTE FUNCTION order_is_final();

CREATE TABLE placement (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    group_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    holds_place BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_placement PRIMARY KEY (id),
    CONSTRAINT fk_placement_membership FOREIGN KEY(organization_id, membership_id) REFERENCES membership (organization_id, id),
    CONSTRAINT fk_placement_group FOREIGN KEY(organization_id, group_id) REFERENCES study_group (organization_id, id),
    CONSTRAINT ex_placement_one_per_membership EXCLUDE USING gist (membership_id WITH =, daterange(valid_from, valid_to) WITH &&),
    CONSTRAINT ck_placement_interval CHECK (valid_to >= valid_from),
    CONSTRAINT ck_placement_holds_place CHECK (holds_place OR valid_to IS NOT NULL)
);

CREATE INDEX ix_placement_ending ON placement (valid_to) WHERE holds_place AND valid_to IS NOT NULL;

CREATE INDEX ix_placement_group_id ON placement (group_id, valid_from);

-- Academic leave of a student who stays in the contingent: [valid_from, valid_to), meant to last until "until".
CREATE TABLE academic_leave (
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    until DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_academic_leave PRIMARY KEY (id),
    CONSTRAINT ex_academic_leave_one_at_a_time EXCLUDE USING gist (membership_id WITH =, daterange(valid_from, valid_to) WITH &&),
    CONSTRAINT ck_academic_leave_interval CHECK (until > valid_from AND valid_to >= valid_from),
    CONSTRAINT fk_academic_leave_membership_id FOREIGN KEY(membership_id) REFERENCES membership (id)
);

-- What rested on a stay (placement or membership) and ended with it, and the end it had before: an order that undoes the stay's end gives it back.
CREATE TABLE ended_with_stay (
    stay_id UUID NOT NULL,
    row_id UUID NOT NULL,
    relation TEXT NOT NULL,
    ended_on DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_ended_with_stay PRIMARY KEY (stay_id, row_id),
    CONSTRAINT ck_ended_with_stay_relation CHECK (relation IN ('teaching_group_stay', 'study_form')),
    CONSTRAINT ck_ended_with_stay_shorter CHECK (valid_to > ended_on)
);

CREATE TABLE movement (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    order_id UUID NOT NULL,
    student_id UUID NOT NULL,
    recorded_for UUID,
    kind TEXT NOT NULL,
    effective_date DATE NOT NULL,
    opened_id UUID,
    closed_id UUID,
    leave_id UUID,
    transfer_id UUID,
    reason TEXT,
    destination TEXT,
    application_id UUID,
    admission_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_movement PRIMARY KEY (id),
    CONSTRAINT fk_movement_order FOREIGN KEY(organization_id, order_id) REFERENCES movement_order (organization_id, id),
    CONSTRAINT ck_movement_kind CHECK (kind IN (
        'enrolled', 'restored', 'transferred_between_groups', 'transferred_between_organizations', 'academic_leave_started',
        'academic_leave_ended', 'promoted', 'repeated', 'graduated', 'departed', 'cancelled')),
    CONSTRAINT ck_movement_effect CHECK (opened_id IS NOT NULL OR closed_id IS NOT NULL OR leave_id IS NOT NULL),
    CONSTRAINT ck_movement_transfer CHECK (kind <> 'transferred_between_organizations' OR transfer_id IS NOT NULL OR reason = 'reorganization'),
    CONSTRAINT fk_movement_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_movement_opened_id FOREIGN KEY(opened_id) REFERENCES placement (id),
    CONSTRAINT fk_movement_closed_id FOREIGN KEY(closed_id) REFERENCES placement (id),
    CONSTRAINT fk_movement_leave_id FOREIGN KEY(leave_id) REFERENCES academic_leave (id)
);

-- A line follows a merged card to the one that lives on; the card it was recorded for is what readers were told, and stays.
CREATE FUNCTION keep_recorded_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_for := coalesce(OLD.recorded_for, OLD.student_id);
    RETURN NEW;
END
$$;

CREATE TRIGGER keep_recorded_for BEFORE UPDATE OF student_id ON movement FOR EACH ROW EXECUTE FUNCTION keep_recorded_for();

CREATE INDEX ix_movement_organization_id ON movement (organization_id, id);

CREATE INDEX ix_movement_student_id ON movement (student_id, effective_date);

CREATE UNIQUE INDEX uq_movement_admission_id ON movement (admission_id);

CREATE UNIQUE INDEX uq_movement_application_id ON movement (application_id);

CREATE INDEX ix_movement_transfer_id ON movement (transfer_id) WHERE transfer_id IS NOT NULL;

-- Who left an organization, by day.
CREATE INDEX ix_movement_left ON movement (organization_id, effective_date, id) WHERE opened_id IS NULL AND closed_id IS NOT NULL;

-- Contingent and its dynamics of a municipality or the region: read from the index alone.
CREATE INDEX ix_membership_main ON membership (organization_id, valid_from, valid_to) WHERE main;
