"""Partitions by school year are made ahead: by the migrations, by a daily job, and as soon as an event names a year.

There is no default partition: a row of a year without one would be refused.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.jobs import Job
from servicekit.runtime import Runtime

_DAY = 24 * 3600.0
_AHEAD = 2
_AUGUST = 8

_ENSURE = text("SELECT create_year_partitions(:year)")


async def ensure(session: AsyncSession, years: Iterable[int]) -> None:
    """Make the partitions of school years where they are missing; a year outside 2000..2100 is refused."""
    for year in sorted(set(years)):
        await session.execute(_ENSURE, {"year": year})


async def ensure_ahead(runtime: Runtime) -> None:
    """Make the partitions of the school year in force and of the two after it."""
    today = runtime.clock.today()
    current = today.year if today.month >= _AUGUST else today.year - 1
    async with runtime.uow() as uow:
        await ensure(uow.session, range(current, current + _AHEAD + 1))


JOB = Job("journal.partitions", _DAY, ensure_ahead)
