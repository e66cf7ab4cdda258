"""Closing a group's month, and the days on which a group is closed; what others hear of a month: counts, no names."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.closings import service as closings
from sgo_journal.daycare import months, repository, telling
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
_DAY = dt.timedelta(days=1)
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
    calendar = await months.calendar(uow, group.organization_id, group.academic_year)
    if _last_day(calendar, group, month) > uow.clock.today():
        raise MonthNotOverError
    totals = sheet.totals
    if totals.unmarked:
        left = [day.isoformat() for day in sheet.working if sheet.marked_on(day) < len(sheet.present_on(day))]
        raise DaysLeftError(members={"unmarked": totals.unmarked, "days": left})
    span = month, months.days_of(month)[-1]
    made = await closings.close_days(uow, principal, group, title_of(month), *span)
    await telling.tell(uow, _key(group), [month], calendar)
    return made, sheet


def _last_day(calendar: GradeCalendar, group: Learners, month: dt.date) -> dt.date:
    """The last day of a month the group would work if there were no days of rest and no closures, or else its very last.

    A month without working days, or one whose end was declared days of rest ahead, is over no earlier than others are.
    """
    since, until = max(month, group.starts_on), min(months.after(month), group.ends_on)
    return max(replace(calendar, rests=frozenset()).study_days(since, until), default=until - _DAY)


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
    if told:
        await telling.tell(uow, key, told, await months.calendar(uow, *key[:2]))
