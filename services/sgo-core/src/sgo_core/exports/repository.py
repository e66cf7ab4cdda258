"""SQL of exports."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.tables import run
from sgo_core.exports.model import Export


async def get(session: AsyncSession, export_id: UUID, *, lock: bool = False) -> Export | None:
    """An export, locked if asked."""
    return await session.get(Export, export_id, with_for_update=lock or None, populate_existing=True)


async def lock_account(session: AsyncSession, account_id: str) -> None:
    """Let an account order one at a time: what it takes within a day is counted."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('export:' || :account, 0))"), {"account": account_id}
    )


async def recent(session: AsyncSession, account_id: str, since: datetime) -> tuple[int, int]:
    """How many exports an account has ordered since an instant, and how many people they told of."""
    query = select(func.count(), func.coalesce(func.sum(Export.subjects), 0)).where(
        Export.account_id == account_id, Export.ordered_at > since, Export.state.not_in(["declined", "failed"])
    )
    count, people = (await session.execute(query)).one()
    return int(count), int(people)


async def page(
    session: AsyncSession, account_id: str | None, units: Collection[str] | None, limit: int, after: UUID | None
) -> Sequence[Export]:
    """One page of exports, newest first, and one more: an account's own and those of its units; None for both: all."""
    query = select(Export)
    if units is not None:
        query = query.where(or_(Export.account_id == account_id, Export.unit.in_(units)))
    if after is not None:
        query = query.where(Export.id < after)
    return (await session.scalars(query.order_by(Export.id.desc()).limit(limit + 1))).all()


async def finish(session: AsyncSession, export_id: UUID, values: dict[str, Any]) -> None:
    """Say what became of an export."""
    await session.execute(update(Export).where(Export.id == export_id).values(**values))


async def expire(session: AsyncSession, before: datetime) -> Sequence[UUID]:
    """Exports whose file has lived its time: they have none from now on."""
    statement = (
        update(Export)
        .where(Export.state == "ready", Export.ready_at < before)
        .values(state="expired")
        .returning(Export.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).all()


async def note_failed(session: AsyncSession) -> None:
    """Exports whose run has failed were never made."""
    failed = exists().where(run.c.id == Export.run_id, run.c.status == "failed")
    await session.execute(update(Export).where(Export.state == "making", failed).values(state="failed"))
