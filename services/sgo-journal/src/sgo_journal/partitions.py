"""Partitions by school year are made ahead: by the migrations, then by this job. There is no default partition."""

from sqlalchemy import text

from servicekit.jobs import Job
from servicekit.runtime import Runtime

_DAY = 24 * 3600.0
_AHEAD = 2
_AUGUST = 8

_ENSURE = text("SELECT create_year_partitions(:year)")


async def ensure_partitions(runtime: Runtime) -> None:
    """Make the partitions of the school year in force and of the two after it, where they are missing."""
    today = runtime.clock.today()
    current = today.year if today.month >= _AUGUST else today.year - 1
    async with runtime.uow() as uow:
        for year in range(current, current + _AHEAD + 1):
            await uow.session.execute(_ENSURE, {"year": year})


JOB = Job("journal.partitions", _DAY, ensure_partitions)
