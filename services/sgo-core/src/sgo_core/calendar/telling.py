"""Telling readers of calendars that have changed.

A calendar depends on rows of the region too, so what reaches it is marked by triggers in the transaction of the change
(``calendar_due``), and told with the organization's own change at once, with the region's by a job, if it says anything new.
"""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import CalendarChanged
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_core.calendar import repository
from sgo_core.calendar.events import calendar_changed
from sgo_core.calendar.kinds import GRADES, PRESCHOOL
from sgo_core.calendar.model import CalendarDue, CalendarSet, ToldCalendar
from sgo_core.calendar.sources import load
from sgo_core.chunks import chunked
from sgo_core.groups import service as groups
from sgo_core.organizations import service as organizations

_AT_ONCE = 100


async def tell_due(runtime: Runtime) -> None:
    """Tell of all calendars that are marked, some in a transaction."""
    taken = _AT_ONCE
    while taken == _AT_ONCE:
        async with runtime.uow() as uow:
            due = await repository.take_due(uow.session, _AT_ONCE)
            await _tell(uow, [(one.organization_id, one.academic_year) for one in due])
            taken = len(due)


async def review(runtime: Runtime) -> None:
    """Mark the calendars of this year and of those to come: a new production calendar changes them without any row."""
    async with runtime.uow() as uow:
        years = set(await uow.session.scalars(select(CalendarSet.academic_year).where(CalendarSet.active).distinct()))
        today = uow.clock.today()
        current = [one.year for one in await groups.years_of(uow.session, years) if one.ends_on > today]
        await uow.session.execute(select(func.mark_calendar_due(None, sorted(current))))


async def tell_own(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> None:
    """Tell of an organization's calendar that this transaction has changed, and so marked and holds."""
    await uow.session.flush()
    await _tell(uow, [(organization_id, academic_year)])


async def _tell(uow: UnitOfWork, calendars: Sequence[tuple[UUID, int]]) -> None:
    if not calendars:
        return
    ids, years = sorted({one[0] for one in calendars}), {one[1] for one in calendars}
    kinds = {one.id: one.kind for one in (await organizations.by_ids(uow, ids)).values()}
    sources = await load(uow.session, years, ids)
    known = {(one.organization_id, one.academic_year): one for one in await repository.told(uow.session, ids, years)}
    for organization_id, year in calendars:
        told = known.get((organization_id, year))
        grades = (PRESCHOOL, *GRADES) if kinds[organization_id] == "school" else (PRESCHOOL,)
        event = calendar_changed(
            new_id() if told is None else told.id,
            organization_id,
            year,
            sources.years[year],
            [(grade, sources.plan(organization_id, year, grade)) for grade in grades],
        )
        _note(uow, told, event)
    await uow.session.execute(
        delete(CalendarDue).where(tuple_(CalendarDue.organization_id, CalendarDue.academic_year).in_(calendars))
    )


def _note(uow: UnitOfWork, told: ToldCalendar | None, event: CalendarChanged) -> None:
    plain = event.model_dump(mode="json")
    if told is None:
        told = ToldCalendar(
            id=event.calendar_id, organization_id=event.organization_id, academic_year=event.academic_year, version=0
        )
        uow.session.add(told)
    elif told.told == plain:
        return
    told.version, told.updated_at, told.told = told.version + 1, uow.now, plain
    uow.publish(event, version=told.version)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every calendar as it was last told, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(ToldCalendar), ToldCalendar.id):
        yield [Aggregate(CalendarChanged.model_validate(one.told), one.updated_at, one.version) for one in chunk]
