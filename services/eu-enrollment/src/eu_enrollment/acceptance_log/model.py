"""The log in the database: blocks and the leaves they were sealed over. Nothing of either is ever changed."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text

from eu_enrollment.database import metadata

block = Table(
    "acceptance_block",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False, comment="From 1, without gaps"),
    Column("epoch", Integer, nullable=False, comment="Raised by a restore from backup"),
    Column(
        "previous", LargeBinary, nullable=False, unique=True, comment="Hash of the block before; zeros for the first"
    ),
    Column("root", LargeBinary, nullable=False, comment="Of the Merkle tree over the leaves"),
    Column("size", Integer, nullable=False),
    Column("last_seq", BigInteger, nullable=False, unique=True, comment="No receipt up to this number comes later"),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", Text, nullable=False),
    CheckConstraint("size > 0", name="size"),
)

leaf = Table(
    "acceptance_leaf",
    metadata,
    Column("accepted_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("block_number", ForeignKey("acceptance_block.number"), nullable=False, index=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
)
