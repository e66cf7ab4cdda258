"""Statements of actions over many applications."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.bulk.model import bulk_action, bulk_item
from eu_enrollment.database import Record


async def add(session: AsyncSession, values: dict[str, object], items: Sequence[dict[str, object]]) -> None:
    """Insert what was shown."""
    await session.execute(insert(bulk_action).values(values))
    await session.execute(insert(bulk_item), items)


async def get(session: AsyncSession, bulk_id: UUID, account_id: str, *, lock: bool = False) -> Record | None:
    """An action of the account."""
    statement = select(bulk_action).where(bulk_action.c.id == bulk_id, bulk_action.c.account_id == account_id)
    return (await session.execute(statement.with_for_update() if lock else statement)).first()


async def by_id(session: AsyncSession, bulk_id: UUID) -> Record:
    """An action that is carried out."""
    return (await session.execute(select(bulk_action).where(bulk_action.c.id == bulk_id))).one()


async def begin(session: AsyncSession, bulk_id: UUID, run_id: UUID) -> None:
    """Note the run that carries the action out."""
    await session.execute(update(bulk_action).where(bulk_action.c.id == bulk_id).values(run_id=run_id))


async def items(session: AsyncSession, bulk_id: UUID) -> Sequence[Record]:
    """Every application of an action, in order of acceptance."""
    statement = select(bulk_item).where(bulk_item.c.bulk_id == bulk_id).order_by(bulk_item.c.application_id)
    return (await session.execute(statement)).all()


async def waiting(session: AsyncSession, bulk_id: UUID, limit: int) -> Sequence[Record]:
    """The next applications whose turn has not come, locked: two workers never have the same ones."""
    statement = select(bulk_item).where(bulk_item.c.bulk_id == bulk_id, bulk_item.c.allowed, bulk_item.c.done.is_(None))
    ordered = statement.order_by(bulk_item.c.application_id).limit(limit)
    return (await session.execute(ordered.with_for_update())).all()


async def settled(session: AsyncSession, bulk_id: UUID) -> int:
    """How many applications have had their turn."""
    known = select(func.count()).where(bulk_item.c.bulk_id == bulk_id, bulk_item.c.done.is_not(None))
    return (await session.execute(known)).scalar_one()


async def settle(session: AsyncSession, bulk_id: UUID, application_id: UUID, refusal: tuple[str, str] | None) -> None:
    """Note what became of an application: done, or refused (code, title)."""
    code, title = refusal or (None, None)
    await session.execute(
        update(bulk_item)
        .where(bulk_item.c.bulk_id == bulk_id, bulk_item.c.application_id == application_id)
        .values(done=refusal is None, code=code, title=title)
    )
