"""A row changes at the version it was read at, or not at all."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession


async def change(session: AsyncSession, row: Any, version: int, values: Mapping[str, Any]) -> bool:
    """Change a row of a year (``PerYear``) if its version is still that, and hold it; false if it is another.

    The row in hand stays as it was read: refresh it to go on with it.
    """
    table = type(row)
    changed = await session.scalar(
        update(table)
        .where(
            table.organization_id == row.organization_id,
            table.academic_year == row.academic_year,
            table.id == row.id,
            table.version == version,
        )
        .values(version=version + 1, **values)
        .returning(table.version)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
