-- Inventory of the papers of a student's personal file (личное дело). The file travels with the student: organization_id holds the paper.
CREATE TABLE personal_file_paper (
    id UUID NOT NULL,
    student_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    sheets INTEGER NOT NULL,
    received_on DATE NOT NULL,
    handed_over_on DATE,
    handed_to TEXT,
    attachment_id UUID,
    void BOOLEAN DEFAULT false NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_personal_file_paper PRIMARY KEY (id),
    CONSTRAINT fk_personal_file_paper_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_personal_file_paper_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_personal_file_paper_attachment_id FOREIGN KEY(attachment_id) REFERENCES attachment (id),
    CONSTRAINT ck_personal_file_paper_kind CHECK (kind IN ('application', 'identity', 'birth_certificate', 'registration', 'contract', 'consent', 'medical', 'commission', 'study', 'award', 'order', 'other')),
    CONSTRAINT ck_personal_file_paper_sheets CHECK (sheets BETWEEN 1 AND 1000),
    CONSTRAINT ck_personal_file_paper_handed CHECK ((handed_over_on IS NULL) = (handed_to IS NULL) AND handed_over_on >= received_on)
);

CREATE INDEX ix_personal_file_paper_student_id ON personal_file_paper (student_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON personal_file_paper FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id}', '{}');
