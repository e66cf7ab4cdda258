"""Lawful erasure from a sealed history."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, cast, func, select

from servicekit.sealing.history import SealedHistory
from servicekit.uow import UnitOfWork


async def erase(uow: UnitOfWork, history: SealedHistory, key: Sequence[Any], ground: str, erased_by: str) -> None:
    """Blank the erasable values of one row for good, and note the lawful ground (never a person's data).

    Raises the database's foreign key violation where the row is not sealed yet, its unique violation where it is erased already.
    """
    columns = history.table.primary_key.columns
    arguments = [cast(value, column.type) for value, column in zip(key, columns, strict=True)]
    call = getattr(func, f"erase_{history.name}")
    await uow.session.execute(select(cast(call(*arguments, ground, erased_by), Text)))
