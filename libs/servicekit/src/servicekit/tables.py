"""Tables that every service's database has: outbox, inbox, idempotency keys, audit, runs, revocations.

Their data definition is in ``servicekit.migrations.runtime``; ``alembic check`` holds the two together.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from servicekit.db import make_metadata

metadata = make_metadata()

producer_epoch = Table(
    "producer_epoch",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=true()),
    Column("epoch", Integer, nullable=False),
    CheckConstraint("singleton", name="singleton"),
    comment="Raised by every restore from backup, so that consumers do not ignore what comes after it",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("traceparent", Text),
    Column("payload", Text, nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", DateTime(timezone=True)),
    Column("last_error", Text),
    UniqueConstraint("subject", "type", "epoch", "version"),
    Index("ix_outbox_published_at", "published_at", postgresql_using="brin"),
    Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at IS NULL")),
    Index("ix_outbox_failing", "subject", "id", postgresql_where=text("published_at IS NULL AND attempts > 0")),
)

inbox = Table(
    "inbox",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Index("ix_inbox_received_at", "received_at", postgresql_using="brin"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("principal", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("route", Text, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("answer", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Index("ix_idempotency_created_at", "created_at", postgresql_using="brin"),
    comment="Answers hold ids, not personal data",
)

audit = Table(
    "audit",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("account_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subjects", ARRAY(Uuid), nullable=False),
    Column("trace_id", Text),
    Index("ix_audit_subjects", "subjects", postgresql_using="gin"),
)

run = Table(
    "run",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="queued"),
    Column("params", JSONB, nullable=False),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("result", JSONB),
    Column("problem", JSONB),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("traceparent", Text),
    CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed')", name="status"),
    Index("ix_run_open", "id", postgresql_where=text("status IN ('queued', 'running')")),
)

revocation = Table(
    "revocation",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("not_before", DateTime(timezone=True), nullable=False),
    Column("sequence", Text, nullable=False),
    Index("ix_revocation_not_before", "not_before"),
)
