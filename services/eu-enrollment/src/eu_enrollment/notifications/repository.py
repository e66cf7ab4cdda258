"""Statements of notifications."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.notifications.model import Means, notification_told
from orgdirectory import Organization


async def told(session: AsyncSession, application_id: UUID) -> Sequence[Record]:
    """Who has told the family of which steps, in order."""
    c = notification_told.c
    statement = select(notification_told).where(c.application_id == application_id)
    return (await session.execute(statement.order_by(c.version, c.told_at, c.means))).all()


async def tell(session: AsyncSession, application_id: UUID, version: int, means: Means, at: datetime, by: str) -> None:
    """The family has been told of a step by some means; the first time stands."""
    row = {"application_id": application_id, "version": version, "means": means, "told_at": at, "told_by": by}
    await session.execute(insert(notification_told).values(row).on_conflict_do_nothing())


async def names(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Short names of organizations."""
    rows = await session.execute(select(Organization.id, Organization.short_name).where(Organization.id.in_(ids)))
    return {row.id: row.short_name for row in rows}
