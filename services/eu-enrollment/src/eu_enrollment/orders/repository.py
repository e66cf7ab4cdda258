"""Statements of orders."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.orders.model import admission_order, order_annulment

_ORDERS = select(
    admission_order,
    order_annulment.c.at.label("annulled_at"),
    order_annulment.c.account_id.label("annulled_by"),
    order_annulment.c.reason.label("annulled_for"),
).outerjoin(order_annulment, order_annulment.c.order_id == admission_order.c.id)
"""Orders with how they were annulled, if they were."""


async def add(session: AsyncSession, values: dict[str, object]) -> bool:
    """Insert an order; false if the organization has one of this number and date."""
    result = await session.execute(
        insert(admission_order).values(values).on_conflict_do_nothing().returning(admission_order.c.id)
    )
    return result.first() is not None


async def of_number(session: AsyncSession, organization_id: UUID, number: str, day: date) -> Record | None:
    """An order by its number and date."""
    return (
        await session.execute(
            _ORDERS.where(
                admission_order.c.organization_id == organization_id,
                admission_order.c.number == number,
                admission_order.c.date == day,
            )
        )
    ).first()


async def get(session: AsyncSession, order_id: UUID, visible: ColumnElement[bool]) -> Record | None:
    """An order, if it is there and visible."""
    return (await session.execute(_ORDERS.where(admission_order.c.id == order_id, visible))).first()


async def page(
    session: AsyncSession,
    campaign_id: UUID,
    visible: ColumnElement[bool],
    organization_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Record]:
    """Orders of a campaign in order of ids, one more than asked for."""
    statement = _ORDERS.where(admission_order.c.campaign_id == campaign_id, visible)
    if organization_id is not None:
        statement = statement.where(admission_order.c.organization_id == organization_id)
    if after is not None:
        statement = statement.where(admission_order.c.id > after)
    return (await session.execute(statement.order_by(admission_order.c.id).limit(limit + 1))).all()


async def annul(session: AsyncSession, values: dict[str, object]) -> bool:
    """Note that an order is annulled; false if it was before."""
    statement = insert(order_annulment).values(values).on_conflict_do_nothing().returning(order_annulment.c.id)
    return (await session.execute(statement)).first() is not None


async def annulled_for(session: AsyncSession, order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Reasons of those of the orders that were annulled."""
    rows = await session.execute(
        select(order_annulment.c.order_id, order_annulment.c.reason).where(order_annulment.c.order_id.in_(order_ids))
    )
    return {row.order_id: row.reason for row in rows}
