"""Partitions by school year are made ahead: by the migrations, by a daily job, and as soon as an event names a year.

A school year is the calendar year it begins in. There is no default partition: a row of a year without one would be refused.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.jobs import Job
from servicekit.runtime import Runtime

_DAY = 24 * 3600.0
_AHEAD = 2
_ENSURE = text("SELECT create_year_partitions(:year)")


async def ensure(session: AsyncSession, years: Iterable[int]) -> None:
    """Make the partitions of school years where they are missing; a year outside 2000..2100 is refused."""
    for year in sorted(set(years)):
        await session.execute(_ENSURE, {"year": year})


async def ensure_ahead(runtime: Runtime) -> None:
    """Make the partitions of the school year that begins this calendar year and of the two after it."""
    this_year = runtime.clock.today().year
    async with runtime.uow() as uow:
        await ensure(uow.session, range(this_year, this_year + _AHEAD + 1))


JOB = Job("partitions.ahead", _DAY, ensure_ahead)
