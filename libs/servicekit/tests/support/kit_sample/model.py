from sqlalchemy import BigInteger, Column, Identity, Integer, Table, Text, UniqueConstraint, Uuid, text

from servicekit.db import make_metadata

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
