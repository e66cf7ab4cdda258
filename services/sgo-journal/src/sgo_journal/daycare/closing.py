"""Closing a group's month, and the days on which a group is closed; what others hear of a month: counts, no names."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.closings import service as closings
from sgo_journal.daycare import events, months, repository
from sgo_journal.daycare.errors import (
    ClosureDaysError,
    ClosureWithdrawnError,
    DaysLeftError,
    MonthClosedError,
    MonthNotOverError,
)
from sgo_journal.daycare.model import DaycareClosure
from sgo_journal.people import author
from sgo_journal.rosters.service import Learners
from sgo_journal.study.calendar import GradeCalendar

_LONGEST = dt.timedelta(days=62)
_CHUNK = 500
_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)


def title_of(month: dt.date) -> str:
    """A month as people write it."""
    return f"{_MONTHS[month.month - 1]} {month.year}"


async def close(
    uow: UnitOfWork, principal: Principal, group: Learners, month: dt.date
) -> tuple[closings.PeriodClosing, months.Sheet]:
    """Close a month of a group: nothing of its days is changed from then on, unless an order opens it (``closings.unlock``).

    Raises ``MonthNotOverError``, ``DaysLeftError``, ``AlreadyClosedError``. Whoever is noting days is waited for.
    """
    await repository.hold_group(uow.session, group.id)
    sheet = await months.sheet(uow, group, month)
    if sheet.working and sheet.working[-1] > uow.clock.today():
        raise MonthNotOverError
    totals = sheet.totals
    if totals.unmarked:
        left = [day.isoformat() for day in sheet.working if sheet.marked_on(day) < len(sheet.present_on(day))]
        raise DaysLeftError(members={"unmarked": totals.unmarked, "days": left})
    span = month, months.days_of(month)[-1]
    made = await closings.close_days(uow, principal, group, title_of(month), *span)
    await tell(uow, _key(group), month, await months.calendar(uow, group.organization_id, group.academic_year))
    return made, sheet


async def tell(uow: UnitOfWork, key: tuple[UUID, int, UUID], month: dt.date, calendar: GradeCalendar) -> None:
    """Count a month of a group (organization, year, group) anew and let others hear."""
    days = list(calendar.study_days(month, months.after(month)))
    kept = await repository.tell(uow.session, key, month, days, uow.now)
    uow.publish(events.month_counted(kept), version=kept.told_version)


async def counted_months(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every month others were told of at its version, for a reader that is rebuilt."""
    after = None
    while found := await repository.told(session, after, _CHUNK):
        yield [Aggregate(events.month_counted(one), one.told_at, one.told_version) for one in found]
        after = found[-1].id
        session.expunge_all()


async def close_group(
    uow: UnitOfWork, principal: Principal, group: Learners, first_day: dt.date, last_day: dt.date, reason: str
) -> DaycareClosure:
    """Close a group on days none of which is noted yet: raises ``ClosureDaysError``, ``DaysNotedError``."""
    if not group.starts_on <= first_day <= last_day < min(group.ends_on, first_day + _LONGEST):
        raise ClosureDaysError
    await repository.hold_group(uow.session, group.id)
    await _require_open(uow, _key(group), first_day, last_day)
    made = DaycareClosure(
        organization_id=group.organization_id,
        academic_year=group.academic_year,
        id=new_id(),
        group_id=group.id,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        made_by=author(principal),
        made_at=uow.now,
        withdrawn_by=None,
        withdrawn_at=None,
    )
    uow.session.add(made)
    await uow.session.flush()
    await _tell_again(uow, made)
    return made


async def withdraw_closure(uow: UnitOfWork, principal: Principal, closure_id: UUID) -> DaycareClosure:
    """Let the group work on those days after all; raises ``ClosureWithdrawnError``, ``MonthClosedError`` in a closed month."""
    closure = await repository.closure(uow.session, principal.unit.organization_id, closure_id)
    if closure is None:
        raise NotFoundError
    if closure.withdrawn_at is not None:
        raise ClosureWithdrawnError
    await repository.hold_group(uow.session, closure.group_id)
    await _require_open(uow, _key_of(closure), closure.first_day, closure.last_day)
    closure.withdrawn_by, closure.withdrawn_at = author(principal), uow.now
    await uow.session.flush()
    await _tell_again(uow, closure)
    return closure


async def list_closures(uow: UnitOfWork, group: Learners, after: UUID | None, limit: int) -> Sequence[DaycareClosure]:
    """Days on which a group was closed, withdrawn ones too, one more than ``limit``."""
    return await repository.closures_of(uow.session, *_key(group), after, limit)


def _key(group: Learners) -> tuple[UUID, int, UUID]:
    return group.organization_id, group.academic_year, group.id


def _key_of(closure: DaycareClosure) -> tuple[UUID, int, UUID]:
    return closure.organization_id, closure.academic_year, closure.group_id


def _months_of(first_day: dt.date, last_day: dt.date) -> list[dt.date]:
    found = [first_day.replace(day=1)]
    while months.after(found[-1]) <= last_day:
        found.append(months.after(found[-1]))
    return found


async def _require_open(uow: UnitOfWork, key: tuple[UUID, int, UUID], first_day: dt.date, last_day: dt.date) -> None:
    """Raise ``MonthClosedError`` if any of the days lies in a closed month."""
    for month in _months_of(first_day, last_day):
        if await repository.is_closed(uow.session, *key, max(month, first_day)):
            raise MonthClosedError


async def _tell_again(uow: UnitOfWork, closure: DaycareClosure) -> None:
    """Let others hear of the closure's months, if they have heard of them."""
    key = _key_of(closure)
    told = await repository.told_of(uow.session, key, _months_of(closure.first_day, closure.last_day))
    for month in told:
        await tell(uow, key, month, await months.calendar(uow, *key[:2]))
