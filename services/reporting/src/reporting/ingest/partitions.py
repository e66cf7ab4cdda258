"""Partitions of the log are made ahead, a month each."""

from sqlalchemy import text

from servicekit.jobs import Job
from servicekit.runtime import Runtime

_DAY = 24 * 3600.0
_ENSURE = text(
    "SELECT create_log_partition((CAST(:day AS date) + ahead * interval '1 month')::date) FROM generate_series(0, 2) AS ahead"
)


async def ensure_ahead(runtime: Runtime) -> None:
    """Make the partitions of this month and of the two after it."""
    async with runtime.uow() as uow:
        await uow.session.execute(_ENSURE, {"day": runtime.clock.today()})


JOB = Job("log.partitions.ahead", _DAY, ensure_ahead)
