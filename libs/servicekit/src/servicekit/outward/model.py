"""Table of what left, in a service's own database."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Integer, MetaData, Table, Text, Uuid

from servicekit.db import make_metadata

outward_exchange = Table(
    "outward_exchange",
    make_metadata(),
    Column("exchange_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text),
    Column("format", Text, nullable=False),
    Column("receiver", Text),
    Column("basis", Text),
    Column("organization_id", Uuid),
    Column("municipality", Text),
    Column("founder_id", Uuid),
    Column("persons", Integer, nullable=False),
    Column("sha256", Text),
    Column("size", BigInteger),
    Column("role", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("again", Text),
    CheckConstraint("kind IN ('package', 'table', 'whole', 'publication', 'notices', 'feed')", name="kind"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$' AND (sha256 IS NULL) = (size IS NULL)", name="sha256"),
    CheckConstraint("size >= 0 AND persons >= 0", name="counts"),
    comment="Immutable: what left for the outside, as it is told to the registry of exchanges",
)


def attach(metadata: MetaData) -> None:
    """Put the table into a service's metadata, so that ``alembic check`` sees it."""
    outward_exchange.to_metadata(metadata)
