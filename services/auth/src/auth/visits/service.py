"""Counts the visits of a day once it is over, and tells them."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.visits import repository
from auth.visits.events import visits_counted
from auth.visits.model import VisitCount
from servicekit.ids import new_id
from servicekit.jobs import Job
from servicekit.messaging import Aggregate
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork

_HOUR = 3600.0
_FIRST = UUID(int=0)


async def count_yesterday(uow: UnitOfWork) -> None:
    """Count the day before today, once. What sessions leave behind is kept for two days: an older day cannot be counted any more."""
    day = uow.clock.today() - timedelta(days=1)
    if await repository.counted(uow.session, day):
        return
    since, until = (datetime.combine(one, time.min, uow.clock.zone) for one in (day, day + timedelta(days=1)))
    for row in await repository.count(uow.session, since, until):
        found = VisitCount(
            id=new_id(),
            day=day,
            role=row.role,
            founder_id=row.founder_id,
            municipality=row.municipality,
            organization_id=row.organization_id,
            holders=row.holders,
            visitors=row.visitors,
            sessions=row.sessions,
        )
        uow.session.add(found)
        uow.publish(visits_counted(found))


async def republish(session: AsyncSession, chunk: int = 1000) -> AsyncIterator[Sequence[Aggregate]]:
    """Every count there was, for a reader that is rebuilt."""
    after = _FIRST
    while found := await repository.following(session, after, chunk):
        after = found[-1].id
        yield [Aggregate(visits_counted(one), datetime.combine(one.day, time.min, UTC)) for one in found]


async def _count(runtime: Runtime) -> None:
    async with runtime.uow() as uow:
        await count_yesterday(uow)


JOB = Job("visits.count", _HOUR, _count)
