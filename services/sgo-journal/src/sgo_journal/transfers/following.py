"""The job that lets what is still written at the school that was left follow, for some days after an arrival."""

import datetime as dt
from uuid import UUID

from servicekit.jobs import Job
from servicekit.runtime import Runtime
from sgo_journal.transfers import service

_SIX_HOURS = 6 * 3600.0
_PAGE = 200


async def follow(runtime: Runtime) -> None:
    """Take anew what recent arrivals bring; a page of them a transaction."""
    after: tuple[dt.date, UUID] | None = (dt.date.min, UUID(int=0))
    while after is not None:
        async with runtime.uow() as uow:
            after = await service.follow(uow, after, _PAGE)


JOB = Job("transfers.follow", _SIX_HOURS, follow)
