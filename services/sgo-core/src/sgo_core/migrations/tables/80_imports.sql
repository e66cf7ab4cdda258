CREATE TABLE import_part (
    run_id UUID NOT NULL,
    number INTEGER NOT NULL,
    created INTEGER[] NOT NULL,
    changed INTEGER[] NOT NULL,
    unchanged INTEGER[] NOT NULL,
    refused JSONB NOT NULL,
    CONSTRAINT pk_import_part PRIMARY KEY (run_id, number)
);

CREATE TABLE import_column_match (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    matches JSONB NOT NULL,
    CONSTRAINT pk_import_column_match PRIMARY KEY (owner, kind)
);
