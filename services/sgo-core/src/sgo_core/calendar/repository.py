"""SQL of calendars."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.calendar.model import CalendarDue, CalendarSet, SpecialDay, ToldCalendar


async def get_set(session: AsyncSession, set_id: UUID, *, lock: bool = False) -> CalendarSet | None:
    """A set of dates, locked for an edit if asked."""
    query = select(CalendarSet).where(CalendarSet.id == set_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def get_day(session: AsyncSession, day_id: UUID, *, lock: bool = False) -> SpecialDay | None:
    """A special day, locked for an edit if asked."""
    query = select(SpecialDay).where(SpecialDay.id == day_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def page_of_sets(
    session: AsyncSession, organization_id: UUID | None, academic_year: int | None, limit: int, after: UUID | None
) -> Sequence[CalendarSet]:
    """One page of the sets of a level, those out of use too, and one more."""
    query = select(CalendarSet).where(CalendarSet.organization_id.is_not_distinct_from(organization_id))
    if academic_year is not None:
        query = query.where(CalendarSet.academic_year == academic_year)
    if after is not None:
        query = query.where(CalendarSet.id > after)
    return (await session.scalars(query.order_by(CalendarSet.id).limit(limit + 1))).all()


async def page_of_days(
    session: AsyncSession, organization_id: UUID | None, first: date | None, limit: int, after: UUID | None
) -> Sequence[SpecialDay]:
    """One page of the special days of a level from a day on, those out of use too, and one more."""
    query = select(SpecialDay).where(SpecialDay.organization_id.is_not_distinct_from(organization_id))
    if first is not None:
        query = query.where(SpecialDay.day >= first)
    if after is not None:
        query = query.where(SpecialDay.id > after)
    return (await session.scalars(query.order_by(SpecialDay.id).limit(limit + 1))).all()


async def sets(
    session: AsyncSession, years: Collection[int], organization_ids: Collection[UUID]
) -> Sequence[CalendarSet]:
    """Sets in use of the region and of some organizations."""
    query = select(CalendarSet).where(
        CalendarSet.active,
        CalendarSet.academic_year.in_(years),
        or_(CalendarSet.organization_id.is_(None), CalendarSet.organization_id.in_(organization_ids)),
    )
    return (await session.scalars(query)).all()


async def special_days(
    session: AsyncSession, first: date, last: date, organization_ids: Collection[UUID]
) -> Sequence[SpecialDay]:
    """Special days in use of the region and of some organizations, both ends included."""
    query = select(SpecialDay).where(
        SpecialDay.active,
        SpecialDay.day.between(first, last),
        or_(SpecialDay.organization_id.is_(None), SpecialDay.organization_id.in_(organization_ids)),
    )
    return (await session.scalars(query)).all()


async def take_due(session: AsyncSession, limit: int) -> Sequence[CalendarDue]:
    """Calendars to tell that nobody is telling now, locked."""
    query = select(CalendarDue).order_by(CalendarDue.organization_id, CalendarDue.academic_year).limit(limit)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def told(
    session: AsyncSession, organization_ids: Collection[UUID], years: Collection[int]
) -> Sequence[ToldCalendar]:
    """What was last told of calendars."""
    query = select(ToldCalendar).where(
        ToldCalendar.organization_id.in_(organization_ids), ToldCalendar.academic_year.in_(years)
    )
    return (await session.scalars(query)).all()
