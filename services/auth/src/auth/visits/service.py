"""Counts the visits of a day once it is over, and tells them; who worked on it by name is shown to the organization alone."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from auth.visits import repository
from auth.visits.errors import PeriodError
from auth.visits.events import visits_counted
from auth.visits.model import VisitCount
from orgdirectory import require_visible
from servicekit.ids import new_id
from servicekit.jobs import Job
from servicekit.messaging import Aggregate
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_HOUR = 3600.0
_FIRST = UUID(int=0)
KEPT = timedelta(days=400)
"""How long it is known on which days somebody worked: a school year and the summer after it."""


@dataclass(frozen=True)
class Worked:
    """A position in an organization and how it was worked in: days over the period, the last day up to its end (``None``: never)."""

    grant_id: UUID
    account_id: UUID
    display_name: str
    role: Role
    given_on: date
    ended_on: date | None
    days: int
    last_day: date | None


async def count_yesterday(uow: UnitOfWork) -> None:
    """Count the day before today, once. What sessions leave behind is kept for two days: an older day cannot be counted any more."""
    day = uow.clock.today() - timedelta(days=1)
    if await repository.counted(uow.session, day):
        return
    since, until = _instants(uow, day, day)
    await repository.mark(uow.session, day, since, until)
    await repository.forget(uow.session, day - KEPT)
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


async def workers(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    since: date | None,
    until: date | None,
    *,
    after: UUID | None,
    limit: int,
) -> list[Worked]:
    """Who held positions in an organization over a period and on how many days of it they worked in them, both days included.

    A day is known once it is over: the period ends yesterday unless it is told, and begins a month before its end. Raises
    ``NotFoundError``, ``PeriodError``.
    """
    await require_visible(uow, principal, organization_id)
    yesterday = uow.clock.today() - timedelta(days=1)
    earliest, until = yesterday - KEPT, until or yesterday
    if not earliest <= until <= yesterday:
        raise PeriodError
    since = since or max(until - timedelta(days=30), earliest)
    if not earliest <= since <= until:
        raise PeriodError
    first, last = _instants(uow, since, until)
    found = await repository.workers(
        uow.session, organization_id=organization_id, first_day=since, last_day=until, since=first, until=last, after=after,
        limit=limit,
    )  # fmt: skip
    date_of = uow.clock.date_of
    return [
        Worked(
            row.grant_id, row.account_id, row.display_name, Role(row.role), date_of(row.given_at),
            row.ended_at and date_of(row.ended_at), row.days, row.last_day,
        )
        for row in found
    ]  # fmt: skip


def _instants(uow: UnitOfWork, first: date, last: date) -> tuple[datetime, datetime]:
    """[the first day begins, the day after the last begins)."""
    since, until = (datetime.combine(one, time.min, uow.clock.zone) for one in (first, last + timedelta(days=1)))
    return since, until


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
