"""Data definition of the runtime's tables, frozen by version: a change is a new function, called by a new migration."""

from collections.abc import Iterable

from alembic import op

V1 = (
    """CREATE TABLE producer_epoch (singleton boolean CONSTRAINT pk_producer_epoch PRIMARY KEY DEFAULT true,
        epoch integer NOT NULL, CONSTRAINT ck_producer_epoch_singleton CHECK (singleton))""",
    "COMMENT ON TABLE producer_epoch IS 'Raised by every restore from backup, so that consumers do not ignore what comes after it'",
    "INSERT INTO producer_epoch (epoch) VALUES (1)",
    """CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_outbox PRIMARY KEY,
        event_id uuid NOT NULL, type text NOT NULL, subject text NOT NULL, epoch integer NOT NULL, version bigint NOT NULL,
        occurred_at timestamptz NOT NULL, traceparent text, payload text NOT NULL, published_at timestamptz,
        attempts integer NOT NULL DEFAULT 0, next_attempt_at timestamptz, last_error text,
        CONSTRAINT uq_outbox_subject_type_epoch_version UNIQUE (subject, type, epoch, version))""",
    "CREATE INDEX ix_outbox_published_at ON outbox USING brin (published_at)",
    "CREATE INDEX ix_outbox_unpublished ON outbox (id) WHERE published_at IS NULL",
    "CREATE INDEX ix_outbox_failing ON outbox (subject, id) WHERE published_at IS NULL AND attempts > 0",
    """CREATE TABLE inbox (consumer text NOT NULL, event_id uuid NOT NULL, received_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_inbox PRIMARY KEY (consumer, event_id))""",
    "CREATE INDEX ix_inbox_received_at ON inbox USING brin (received_at)",
    """CREATE TABLE idempotency (principal text NOT NULL, key text NOT NULL, route text NOT NULL, body_hash bytea NOT NULL,
        status integer, answer jsonb, created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_idempotency PRIMARY KEY (principal, key))""",
    "CREATE INDEX ix_idempotency_created_at ON idempotency USING brin (created_at)",
    "COMMENT ON TABLE idempotency IS 'Answers hold ids, not personal data'",
    """CREATE TABLE audit (id uuid CONSTRAINT pk_audit PRIMARY KEY, at timestamptz NOT NULL, account_id text NOT NULL,
        role text NOT NULL, action text NOT NULL, subjects uuid[] NOT NULL, trace_id text)""",
    "CREATE INDEX ix_audit_subjects ON audit USING gin (subjects)",
    """CREATE TABLE run (id uuid CONSTRAINT pk_run PRIMARY KEY, kind text NOT NULL, status text NOT NULL DEFAULT 'queued',
        params jsonb NOT NULL, done integer NOT NULL DEFAULT 0, total integer NOT NULL DEFAULT 0, result jsonb, problem jsonb,
        attempts integer NOT NULL DEFAULT 0, created_by text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), traceparent text,
        CONSTRAINT ck_run_status CHECK (status IN ('queued', 'running', 'succeeded', 'failed')))""",
    "CREATE INDEX ix_run_open ON run (id) WHERE status IN ('queued', 'running')",
    """CREATE TABLE revocation (account_id uuid CONSTRAINT pk_revocation PRIMARY KEY, not_before timestamptz NOT NULL,
        sequence text NOT NULL)""",
    "CREATE INDEX ix_revocation_not_before ON revocation (not_before)",
)


def create_v1() -> None:
    """Create the runtime's tables: the first thing a service's first migration does."""
    for statement in V1:
        op.execute(statement)


def grant(role: str, append_only: Iterable[str] = (), schemas: Iterable[str] = ()) -> None:
    """Give the application role its rights on all tables of the schema, the last thing a migration that adds tables does.

    ``schemas`` names those the service has beside ``public``.

    ``append_only`` names the service's history and log tables: no UPDATE, DELETE or TRUNCATE there, nor on ``audit``.
    """
    for schema in ("public", *schemas):
        op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}")
    op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    for table in ("audit", *append_only):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version, producer_epoch FROM {role}")
