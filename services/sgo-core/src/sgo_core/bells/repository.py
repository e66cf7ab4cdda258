"""SQL of shifts and lesson times."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.bells.model import BellSchedule, Shift


async def get_shift(session: AsyncSession, shift_id: UUID) -> Shift | None:
    """A shift, locked for an edit."""
    query = select(Shift).where(Shift.id == shift_id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).one_or_none()


async def shift_of(session: AsyncSession, organization_id: UUID, number: int) -> Shift | None:
    """A shift in use, kept as it is until the transaction ends."""
    query = select(Shift).where(Shift.organization_id == organization_id, Shift.number == number, Shift.active)
    return (await session.scalars(query.with_for_update(read=True))).one_or_none()


async def shifts(session: AsyncSession, organization_id: UUID) -> Sequence[Shift]:
    """Shifts of an organization, by number."""
    query = select(Shift).where(Shift.organization_id == organization_id)
    return (await session.scalars(query.order_by(Shift.number))).all()


async def get(session: AsyncSession, schedule_id: UUID, *, lock: bool = False) -> BellSchedule | None:
    """Lesson times, locked for an edit if asked."""
    query = select(BellSchedule).where(BellSchedule.id == schedule_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def page(
    session: AsyncSession, organization_id: UUID, *, former: bool, limit: int, after: UUID | None
) -> Sequence[BellSchedule]:
    """One page of an organization's lesson times, those used no more if asked, and one more."""
    query = select(BellSchedule).where(BellSchedule.organization_id == organization_id)
    if not former:
        query = query.where(BellSchedule.active)
    if after is not None:
        query = query.where(BellSchedule.id > after)
    return (await session.scalars(query.order_by(BellSchedule.id).limit(limit + 1))).all()


async def of_shift(session: AsyncSession, organization_id: UUID, number: int) -> Sequence[BellSchedule]:
    """Lesson times in use of a shift."""
    query = select(BellSchedule).where(
        BellSchedule.organization_id == organization_id, BellSchedule.shift == number, BellSchedule.active
    )
    return (await session.scalars(query)).all()


async def fitting(
    session: AsyncSession, organization_id: UUID, shift: int, day_kind: str, weekday: int, grade: int, day: date
) -> BellSchedule | None:
    """The lesson times in use that fit: the constraint leaves one at most."""
    query = select(BellSchedule).where(
        BellSchedule.organization_id == organization_id,
        BellSchedule.active,
        BellSchedule.shift == shift,
        BellSchedule.day_kind == day_kind,
        BellSchedule.weekdays.contains([weekday]),
        BellSchedule.grade_from <= grade,
        BellSchedule.grade_to >= grade,
        BellSchedule.valid_from <= day,
        or_(BellSchedule.valid_to.is_(None), BellSchedule.valid_to > day),
    )
    return (await session.scalars(query)).one_or_none()
