"""SQL of bundles."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bundles.model import bundle, bundle_item


async def add(session: AsyncSession, values: dict[str, Any], items: Sequence[dict[str, Any]]) -> bool:
    """Store a bundle with its files to be made; false while another of the account is made."""
    statement = postgresql.insert(bundle).values(values).on_conflict_do_nothing().returning(bundle.c.id)
    if await session.scalar(statement) is None:
        return False
    await session.execute(insert(bundle_item), list(items))
    return True


def _counted() -> Any:
    done = select(func.count(bundle_item.c.sha256)).where(bundle_item.c.bundle_id == bundle.c.id)
    total = select(func.count()).select_from(bundle_item).where(bundle_item.c.bundle_id == bundle.c.id)
    return select(bundle, done.scalar_subquery().label("done"), total.scalar_subquery().label("files"))


async def find(session: AsyncSession, bundle_id: UUID) -> Any:
    """A bundle with how many of its files are made, and how many there are to be."""
    return (await session.execute(_counted().where(bundle.c.id == bundle_id))).first()


async def page(session: AsyncSession, account_id: str, after: UUID | None, limit: int) -> Sequence[Any]:
    """An account's bundles, newest first, after a key."""
    statement = _counted().where(bundle.c.account_id == account_id)
    if after is not None:
        statement = statement.where(bundle.c.id < after)
    return (await session.execute(statement.order_by(bundle.c.id.desc()).limit(limit))).all()


async def next_item(session: AsyncSession, bundle_id: UUID) -> Any:
    """The first file that is still to be made."""
    left = select(bundle_item).where(bundle_item.c.bundle_id == bundle_id, bundle_item.c.sha256.is_(None))
    return (await session.execute(left.order_by(bundle_item.c.number).limit(1))).first()


async def items(session: AsyncSession, bundle_id: UUID) -> Sequence[Any]:
    """Files of a bundle in their order."""
    statement = select(bundle_item).where(bundle_item.c.bundle_id == bundle_id)
    return (await session.execute(statement.order_by(bundle_item.c.number))).all()


async def made(session: AsyncSession, item_id: UUID, values: dict[str, Any]) -> None:
    """Say what a file is."""
    await session.execute(update(bundle_item).where(bundle_item.c.id == item_id).values(values))


async def end(session: AsyncSession, bundle_id: UUID, values: dict[str, Any]) -> bool:
    """Say that a bundle is ready, or that it failed; false when that was said before."""
    unended = (bundle.c.id == bundle_id, bundle.c.ready_at.is_(None), bundle.c.failed_at.is_(None))
    statement = update(bundle).where(*unended).values(values).returning(bundle.c.id)
    return (await session.scalar(statement)) is not None


async def living(session: AsyncSession, ids: Collection[UUID], since: datetime) -> Collection[UUID]:
    """Those of the bundles whose archive is to be kept: ready since an instant."""
    statement = select(bundle.c.id).where(bundle.c.id.in_(ids), bundle.c.ready_at >= since)
    return set(await session.scalars(statement))


async def wanted(session: AsyncSession, ids: Collection[UUID]) -> Collection[UUID]:
    """Those of the files whose bundle is still being made."""
    unended = (bundle.c.id == bundle_item.c.bundle_id, bundle.c.ready_at.is_(None), bundle.c.failed_at.is_(None))
    statement = select(bundle_item.c.id).join(bundle, unended[0]).where(bundle_item.c.id.in_(ids), *unended[1:])
    return set(await session.scalars(statement))
