"""Table of outward exchanges."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)

from reporting.metadata import metadata

outward_exchange = Table(
    "outward_exchange",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("service", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text),
    Column("organization_id", Uuid),
    Column("municipality", Text),
    Column("founder_id", Uuid),
    Column("format", Text, nullable=False),
    Column("receiver", Text),
    Column("basis", Text),
    Column("persons", Integer),
    Column("sha256", Text),
    Column("size", BigInteger),
    Column("role", Text, nullable=False),
    Column("account_id", Text),
    Column("again", Text),
    Column("report_id", Uuid),
    Column("blank_id", Uuid),
    Column("content_sha256", Text),
    Column("printed_at", DateTime(timezone=True)),
    Column("executor", Text),
    Column("handed_on", Uuid),
    CheckConstraint(
        "sha256 ~ '^[0-9a-f]{64}$' AND content_sha256 ~ '^[0-9a-f]{64}$' "
        "AND (sha256 IS NULL) = (size IS NULL) AND (service <> 'reporting' OR sha256 IS NOT NULL)",
        name="sha256",
    ),
    CheckConstraint("size >= 0 AND persons >= 0", name="counts"),
    CheckConstraint("service <> 'reporting' OR account_id IS NOT NULL", name="account"),
    CheckConstraint("num_nulls(report_id, content_sha256, printed_at, executor) IN (0, 4)", name="replayed"),
    CheckConstraint(
        "CASE kind WHEN 'handover' THEN handed_on IS NOT NULL WHEN 'publication' THEN TRUE ELSE handed_on IS NULL END",
        name="handed_on",
    ),
    CheckConstraint(
        "kind NOT IN ('handover', 'publication', 'withdrawal') OR receiver IS NOT NULL AND basis IS NOT NULL",
        name="receiver",
    ),
    ForeignKeyConstraint(["report_id"], ["report.id"]),
    ForeignKeyConstraint(["blank_id"], ["blank.id"]),
    ForeignKeyConstraint(["handed_on"], ["outward_exchange.id"]),
    Index("ix_outward_exchange_organization_id", "organization_id", "id"),
    Index("ix_outward_exchange_report_id", "report_id"),
    comment="Immutable: what left for the outside, with what is needed to make the same bytes again; executor is encrypted",
)
