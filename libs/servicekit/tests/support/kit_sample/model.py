from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from servicekit.db import make_metadata
from servicekit.sealing.history import SealedHistory

metadata = make_metadata()
item = Table(
    "item",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    UniqueConstraint("name"),
)
seen = Table(
    "seen",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place", BigInteger, Identity(always=True), nullable=False),
)
plain_change = Table(
    "plain_change",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("salt", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Column("value", Text),
)
year_change = Table(
    "year_change",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("academic_year", Integer, primary_key=True, autoincrement=False),
    Column("id", Uuid, primary_key=True),
    Column("salt", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Column("value", Text),
    Column("comment", Text),
    Column("points", Numeric),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    postgresql_partition_by="LIST (academic_year)",
)
PLAIN = SealedHistory.of(plain_change, erasable=("value",))
YEARLY = SealedHistory.of(year_change, erasable=("value", "comment"))
