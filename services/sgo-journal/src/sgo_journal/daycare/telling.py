"""Telling others of months: counts, no names; when a month is closed first, and whenever its figures are otherwise."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.jobs import Job
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.daycare import events, months, repository
from sgo_journal.study import service as study
from sgo_journal.study.calendar import GradeCalendar

_CHUNK = 500
_DAY = 24 * 3600


async def tell(uow: UnitOfWork, key: tuple[UUID, int, UUID], month: dt.date, calendar: GradeCalendar) -> None:
    """Count a month of a group (organization, year, group) anew and let others hear, if anything is otherwise."""
    days = list(calendar.study_days(month, months.after(month)))
    kept = await repository.tell(uow.session, key, month, days, uow.now)
    if kept is not None:
        uow.publish(events.month_counted(kept), version=kept.told_version)


async def tell_changed(runtime: Runtime) -> None:
    """Count told months of this school year and the last anew, a group in a transaction of its own.

    Their figures change without anybody noting a day: cards are merged, children come and leave back in time, the calendar is corrected.
    """
    async with runtime.uow() as uow:
        year = academic_year(uow.clock.today())
        told = await repository.told_groups(uow.session, [year - 1, year])
    for key, of_group in told:
        async with runtime.uow() as uow:
            await repository.hold_group(uow.session, key[2])
            found = await study.calendar_of(uow, *key[:2])
            if found is None:
                continue
            for month in of_group:
                await tell(uow, key, month, found.for_grade(None))


async def counted_months(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every month others were told of at its version, for a reader that is rebuilt."""
    after = None
    while found := await repository.told(session, after, _CHUNK):
        yield [Aggregate(events.month_counted(one), one.told_at, one.told_version) for one in found]
        after = found[-1].id
        session.expunge_all()


JOB = Job("daycare.tell-changed", _DAY, tell_changed)
