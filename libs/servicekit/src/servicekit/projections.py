"""Projections of events: rows written in batches, a state replaced only by a newer one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase


def upsert_newer(model: type[DeclarativeBase], key: str) -> Insert:
    """Statement that stores a state by its ``key`` column unless the stored ``sequence`` is as new. Make it once."""
    statement = insert(model)
    excluded, columns = statement.excluded, inspect(model).columns
    return statement.on_conflict_do_update(
        index_elements=[key],
        set_={column.key: excluded[column.key] for column in columns if column.key != key},
        where=excluded.sequence > columns["sequence"],
    )


async def write(session: AsyncSession, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute an insert once per row in one exchange with the server; give rows in key order, as locks are taken in it.

    A VALUES list of the whole batch would be compiled anew for each batch, at ten times the cost.
    """
    if rows:
        await (await session.connection()).execute(statement, rows)
