"""All SQL of the timetables."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.projections import write
from sgo_journal import versions
from sgo_journal.timetable.model import SharedRoom, SubjectPoints, Timetable, TimetableLine, Unavailability


async def one(session: AsyncSession, timetable_id: UUID) -> Timetable | None:
    """A timetable."""
    query = select(Timetable).where(Timetable.id == timetable_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def page(
    session: AsyncSession, organization_id: UUID, academic_year: int | None, after: UUID | None, limit: int
) -> Sequence[Timetable]:
    """Timetables of an organization, one more than ``limit``."""
    query = select(Timetable).where(Timetable.organization_id == organization_id)
    if academic_year is not None:
        query = query.where(Timetable.academic_year == academic_year)
    if after is not None:
        query = query.where(Timetable.id > after)
    return (await session.scalars(query.order_by(Timetable.id).limit(limit + 1))).all()


async def published(session: AsyncSession, organization_id: UUID, academic_year: int) -> Sequence[Timetable]:
    """Timetables in force of a year, by their first day."""
    query = select(Timetable).where(
        Timetable.organization_id == organization_id,
        Timetable.academic_year == academic_year,
        Timetable.state == "published",
    )
    return (await session.scalars(query.order_by(Timetable.valid_from))).all()


def _of(timetable: Timetable) -> ColumnElement[bool]:
    return and_(
        TimetableLine.organization_id == timetable.organization_id,
        TimetableLine.academic_year == timetable.academic_year,
        TimetableLine.timetable_id == timetable.id,
    )


async def lines(session: AsyncSession, timetable: Timetable) -> Sequence[TimetableLine]:
    """All lines of a timetable."""
    return (await session.scalars(select(TimetableLine).where(_of(timetable)).order_by(TimetableLine.id))).all()


async def lines_page(
    session: AsyncSession, timetable: Timetable, after: UUID | None, limit: int
) -> Sequence[TimetableLine]:
    """Lines of a timetable in id order, one more than ``limit``."""
    query = select(TimetableLine).where(_of(timetable))
    if after is not None:
        query = query.where(TimetableLine.id > after)
    return (await session.scalars(query.order_by(TimetableLine.id).limit(limit + 1))).all()


async def take_out(session: AsyncSession, timetable: Timetable, line_ids: Collection[UUID]) -> set[UUID]:
    """Take lines out; which were there."""
    gone = await session.scalars(
        delete(TimetableLine)
        .where(_of(timetable), TimetableLine.id.in_(line_ids))
        .returning(TimetableLine.id)
        .execution_options(synchronize_session=False)
    )
    return set(gone)


async def put_in(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put lines in; the database refuses a second one of a journal at a place."""
    await write(session, insert(TimetableLine), rows)


async def change(session: AsyncSession, timetable: Timetable, version: int, values: Mapping[str, Any]) -> bool:
    """Change a timetable if its version is still that; false if it is another."""
    return await versions.change(session, timetable, version, values)


async def unavailability(
    session: AsyncSession, organization_id: UUID, academic_year: int, since: dt.date, until: dt.date
) -> Sequence[Unavailability]:
    """What cannot be had on days of [since, until)."""
    query = select(Unavailability).where(
        Unavailability.organization_id == organization_id,
        Unavailability.academic_year == academic_year,
        Unavailability.valid_from < until,
        Unavailability.valid_to > since,
    )
    return (await session.scalars(query)).all()


async def unavailability_page(
    session: AsyncSession, organization_id: UUID, filters: Mapping[str, Any], after: UUID | None, limit: int
) -> Sequence[Unavailability]:
    """What cannot be had, in id order, one more than ``limit``."""
    query = select(Unavailability).where(
        Unavailability.organization_id == organization_id,
        *(getattr(Unavailability, name) == value for name, value in filters.items()),
    )
    if after is not None:
        query = query.where(Unavailability.id > after)
    return (await session.scalars(query.order_by(Unavailability.id).limit(limit + 1))).all()


async def one_unavailability(session: AsyncSession, unavailability_id: UUID) -> Unavailability | None:
    """A declared unavailability, held until the transaction ends."""
    return await session.scalar(select(Unavailability).where(Unavailability.id == unavailability_id).with_for_update())


async def shared_rooms(session: AsyncSession, organization_id: UUID) -> Mapping[UUID, int]:
    """How many lessons shared rooms take at once."""
    rows = await session.scalars(select(SharedRoom).where(SharedRoom.organization_id == organization_id))
    return {row.room_id: row.lessons for row in rows}


async def share_room(session: AsyncSession, organization_id: UUID, room_id: UUID, lessons: int) -> None:
    """Keep how many lessons a room takes at once."""
    statement = insert(SharedRoom).values(room_id=room_id, organization_id=organization_id, lessons=lessons)
    await session.execute(statement.on_conflict_do_update(index_elements=["room_id"], set_={"lessons": lessons}))


async def points(session: AsyncSession, organization_id: UUID) -> SubjectPoints | None:
    """How hard subjects are by the organization's own judgement."""
    query = select(SubjectPoints).where(SubjectPoints.organization_id == organization_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def set_points(
    session: AsyncSession, organization_id: UUID, version: int, judged: Sequence[Mapping[str, Any]]
) -> bool:
    """Keep the organization's judgement if its version is still that (0: there is none); false if it is another."""
    if version:
        statement = (
            update(SubjectPoints)
            .where(SubjectPoints.organization_id == organization_id, SubjectPoints.version == version)
            .values(points=list(judged), version=version + 1)
            .returning(SubjectPoints.version)
        )
        return await session.scalar(statement) is not None
    first = insert(SubjectPoints).values(organization_id=organization_id, points=list(judged), version=1)
    return await session.scalar(first.on_conflict_do_nothing().returning(SubjectPoints.version)) is not None
