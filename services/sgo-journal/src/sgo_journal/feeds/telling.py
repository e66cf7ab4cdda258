"""Calendars that programs read, on record day by day and organization by organization: nobody is told of by name."""

from asu_contracts.journal import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from servicekit.ids import new_id
from servicekit.jobs import Job
from servicekit.outward import recording as outward
from servicekit.runtime import Runtime
from sgo_journal.feeds import repository

_HOUR = 3600.0


async def record(runtime: Runtime) -> None:
    """Put on record what was read on the days that are over."""
    async with runtime.uow() as uow:
        for one in await repository.take_over(uow.session, uow.clock.today()):
            read = OutwardExchangeRecorded(
                exchange_id=new_id(),
                kind=OutwardKind.FEED,
                title="Календари уроков, прочитанные внешними программами за день",
                format="ics",
                receiver="календарные программы",
                organization_id=one.organization_id,
                persons=one.calendars,
                role=one.role,
                recorded_at=one.read_at,
            )
            await outward.record(uow, read)


JOB = Job("feeds.record", _HOUR, record)
