CREATE TABLE admission_rejection (
    id UUID NOT NULL,
    admission_id UUID NOT NULL,
    application_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    reason TEXT NOT NULL,
    rejected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_admission_rejection PRIMARY KEY (id),
    CONSTRAINT ck_admission_rejection_reason CHECK (reason IN ('group_not_found', 'group_full', 'already_member', 'not_released', 'organization_closed', 'year_closed', 'unreadable', 'child_differs', 'guardian_differs', 'revoked'))
);

CREATE UNIQUE INDEX uq_admission_rejection_admission_id ON admission_rejection (admission_id);
