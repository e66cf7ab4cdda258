"""Base of the journal's models, and what its partitioned tables have in common."""

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from servicekit.db import make_metadata


class Base(DeclarativeBase):
    """Declarative base of every journal table."""

    metadata = make_metadata()
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, UUID: Uuid, dt.datetime: DateTime(timezone=True)}


PARTITIONED = {"postgresql_partition_by": "LIST (academic_year)"}


class PerYear:
    """Rows of one organization and school year: the key by which tables are partitioned and may be distributed.

    ``academic_year`` is the calendar year the school year begins in.
    """

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    academic_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True)


def belongs_to(table: str, parent: str, column: str | None = None, name: str | None = None) -> ForeignKeyConstraint:
    """Reference to a row of the same organization and year by ``column`` (``<parent>_id`` unless named)."""
    key = ["organization_id", "academic_year"]
    return ForeignKeyConstraint(
        [*key, column or f"{parent}_id"],
        [f"{parent}.{one}" for one in (*key, "id")],
        name=name or f"fk_{table}_{parent}",
    )
