-- A student's way from one organization to another, by the orders of both. One open transfer a student.
CREATE TABLE transfer (
    id UUID NOT NULL,
    student_id UUID NOT NULL,
    from_organization_id UUID NOT NULL,
    to_organization_id UUID NOT NULL,
    asked_by TEXT NOT NULL,
    state TEXT NOT NULL,
    applied_on DATE NOT NULL,
    wish TEXT,
    group_id UUID,
    agreed_on DATE,
    release_order_id UUID,
    released_on DATE,
    file_handed_on DATE,
    file_handed_to TEXT,
    file_received_on DATE,
    acceptance_order_id UUID,
    accepted_on DATE,
    return_order_id UUID,
    notice_on DATE,
    end_reason TEXT,
    remark TEXT,
    due_on DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_transfer PRIMARY KEY (id),
    CONSTRAINT fk_transfer_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_transfer_from_organization_id FOREIGN KEY(from_organization_id) REFERENCES organization (id),
    CONSTRAINT fk_transfer_to_organization_id FOREIGN KEY(to_organization_id) REFERENCES organization (id),
    CONSTRAINT fk_transfer_group FOREIGN KEY(to_organization_id, group_id) REFERENCES study_group (organization_id, id),
    CONSTRAINT fk_transfer_release_order FOREIGN KEY(from_organization_id, release_order_id) REFERENCES movement_order (organization_id, id),
    CONSTRAINT fk_transfer_acceptance_order FOREIGN KEY(to_organization_id, acceptance_order_id) REFERENCES movement_order (organization_id, id),
    CONSTRAINT fk_transfer_return_order FOREIGN KEY(from_organization_id, return_order_id) REFERENCES movement_order (organization_id, id),
    CONSTRAINT ck_transfer_two_organizations CHECK (from_organization_id <> to_organization_id),
    CONSTRAINT ck_transfer_asked_by CHECK (asked_by IN ('sender', 'receiver')),
    CONSTRAINT ck_transfer_state CHECK (state IN ('asked', 'agreed', 'released', 'declined', 'accepted', 'refused', 'withdrawn', 'closed')),
    CONSTRAINT ck_transfer_agreed CHECK (state IN ('asked', 'refused', 'withdrawn') OR agreed_on IS NOT NULL),
    CONSTRAINT ck_transfer_released CHECK ((release_order_id IS NOT NULL) = (state IN ('released', 'declined', 'accepted', 'closed')) AND (release_order_id IS NULL) = (released_on IS NULL)),
    CONSTRAINT ck_transfer_accepted CHECK ((acceptance_order_id IS NOT NULL) = (state = 'accepted') AND (acceptance_order_id IS NULL) = (accepted_on IS NULL) AND accepted_on >= released_on),
    CONSTRAINT ck_transfer_returned CHECK ((return_order_id IS NOT NULL) = (state = 'closed' AND end_reason = 'returned')),
    CONSTRAINT ck_transfer_file CHECK (file_handed_to IN ('family', 'organization') AND file_received_on >= file_handed_on AND (file_handed_on IS NULL) = (file_handed_to IS NULL) AND (file_received_on IS NULL OR file_handed_on IS NOT NULL)),
    CONSTRAINT ck_transfer_ended CHECK ((end_reason IS NOT NULL) = (state IN ('declined', 'refused', 'withdrawn', 'closed'))),
    CONSTRAINT ck_transfer_notice CHECK (notice_on IS NULL OR state = 'accepted'),
    CONSTRAINT ck_transfer_due CHECK ((due_on IS NOT NULL) = (state IN ('asked', 'agreed', 'released', 'declined') OR (state = 'accepted' AND notice_on IS NULL)))
);

CREATE UNIQUE INDEX uq_transfer_open ON transfer (student_id) WHERE state IN ('asked', 'agreed', 'released', 'declined');

CREATE INDEX ix_transfer_student_id ON transfer (student_id, id);

CREATE INDEX ix_transfer_from ON transfer (from_organization_id, id);

CREATE INDEX ix_transfer_to ON transfer (to_organization_id, id);

CREATE INDEX ix_transfer_due ON transfer (due_on, id) WHERE due_on IS NOT NULL;

CREATE TRIGGER keep_history BEFORE UPDATE ON transfer FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id}', '{}');

ALTER TABLE movement ADD CONSTRAINT fk_movement_transfer_id FOREIGN KEY (transfer_id) REFERENCES transfer (id);
