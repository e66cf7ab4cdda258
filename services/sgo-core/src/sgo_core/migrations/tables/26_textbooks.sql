CREATE TABLE textbook (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    title TEXT NOT NULL,
    authors TEXT NOT NULL,
    part TEXT,
    grade_from INTEGER NOT NULL,
    grade_to INTEGER NOT NULL,
    publisher TEXT,
    year INTEGER,
    isbn TEXT,
    federal_number TEXT,
    received INTEGER DEFAULT 0 NOT NULL,
    written_off INTEGER DEFAULT 0 NOT NULL,
    active BOOLEAN NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_textbook PRIMARY KEY (id),
    CONSTRAINT uq_textbook_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT fk_textbook_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_textbook_subject_id FOREIGN KEY(subject_id) REFERENCES subject (id),
    CONSTRAINT ck_textbook_grades CHECK (grade_from BETWEEN 1 AND grade_to AND grade_to <= 12),
    CONSTRAINT ck_textbook_year CHECK (year BETWEEN 1900 AND 2100),
    CONSTRAINT ck_textbook_copies CHECK (written_off BETWEEN 0 AND received)
);

CREATE UNIQUE INDEX uq_textbook_edition ON textbook (organization_id, lower(title), lower(authors), coalesce(lower(part), ''), coalesce(year, 0));

CREATE INDEX ix_textbook_organization_id ON textbook (organization_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON textbook FOR EACH ROW EXECUTE FUNCTION keep_history('{id}', '{}');

CREATE TABLE textbook_copies (
    id UUID NOT NULL,
    textbook_id UUID NOT NULL,
    kind TEXT NOT NULL,
    copies INTEGER NOT NULL,
    day DATE NOT NULL,
    document TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_textbook_copies PRIMARY KEY (id),
    CONSTRAINT fk_textbook_copies_textbook_id FOREIGN KEY(textbook_id) REFERENCES textbook (id),
    CONSTRAINT ck_textbook_copies_kind CHECK (kind IN ('received', 'written_off')),
    CONSTRAINT ck_textbook_copies_copies CHECK (copies > 0)
);

CREATE INDEX ix_textbook_copies_textbook_id ON textbook_copies (textbook_id, id);

CREATE TABLE textbook_use (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    textbook_id UUID NOT NULL,
    group_id UUID NOT NULL,
    active BOOLEAN NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_textbook_use PRIMARY KEY (id),
    CONSTRAINT uq_textbook_use_textbook_id_group_id UNIQUE (textbook_id, group_id),
    CONSTRAINT fk_textbook_use_textbook FOREIGN KEY(organization_id, textbook_id) REFERENCES textbook (organization_id, id),
    CONSTRAINT fk_textbook_use_group FOREIGN KEY(organization_id, group_id) REFERENCES study_group (organization_id, id)
);

CREATE INDEX ix_textbook_use_group_id ON textbook_use (group_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON textbook_use FOR EACH ROW EXECUTE FUNCTION keep_history('{textbook_id}', '{}');
