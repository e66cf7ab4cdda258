"""Statements of webhooks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.webhooks.model import DeliveryState, WebhookState, webhook, webhook_delivery

_UNRECORDED = (webhook_delivery.c.state == DeliveryState.DELIVERED) & webhook_delivery.c.exchange_id.is_(None)
_PENDING = webhook_delivery.c.state == DeliveryState.PENDING


async def add(session: AsyncSession, values: dict[str, Any]) -> Record:
    """Insert a subscription."""
    made: Record = (await session.execute(insert(webhook).values(values).returning(webhook))).one()
    return made


async def get(session: AsyncSession, webhook_id: UUID, client: str, *, lock: bool = False) -> Record | None:
    """A subscription of the client's."""
    statement = select(webhook).where(webhook.c.id == webhook_id, webhook.c.client == client)
    return (await session.execute(statement.with_for_update() if lock else statement)).first()


async def lock_client(session: AsyncSession, client: str) -> None:
    """Let one at a time subscribe for a client: its subscriptions are counted."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('webhook' || :client))"), {"client": client})


async def of_client(session: AsyncSession, client: str) -> Sequence[Record]:
    """Subscriptions of the client, oldest first."""
    return (await session.execute(select(webhook).where(webhook.c.client == client).order_by(webhook.c.id))).all()


async def put(session: AsyncSession, webhook_id: UUID, **values: Any) -> Record:
    """Change a subscription."""
    changed = update(webhook).where(webhook.c.id == webhook_id).values(**values).returning(webhook)
    kept: Record = (await session.execute(changed)).one()
    return kept


async def remove(session: AsyncSession, webhook_id: UUID) -> None:
    """Delete a subscription with its deliveries."""
    await session.execute(delete(webhook).where(webhook.c.id == webhook_id))


async def active(session: AsyncSession) -> Sequence[Record]:
    """Subscriptions that notices are sent of."""
    return (await session.execute(select(webhook).where(webhook.c.state == WebhookState.ACTIVE))).all()


async def lock_active(session: AsyncSession, webhook_id: UUID) -> Record | None:
    """A subscription, locked, if notices are sent of it."""
    found = select(webhook).where(webhook.c.id == webhook_id, webhook.c.state == WebhookState.ACTIVE)
    return (await session.execute(found.with_for_update())).first()


async def add_deliveries(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Insert notices; of a step told already no second one."""
    if rows:
        await session.execute(pg_insert(webhook_delivery).values(rows).on_conflict_do_nothing())


async def due(session: AsyncSession, webhook_id: UUID, now: datetime, limit: int) -> Sequence[Record]:
    """Notices whose turn has come: of each application the earliest that is not closed."""
    earlier = webhook_delivery.alias()
    waits_for_one = (
        select(earlier.c.id)
        .where(
            earlier.c.webhook_id == webhook_delivery.c.webhook_id,
            earlier.c.application_id == webhook_delivery.c.application_id,
            earlier.c.status_seq < webhook_delivery.c.status_seq,
            earlier.c.state == DeliveryState.PENDING,
        )
        .exists()
    )
    statement = select(webhook_delivery).where(
        webhook_delivery.c.webhook_id == webhook_id, _PENDING, webhook_delivery.c.next_at <= now, ~waits_for_one
    )
    ordered = statement.order_by(webhook_delivery.c.next_at, webhook_delivery.c.id).limit(limit)
    return (await session.execute(ordered)).all()


async def put_delivery(session: AsyncSession, delivery_id: UUID, **values: Any) -> None:
    """Write how a notice stands."""
    await session.execute(update(webhook_delivery).where(webhook_delivery.c.id == delivery_id).values(**values))


async def again(session: AsyncSession, webhook_id: UUID, delivery_id: UUID, now: datetime) -> bool:
    """Put a dead notice in turn again; false if there is none."""
    mine = (webhook_delivery.c.webhook_id == webhook_id) & (webhook_delivery.c.id == delivery_id)
    dead = mine & (webhook_delivery.c.state == DeliveryState.DEAD)
    values = {"state": DeliveryState.PENDING, "attempts": 0, "next_at": now, "closed_at": None}
    changed = update(webhook_delivery).where(dead).values(values).returning(webhook_delivery.c.id)
    return await session.scalar(changed) is not None


async def unrecorded(session: AsyncSession) -> Sequence[UUID]:
    """Subscriptions of which notices were taken that are on record nowhere."""
    return (await session.scalars(select(webhook_delivery.c.webhook_id).where(_UNRECORDED).distinct())).all()


async def taken(session: AsyncSession, webhook_id: UUID, limit: int) -> Sequence[Record]:
    """The next of those notices, one receiver's after another's; nobody else takes them meanwhile."""
    statement = (
        select(webhook_delivery)
        .where(webhook_delivery.c.webhook_id == webhook_id, _UNRECORDED)
        .order_by(webhook_delivery.c.receiver, webhook_delivery.c.id)
        .limit(limit)
        .with_for_update()
    )
    return (await session.execute(statement)).all()


async def put_exchange(session: AsyncSession, delivery_ids: Sequence[UUID], exchange_id: UUID) -> None:
    """Say which exchange notices are on record in."""
    changed = update(webhook_delivery).where(webhook_delivery.c.id.in_(delivery_ids)).values(exchange_id=exchange_id)
    await session.execute(changed)


async def exchange_again(session: AsyncSession, exchange_id: UUID, now: datetime) -> int:
    """Put the notices of an exchange in turn again; how many are still kept."""
    values = {"state": DeliveryState.PENDING, "attempts": 0, "next_at": now, "closed_at": None, "exchange_id": None}
    changed = update(webhook_delivery).where(webhook_delivery.c.exchange_id == exchange_id).values(values)
    return len((await session.execute(changed.returning(webhook_delivery.c.id))).all())


async def page(
    session: AsyncSession, webhook_id: UUID, state: DeliveryState | None, after: UUID | None, limit: int
) -> Sequence[Record]:
    """Notices of a subscription in order of ids, one more than asked for."""
    conditions: list[ColumnElement[bool]] = [webhook_delivery.c.webhook_id == webhook_id]
    if state is not None:
        conditions.append(webhook_delivery.c.state == state)
    if after is not None:
        conditions.append(webhook_delivery.c.id > after)
    statement = select(webhook_delivery).where(*conditions).order_by(webhook_delivery.c.id).limit(limit + 1)
    return (await session.execute(statement)).all()


async def forget(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete notices closed before an instant; how many."""
    old = select(webhook_delivery.c.id).where(~_PENDING, webhook_delivery.c.closed_at < before).limit(limit)
    gone = delete(webhook_delivery).where(webhook_delivery.c.id.in_(old)).returning(webhook_delivery.c.id)
    return len((await session.execute(gone)).all())


RESTORED = """
    UPDATE webhook w SET tx = 0, step_id = coalesce(
        (SELECT min(h.id) - 1 FROM application_history h WHERE (h.tx, h.id) > (w.tx, w.step_id)),
        (SELECT max(h.id) FROM application_history h), 0)
"""
"""Places in the feed as they are once it is numbered anew: what may not have been told is made a notice of, if it is none yet."""


async def count(session: AsyncSession, client: str) -> int:
    """How many subscriptions the client has."""
    found: int = (
        await session.execute(select(func.count()).select_from(webhook).where(webhook.c.client == client))
    ).scalar_one()
    return found
