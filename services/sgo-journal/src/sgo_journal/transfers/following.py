"""The job that lets what is still written at the school that was left follow, for some days after an arrival."""

import datetime as dt
from uuid import UUID

from servicekit.jobs import Job
from servicekit.runtime import Runtime
from sgo_journal.transfers import service

_SIX_HOURS = 6 * 3600.0
_PAGE = 200


async def follow(runtime: Runtime) -> None:
    """Take anew what recent arrivals bring, a statement a transaction: none holds one while it waits for another."""
    after = (dt.date.min, UUID(int=0))
    while True:
        async with runtime.uow() as uow:
            page = await service.recent(uow, after, _PAGE)
        for statement in page:
            async with runtime.uow() as uow:
                await service.follow(uow, statement)
        if len(page) < _PAGE:
            return
        after = (page[-1].arrived_on, page[-1].id)


JOB = Job("transfers.follow", _SIX_HOURS, follow)
