CREATE TABLE project (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    annotation TEXT,
    subject TEXT,
    state TEXT NOT NULL,
    defended_on DATE,
    result TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_project PRIMARY KEY (id),
    CONSTRAINT fk_project_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_project_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT ck_project_kind CHECK (kind IN ('project', 'research', 'creative', 'social', 'topic')),
    CONSTRAINT ck_project_state CHECK (state IN ('planned', 'running', 'defended', 'dropped')),
    CONSTRAINT ck_project_defended CHECK ((state = 'defended') = (defended_on IS NOT NULL))
);

CREATE INDEX ix_project_organization_id ON project (organization_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON project FOR EACH ROW EXECUTE FUNCTION keep_history('{id,organization_id}', '{}');

-- An annotation alone, with no version counted, is only ever taken away (erase_history).
CREATE TRIGGER row_of_closed_year BEFORE INSERT OR UPDATE ON project FOR EACH ROW
    EXECUTE FUNCTION row_of_closed_year('{annotation,recorded_at}');

CREATE TABLE project_member (
    id UUID NOT NULL,
    project_id UUID NOT NULL,
    role TEXT NOT NULL,
    student_id UUID,
    worker_id UUID,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_project_member PRIMARY KEY (id),
    CONSTRAINT uq_project_member_student UNIQUE (project_id, role, student_id),
    CONSTRAINT uq_project_member_worker UNIQUE (project_id, role, worker_id),
    CONSTRAINT fk_project_member_project_id FOREIGN KEY(project_id) REFERENCES project (id),
    CONSTRAINT ck_project_member_role CHECK (role IN ('supervisor', 'author')),
    CONSTRAINT fk_project_member_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_project_member_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT ck_project_member_owner CHECK (num_nonnulls(student_id, worker_id) = 1),
    CONSTRAINT ck_project_member_supervisor CHECK (role = 'author' OR worker_id IS NOT NULL)
);

CREATE INDEX ix_project_member_student_id ON project_member (student_id, project_id);

CREATE INDEX ix_project_member_worker_id ON project_member (worker_id, project_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON project_member FOR EACH ROW EXECUTE FUNCTION keep_history('{project_id,student_id,worker_id}', '{}');
