"""Statements of files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.attachments.model import attachment
from eu_enrollment.database import Record

_STANDS = attachment.c.removed_at.is_(None)


async def add(session: AsyncSession, values: dict[str, Any]) -> Record:
    """Insert a file."""
    made: Record = (await session.execute(insert(attachment).values(values).returning(attachment))).one()
    return made


async def lock(session: AsyncSession, application_id: UUID) -> None:
    """Let one at a time add to an application: its files are counted."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('attachment' || :id))"), {"id": str(application_id)}
    )


async def of_application(session: AsyncSession, application_id: UUID) -> Sequence[Record]:
    """Files that stand, oldest first."""
    found = select(attachment).where(attachment.c.application_id == application_id, _STANDS).order_by(attachment.c.id)
    return (await session.execute(found)).all()


async def get(session: AsyncSession, attachment_id: UUID) -> Record | None:
    """A file that stands."""
    return (await session.execute(select(attachment).where(attachment.c.id == attachment_id, _STANDS))).first()


async def remove(session: AsyncSession, ids: Sequence[UUID], now: datetime) -> None:
    """Mark files that nobody reads any more."""
    await session.execute(update(attachment).where(attachment.c.id.in_(ids), _STANDS).values(removed_at=now))


async def remove_of(session: AsyncSession, applications: Sequence[UUID], now: datetime) -> None:
    """The same of every file of drafts or applications."""
    mine = attachment.c.application_id.in_(applications)
    await session.execute(update(attachment).where(mine, _STANDS).values(removed_at=now))


async def removed(session: AsyncSession, limit: int) -> list[UUID]:
    """Marked files, locked until the transaction ends."""
    marked = select(attachment.c.id).where(~_STANDS).order_by(attachment.c.removed_at).limit(limit)
    return list(await session.scalars(marked.with_for_update()))


async def forget(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Delete rows of files that are gone."""
    await session.execute(delete(attachment).where(attachment.c.id.in_(ids)))


async def known(session: AsyncSession, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the ids that are files."""
    return frozenset(await session.scalars(select(attachment.c.id).where(attachment.c.id.in_(ids))))


async def count(session: AsyncSession, application_id: UUID) -> int:
    """How many files an application has."""
    mine = select(func.count()).where(attachment.c.application_id == application_id, _STANDS)
    return (await session.execute(mine)).scalar_one()
