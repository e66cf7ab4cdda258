"""Statements of drafts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.drafts.model import draft


def _own(draft_id: UUID, client: str) -> ColumnElement[bool]:
    return (draft.c.id == draft_id) & (draft.c.client == client)


async def add(session: AsyncSession, values: dict[str, Any]) -> Record:
    """Insert a draft."""
    made: Record = (await session.execute(insert(draft).values(values).returning(draft))).one()
    return made


async def get(
    session: AsyncSession | AsyncConnection, draft_id: UUID, client: str, *, lock: bool = False
) -> Record | None:
    """A draft of the client's."""
    statement = select(draft).where(_own(draft_id, client))
    return (await session.execute(statement.with_for_update() if lock else statement)).first()


async def put(session: AsyncSession, draft_id: UUID, values: dict[str, Any]) -> Record:
    """Replace what a draft says."""
    changed = update(draft).where(draft.c.id == draft_id).values(values).returning(draft)
    kept: Record = (await session.execute(changed)).one()
    return kept


async def remove(session: AsyncSession, draft_id: UUID) -> None:
    """Delete a draft."""
    await session.execute(delete(draft).where(draft.c.id == draft_id))


async def page(
    session: AsyncSession, client: str, campaign_id: UUID | None, after: UUID | None, limit: int
) -> Sequence[Record]:
    """Drafts of the client in order of ids, one more than asked for."""
    statement = select(draft).where(draft.c.client == client)
    if campaign_id is not None:
        statement = statement.where(draft.c.campaign_id == campaign_id)
    if after is not None:
        statement = statement.where(draft.c.id > after)
    return (await session.execute(statement.order_by(draft.c.id).limit(limit + 1))).all()


async def closed_before(session: AsyncSession, moment: datetime, limit: int) -> list[UUID]:
    """Drafts of campaigns that closed before an instant."""
    found = select(draft.c.id).where(draft.c.closes_at < moment).order_by(draft.c.closes_at).limit(limit)
    return list(await session.scalars(found))


async def remove_all(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Delete drafts."""
    await session.execute(delete(draft).where(draft.c.id.in_(ids)))
