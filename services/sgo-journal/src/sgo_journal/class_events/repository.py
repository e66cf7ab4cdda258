"""All SQL of the class events."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal import versions
from sgo_journal.class_events.model import ClassEvent, ClassEventChange

LONGEST = dt.timedelta(days=62)
"""How long an event goes on at most."""
_PLACE = (ClassEvent.starts_on, ClassEvent.id)


async def one(session: AsyncSession, event_id: UUID) -> ClassEvent | None:
    """An event."""
    query = select(ClassEvent).where(ClassEvent.id == event_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def within(
    session: AsyncSession,
    organization_id: UUID,
    since: dt.date,
    until: dt.date,
    *,
    learners: Collection[UUID] | None = None,
    filters: Mapping[str, Any] | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> Sequence[ClassEvent]:
    """Events on some day of [since, until), by first day; with a ``limit``, one more than it; ``filters`` by column."""
    query = select(ClassEvent).where(
        ClassEvent.organization_id == organization_id,
        ClassEvent.starts_on > since - LONGEST,
        ClassEvent.starts_on < until,
        ClassEvent.ends_on >= since,
        *(getattr(ClassEvent, name) == value for name, value in (filters or {}).items()),
    )
    if learners is not None:
        query = query.where(ClassEvent.learners_ids.overlap(list(learners)))
    if after is not None:
        query = query.where(tuple_(*_PLACE) > select(*_PLACE).where(ClassEvent.id == after).scalar_subquery())
    if limit is not None:
        query = query.limit(limit + 1)
    return (await session.scalars(query.order_by(*_PLACE))).all()


async def change(session: AsyncSession, event: ClassEvent, version: int, values: Mapping[str, Any]) -> bool:
    """Change an event if its version is still that; false if it is another."""
    return await versions.change(session, event, version, values)


async def keep(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Keep what was decided on an event."""
    await session.execute(insert(ClassEventChange).values(**row))


async def history(
    session: AsyncSession, event: ClassEvent, after: UUID | None, limit: int
) -> Sequence[ClassEventChange]:
    """What was decided on an event, in order, one more than ``limit``."""
    query = select(ClassEventChange).where(
        ClassEventChange.organization_id == event.organization_id,
        ClassEventChange.academic_year == event.academic_year,
        ClassEventChange.event_id == event.id,
    )
    if after is not None:
        query = query.where(ClassEventChange.id > after)
    return (await session.scalars(query.order_by(ClassEventChange.id).limit(limit + 1))).all()
