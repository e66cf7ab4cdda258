"""Everything an organization has of movement, for taking it out whole."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sgo_core.chunks import chunked
from sgo_core.movements.model import Membership, Movement, MovementOrder, Placement

TABLES = (Membership, Placement, MovementOrder, Movement)


async def rows(session: AsyncSession, organization_id: UUID) -> AsyncIterator[tuple[str, Sequence[Any]]]:
    """Rows of the tables of movement that belong to the organization, part by part, with the table's name."""
    for model in TABLES:
        query: Any = select(model).where(model.organization_id == organization_id)
        async for chunk in chunked(session, query, model.id):
            yield model.__tablename__, chunk


async def students_ever(session: AsyncSession, organization_id: UUID) -> Sequence[UUID]:
    """Students who are or were in the organization."""
    query = select(Membership.student_id).where(Membership.organization_id == organization_id).distinct()
    return (await session.scalars(query.order_by(Membership.student_id))).all()


async def placed_by(
    session: AsyncSession, organization_id: UUID, students: Collection[UUID], day: date
) -> Mapping[UUID, tuple[date, str, date]]:
    """Since when students are in their class of a day, and by what order: number and date."""
    query = (
        select(Membership.student_id, Placement.valid_from, MovementOrder.number, MovementOrder.date)
        .join(Placement, Placement.membership_id == Membership.id)
        .join(Movement, Movement.opened_id == Placement.id)
        .join(MovementOrder, MovementOrder.id == Movement.order_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.student_id.in_(students),
            Membership.main,
            Placement.valid_from <= day,
            or_(Placement.valid_to.is_(None), Placement.valid_to > day),
        )
    )
    return {row[0]: (row[1], row[2], row[3]) for row in await session.execute(query)}


async def past_book(session: AsyncSession, organization_id: UUID, day: date) -> AsyncIterator[Sequence[Any]]:
    """Movements of stays that were over on a day: movement, order's number and date, class opened; what was undone is left out."""
    opened, closed = aliased(Placement), aliased(Placement)
    entered = and_(
        Movement.kind.in_(_OPENING),
        opened.valid_to.is_not(None),
        opened.valid_to > opened.valid_from,
        opened.valid_to <= day,
    )
    ended = and_(
        Movement.kind.in_(_ENDING),
        Movement.opened_id.is_(None),
        closed.valid_to == Movement.effective_date,
        closed.valid_to > closed.valid_from,
        closed.valid_to <= day,
    )
    query = (
        select(Movement, MovementOrder.number, MovementOrder.date, opened.group_id)
        .join(MovementOrder, MovementOrder.id == Movement.order_id)
        .outerjoin(opened, opened.id == Movement.opened_id)
        .outerjoin(closed, closed.id == Movement.closed_id)
        .where(Movement.organization_id == organization_id, or_(entered, ended))
        .order_by(Movement.id)
    )
    after: UUID | None = None
    while True:
        page = query if after is None else query.where(Movement.id > after)
        found = (await session.execute(page.limit(_PAGE))).all()
        if not found:
            return
        yield found
        after = found[-1][0].id
        session.expunge_all()


_PAGE = 1000
_OPENING = (
    *("enrolled", "restored", "transferred_between_groups"),
    *("transferred_between_organizations", "promoted", "repeated"),
)
_ENDING = ("departed", "graduated", "transferred_between_organizations")
"""Academic leaves open and end no stay."""
