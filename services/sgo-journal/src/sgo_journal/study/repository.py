"""All SQL of the settings of study."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.study.model import BellSchedule, Building, Calendar, ReferenceEntry, Room, Subject


async def subjects(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Subject]:
    """Subjects by id; those not told of yet are absent."""
    return (await session.scalars(select(Subject).where(Subject.id.in_(ids)))).all()


async def region_subjects(session: AsyncSession, codes: Collection[str]) -> Sequence[Subject]:
    """Subjects of the region's list by code, those in force since later first."""
    query = select(Subject).where(Subject.organization_id.is_(None), Subject.code.in_(codes))
    return (await session.scalars(query.order_by(Subject.valid_from.desc(), Subject.id))).all()


async def own_subjects(
    session: AsyncSession, organization_id: UUID, standing_for: Collection[UUID]
) -> Sequence[Subject]:
    """An organization's own subjects that stand for some of the region's."""
    query = select(Subject).where(Subject.organization_id == organization_id, Subject.counts_as.in_(standing_for))
    return (await session.scalars(query.order_by(Subject.id))).all()


async def rooms(session: AsyncSession, organization_id: UUID) -> Sequence[tuple[Room, str | None]]:
    """Rooms of an organization in id order, each with the name of its building."""
    query = (
        select(Room, Building.name)
        .outerjoin(Building, Building.id == Room.building_id)
        .where(Room.organization_id == organization_id)
        .order_by(Room.id)
    )
    return [(room, name) for room, name in await session.execute(query)]


async def bells(session: AsyncSession, organization_id: UUID) -> Sequence[BellSchedule]:
    """Lesson times in use of an organization, those in force since later first."""
    query = select(BellSchedule).where(BellSchedule.organization_id == organization_id, BellSchedule.active)
    return (await session.scalars(query.order_by(BellSchedule.valid_from.desc(), BellSchedule.id))).all()


async def calendar(session: AsyncSession, organization_id: UUID, academic_year: int) -> Calendar | None:
    """The calendar of a school year; of two that core, restored from a backup, may have told of, the one told last."""
    query = select(Calendar).where(Calendar.organization_id == organization_id, Calendar.academic_year == academic_year)
    return (await session.scalars(query.order_by(Calendar.sequence.desc()).limit(1))).one_or_none()


async def entries(session: AsyncSession, book: str, organization_id: UUID) -> Sequence[ReferenceEntry]:
    """Entries of a book that an organization has, those of its own in place of the region's, by code."""
    own_first = ReferenceEntry.organization_id.asc().nulls_last()
    query = (
        select(ReferenceEntry)
        .ext(distinct_on(ReferenceEntry.code))
        .where(
            ReferenceEntry.book == book,
            or_(ReferenceEntry.organization_id == organization_id, ReferenceEntry.organization_id.is_(None)),
        )
        .order_by(ReferenceEntry.code, own_first)
    )
    return (await session.scalars(query)).all()
