"""SQL of orders, memberships, placements and the movement book."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.ids import new_id
from sgo_core.movements.model import Membership, Movement, MovementOrder, Placement

OrderKey = tuple[UUID, str, date]
"""Organization, number, date."""


def _among(column: Any, values: Collection[UUID]) -> Any:
    return column == any_(literal(list(values), ARRAY(Uuid)))


def columns(entity: Membership | Placement | Movement) -> dict[str, Any]:
    """Column values of an entity that is not stored yet."""
    return {column.key: getattr(entity, column.key) for column in entity.__table__.columns}


async def orders(session: AsyncSession, keys: Collection[OrderKey]) -> Mapping[OrderKey, UUID]:
    """Ids of orders, made where they are not there yet."""
    rows = [
        {"id": new_id(), "organization_id": organization, "number": number, "date": day}
        for organization, number, day in sorted(keys)
    ]
    await session.execute(upsert(MovementOrder).on_conflict_do_nothing(), rows)
    query = select(MovementOrder).where(
        tuple_(MovementOrder.organization_id, MovementOrder.number, MovementOrder.date).in_(list(keys))
    )
    return {(one.organization_id, one.number, one.date): one.id for one in await session.scalars(query)}


async def main_memberships(session: AsyncSession, students: Collection[UUID]) -> Sequence[Membership]:
    """Main memberships of students, all times. The students' rows are locked by the caller."""
    query = select(Membership).where(_among(Membership.student_id, students), Membership.main)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def placements_of(session: AsyncSession, memberships: Collection[UUID]) -> Sequence[Placement]:
    """Placements of memberships in order of time."""
    query = select(Placement).where(_among(Placement.membership_id, memberships)).order_by(Placement.valid_from)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def applications_done(session: AsyncSession, applications: Collection[UUID]) -> set[UUID]:
    """Those of the applications that were carried out already."""
    query = select(Movement.application_id).where(_among(Movement.application_id, applications))
    return {application for application in await session.scalars(query) if application is not None}


async def insert_stays(
    session: AsyncSession,
    memberships: Sequence[dict[str, Any]],
    placements: Sequence[dict[str, Any]],
    movements: Sequence[dict[str, Any]],
) -> None:
    """Store new memberships, placements and movements."""
    for model, rows in ((Membership, memberships), (Placement, placements), (Movement, movements)):
        if rows:
            await session.execute(insert(model), list(rows))


async def organizations_of(session: AsyncSession, students: Collection[UUID], today: date) -> Mapping[UUID, set[UUID]]:
    """Organizations where students are or will be, by student."""
    query = select(Membership.student_id, Membership.organization_id).where(
        _among(Membership.student_id, students), or_(Membership.valid_to.is_(None), Membership.valid_to > today)
    )
    found: dict[UUID, set[UUID]] = {}
    for student, organization in await session.execute(query):
        found.setdefault(student, set()).add(organization)
    return found


async def release_ended(session: AsyncSession, today: date, limit: int) -> Sequence[tuple[UUID, UUID, UUID]]:
    """Placements that end today or ended before and still hold a place give it up: (placement, membership, group)."""
    ended = (
        select(Placement.id)
        .where(Placement.holds_place, Placement.valid_to <= today)
        .order_by(Placement.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(Placement)
        .where(Placement.id.in_(ended))
        .values(holds_place=False)
        .returning(Placement.id, Placement.membership_id, Placement.group_id)
        .execution_options(synchronize_session=False)
    )
    return [(one.id, one.membership_id, one.group_id) for one in await session.execute(statement)]


async def students_of(session: AsyncSession, memberships: Collection[UUID]) -> set[UUID]:
    """Students of memberships."""
    return set(await session.scalars(select(Membership.student_id).where(_among(Membership.id, memberships))))


async def operators_of(session: AsyncSession, students: Collection[UUID]) -> set[UUID]:
    """Organizations the students are, will be or were in."""
    return set(
        await session.scalars(select(Membership.organization_id).where(Membership.student_id.in_(students)).distinct())
    )


async def any_stay(session: AsyncSession, students: Collection[UUID], organizations: Any, day: date) -> bool:
    """Whether one of the students is or will be in one of the organizations."""
    query = select(func.count()).where(
        Membership.student_id.in_(students),
        Membership.organization_id.in_(organizations),
        or_(Membership.valid_to.is_(None), Membership.valid_to > day),
    )
    return bool(await session.scalar(query))


async def has_stay(session: AsyncSession, student: UUID, organizations: Any, ending_after: date | None) -> bool:
    """Whether the student is, will be or (with ``ending_after`` None) ever was in one of the organizations."""
    query = select(func.count()).where(Membership.student_id == student, Membership.organization_id.in_(organizations))
    if ending_after is not None:
        query = query.where(or_(Membership.valid_to.is_(None), Membership.valid_to > ending_after))
    return bool(await session.scalar(query))
