CREATE TABLE portfolio_entry (
    id UUID NOT NULL,
    student_id UUID,
    guardian_id UUID,
    worker_id UUID,
    account_id UUID,
    section TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT,
    link TEXT,
    dated_on DATE,
    shared BOOLEAN NOT NULL,
    removed BOOLEAN DEFAULT false NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_portfolio_entry PRIMARY KEY (id),
    CONSTRAINT fk_portfolio_entry_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_portfolio_entry_guardian_id FOREIGN KEY(guardian_id) REFERENCES guardian (id),
    CONSTRAINT fk_portfolio_entry_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT ck_portfolio_entry_owner CHECK (num_nonnulls(student_id, guardian_id, worker_id, account_id) = 1),
    CONSTRAINT ck_portfolio_entry_section CHECK (section IN ('about', 'works', 'projects', 'reviews', 'documents', 'plans', 'other')),
    CONSTRAINT ck_portfolio_entry_content CHECK (removed OR text IS NOT NULL OR link IS NOT NULL)
);

CREATE INDEX ix_portfolio_entry_student_id ON portfolio_entry (student_id, id);

CREATE INDEX ix_portfolio_entry_guardian_id ON portfolio_entry (guardian_id, id);

CREATE INDEX ix_portfolio_entry_worker_id ON portfolio_entry (worker_id, id);

CREATE INDEX ix_portfolio_entry_account_id ON portfolio_entry (account_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON portfolio_entry FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id,guardian_id,worker_id,account_id}', '{}');
