CREATE TABLE acceptance_block (
    number INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    previous BYTEA NOT NULL,
    root BYTEA NOT NULL,
    size INTEGER NOT NULL,
    last_seq BIGINT NOT NULL,
    sealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    hash BYTEA NOT NULL,
    signature TEXT NOT NULL,
    CONSTRAINT pk_acceptance_block PRIMARY KEY (number),
    CONSTRAINT uq_acceptance_block_previous UNIQUE (previous),
    CONSTRAINT uq_acceptance_block_last_seq UNIQUE (last_seq),
    CONSTRAINT ck_acceptance_block_size CHECK (size > 0)
);

COMMENT ON COLUMN acceptance_block.number IS 'From 1, without gaps';

COMMENT ON COLUMN acceptance_block.epoch IS 'Raised by a restore from backup';

COMMENT ON COLUMN acceptance_block.previous IS 'Hash of the block before; zeros for the first';

COMMENT ON COLUMN acceptance_block.root IS 'Of the Merkle tree over the leaves';

COMMENT ON COLUMN acceptance_block.last_seq IS 'No receipt up to this number comes later';

CREATE TABLE acceptance_leaf (
    accepted_seq BIGINT NOT NULL,
    block_number INTEGER NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_acceptance_leaf PRIMARY KEY (accepted_seq),
    CONSTRAINT fk_acceptance_leaf_block_number FOREIGN KEY(block_number) REFERENCES acceptance_block (number),
    CONSTRAINT uq_acceptance_leaf_hash UNIQUE (hash)
);

CREATE INDEX ix_acceptance_leaf_block_number ON acceptance_leaf (block_number)
