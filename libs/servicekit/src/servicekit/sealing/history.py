"""A sealed history: an append-only table, and beside it what seals it. The data definition is in ``servicekit.migrations.sealing``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
)
from sqlalchemy.schema import ForeignKey, ForeignKeyConstraint

NO_SALT = UUID(int=0)
"""The salt of a row that was erased: with the old one its values could be tried out against the digest that stays."""
ROW = "h"
"""What statements call the history when they ask for its digests."""
_DIGEST = f"""sha256(uuid_send({ROW}.salt) || convert_to(
    (SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(to_jsonb({ROW}) - 'salt') AS f
     WHERE f.value <> 'null'::jsonb)::text, 'UTF8'))"""  # noqa: S608 - a constant
digest: ColumnElement[bytes] = literal_column(_DIGEST, LargeBinary)
"""Salted digest of a row. The content is every column but the salt, nulls left out, in the one spelling jsonb has: a column
added later, empty in old rows, changes no digest. Written here and not called: a function of the database could be replaced."""


@dataclass(frozen=True)
class SealedHistory:
    """A history with its salt, and its own tables.

    ``block``: the chain. ``leaf``: the salted digest of each sealed row and its block; a table and not arrays in the block, so that the
    verifier asks for any row by key whether it is sealed, page by page, and so that it goes to partitions and shards with the history.
    ``unsealed``: keys of rows that wait, put there by a trigger in the transaction of the row: a queue, because a watermark would pass by
    a row that is committed late. ``erasure``: rows blanked on lawful ground, and the digest of what is left of each.
    """

    table: Table
    erasable: tuple[str, ...]
    block: Table
    leaf: Table
    unsealed: Table
    erasure: Table

    @classmethod
    def of(cls, table: FromClause, erasable: Sequence[str] = ()) -> "SealedHistory":
        """Seal a table whose columns include ``salt``; ``erasable`` are the columns an erasure blanks.

        The tables get the history's key and its partitioning, and stand in its metadata.
        """
        assert isinstance(table, Table)
        name, metadata = table.name, table.metadata
        partition = table.dialect_kwargs.get("postgresql_partition_by")
        per_row: dict[str, Any] = {} if partition is None else {"postgresql_partition_by": partition}
        names = [column.name for column in table.primary_key]

        def key() -> list[Column[Any]]:
            columns = table.primary_key.columns
            return [Column(one.name, one.type, primary_key=True, autoincrement=False) for one in columns]

        block = Table(
            f"{name}_block",
            metadata,
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("epoch", Integer, nullable=False),
            Column("previous", LargeBinary, nullable=False),
            Column("root", LargeBinary, nullable=False),
            Column("size", Integer, nullable=False),
            Column("sealed_at", DateTime(timezone=True), nullable=False),
            Column("hash", LargeBinary, nullable=False),
            UniqueConstraint("previous"),
            CheckConstraint("size > 0", name="size"),
        )
        leaf = Table(
            f"{name}_leaf",
            metadata,
            *key(),
            Column("block_number", ForeignKey(block.c.number), nullable=False, index=True),
            Column("digest", LargeBinary, nullable=False),
            **per_row,
        )
        erasure = Table(
            f"{name}_erasure",
            metadata,
            *key(),
            Column("ground", Text, nullable=False),
            Column("erased_by", Text, nullable=False),
            Column("erased_at", DateTime(timezone=True), nullable=False),
            Column("digest", LargeBinary, nullable=False),
            ForeignKeyConstraint(names, [leaf.c[one] for one in names]),
            **per_row,
        )
        unsealed = Table(f"{name}_unsealed", metadata, *key(), **per_row)
        return cls(table, tuple(erasable), block, leaf, unsealed, erasure)

    @property
    def name(self) -> str:
        """The history's table."""
        return self.table.name

    @property
    def key(self) -> list[str]:
        """Names of the key's columns, in order: rows of a block stand in the order of the key."""
        return [column.name for column in self.table.primary_key]

    def same(self, one: FromClause, other: FromClause) -> ColumnElement[bool]:
        """Both have the same key."""
        return and_(*(one.c[name] == other.c[name] for name in self.key))

    def blank(self, row: FromClause) -> ColumnElement[bool]:
        """Nothing of the row's erasable values is left."""
        return and_(row.c.salt == NO_SALT, *(row.c[name].is_(None) for name in self.erasable))
