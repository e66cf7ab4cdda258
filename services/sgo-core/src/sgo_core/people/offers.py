"""Who of the students may be given an account, and by whom: told when it changes, and on the day it changes by itself."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.messaging.republish import Aggregate
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.people.events import student_offered
from sgo_core.people.model import Student, StudentOffer


@dataclass(frozen=True)
class Place:
    """Where a student's main membership is today, and the day when it will be elsewhere by itself."""

    organization_id: UUID | None
    turns_on: date | None


NOWHERE = Place(None, None)


async def offer(uow: UnitOfWork, places: Mapping[UUID, Place], traceparent: str | None = None) -> None:
    """Tell of the students whose place is another than was told. One who never had a place is told of to nobody."""
    gone = [student_id for student_id, place in places.items() if place == NOWHERE]
    rows = [
        {
            "student_id": student_id,
            "organization_id": place.organization_id,
            "turns_on": place.turns_on,
            "version": 1,
            "updated_at": uow.now,
        }
        for student_id, place in sorted(places.items())
        if place != NOWHERE
    ]
    told: list[StudentOffer] = []
    if rows:
        statement = upsert(StudentOffer)
        statement = statement.on_conflict_do_update(
            index_elements=[StudentOffer.student_id],
            set_={
                "organization_id": statement.excluded.organization_id,
                "turns_on": statement.excluded.turns_on,
                "version": StudentOffer.version + 1,
                "updated_at": statement.excluded.updated_at,
            },
            where=or_(
                StudentOffer.organization_id.is_distinct_from(statement.excluded.organization_id),
                StudentOffer.turns_on.is_distinct_from(statement.excluded.turns_on),
            ),
        )
        told += await uow.session.scalars(_returning(statement), rows)
    if gone:
        left = or_(StudentOffer.organization_id.is_not(None), StudentOffer.turns_on.is_not(None))
        told += await _next(uow, gone, left, {"organization_id": None, "turns_on": None})
    await _publish(uow, told, traceparent)


async def tell_renamed(uow: UnitOfWork, student_ids: Sequence[UUID], traceparent: str | None = None) -> None:
    """Tell again of students, whose name is another now, if they were told of."""
    if student_ids:
        await _publish(uow, await _next(uow, student_ids, StudentOffer.version > 0, {}), traceparent)


async def turned(session: AsyncSession, today: date, limit: int) -> Sequence[UUID]:
    """Students whose place has become another by itself, their offers locked."""
    query = select(StudentOffer.student_id).where(StudentOffer.turns_on <= today)
    query = query.order_by(StudentOffer.student_id).limit(limit).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def offers(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every student told of, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(StudentOffer), StudentOffer.student_id):
        students = await _students(session, [one.student_id for one in chunk])
        yield [
            Aggregate(
                student_offered(students[one.student_id], one.organization_id),
                one.updated_at,
                one.version,
            )
            for one in chunk
        ]


async def _next(
    uow: UnitOfWork, student_ids: Sequence[UUID], condition: Any, values: Mapping[str, None]
) -> Sequence[StudentOffer]:
    mine = StudentOffer.student_id == any_(literal(list(student_ids), ARRAY(Uuid)))
    locked = select(StudentOffer.student_id).where(mine, condition)
    await uow.session.execute(locked.order_by(StudentOffer.student_id).with_for_update())
    statement = update(StudentOffer).where(mine, condition)
    statement = statement.values(version=StudentOffer.version + 1, updated_at=uow.now, **values)
    return (await uow.session.scalars(_returning(statement))).all()


def _returning(statement: Any) -> Any:
    return statement.returning(StudentOffer).execution_options(synchronize_session=False, populate_existing=True)


async def _publish(uow: UnitOfWork, told: Sequence[StudentOffer], traceparent: str | None) -> None:
    students = await _students(uow.session, [one.student_id for one in told])
    for one in told:
        event = student_offered(students[one.student_id], one.organization_id)
        uow.publish(event, version=one.version, traceparent=traceparent)


async def _students(session: AsyncSession, student_ids: Sequence[UUID]) -> Mapping[UUID, Student]:
    query = select(Student).where(Student.id == any_(literal(list(student_ids), ARRAY(Uuid))))
    return {one.id: one for one in await session.scalars(query)} if student_ids else {}
