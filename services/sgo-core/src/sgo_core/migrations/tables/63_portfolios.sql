CREATE TABLE portfolio_entry (
    id UUID NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id UUID NOT NULL,
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
    CONSTRAINT ck_portfolio_entry_owner_kind CHECK (owner_kind IN ('student', 'guardian', 'worker', 'account')),
    CONSTRAINT ck_portfolio_entry_section CHECK (section IN ('about', 'works', 'projects', 'reviews', 'documents', 'plans', 'other')),
    CONSTRAINT ck_portfolio_entry_content CHECK (removed OR text IS NOT NULL OR link IS NOT NULL)
);

CREATE INDEX ix_portfolio_entry_owner_id ON portfolio_entry (owner_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON portfolio_entry FOR EACH ROW EXECUTE FUNCTION keep_history('{owner_id}', '{}');
