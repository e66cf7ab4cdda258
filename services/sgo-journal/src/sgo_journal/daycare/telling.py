"""Telling others of months: counts, no names; when a month is closed first, and whenever its figures are otherwise."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.jobs import Job
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_journal.daycare import events, months, repository
from sgo_journal.study import service as study
from sgo_journal.study.calendar import GradeCalendar

_CHUNK = 500
_HOUR = 3600


async def tell(uow: UnitOfWork, key: repository.GroupKey, told: Sequence[dt.date], calendar: GradeCalendar) -> None:
    """Count months of a group anew and let others hear of those that are otherwise."""
    days = [day for month in told for day in calendar.study_days(month, months.after(month))]
    for kept in await repository.tell(uow.session, key, told, days, uow.now):
        uow.publish(events.month_counted(kept), version=kept.told_version)


async def tell_changed(runtime: Runtime) -> None:
    """Count told months anew of groups where something changed without anybody noting a day, a group in a transaction of its own.

    Cards are merged, children come and leave back in time, the calendar is corrected, the group's own days are otherwise: triggers keep
    which groups that meets (``DaycareRecount``), so that a quiet day counts nothing.
    """
    async with runtime.uow() as uow:
        due = await repository.to_recount(uow.session)
    for key in due:
        async with runtime.uow() as uow:
            await repository.hold_group(uow.session, key[2])
            await repository.take_recount(uow.session, key)
            told = await repository.told_of(uow.session, key)
            calendar = await study.calendar_of(uow, *key[:2]) if told else None
            if calendar is not None:
                await tell(uow, key, told, calendar.for_grade(None))


async def counted_months(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every month others were told of at its version, for a reader that is rebuilt."""
    after = None
    while found := await repository.told(session, after, _CHUNK):
        yield [Aggregate(events.month_counted(one), one.told_at, one.told_version) for one in found]
        after = found[-1].id
        session.expunge_all()


JOB = Job("daycare.tell-changed", _HOUR, tell_changed)
