"""Statements of allocation."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.allocation.model import (
    allocation,
    allocation_document,
    allocation_document_part,
    allocation_outcome,
)
from eu_enrollment.allocation.publication import Stored
from eu_enrollment.database import Record

_CHUNK = 2000
_PUBLISHED = select(allocation, allocation_document.c.sha256, allocation_document.c.size).join(
    allocation_document, allocation_document.c.allocation_id == allocation.c.id
)


async def add(session: AsyncSession, values: dict[str, object], outcomes: Sequence[dict[str, object]]) -> None:
    """Store an allocation with the outcome of every applicant."""
    await session.execute(insert(allocation).values(values))
    for start in range(0, len(outcomes), _CHUNK):
        await session.execute(insert(allocation_outcome), outcomes[start : start + _CHUNK])


async def latest_outcome(session: AsyncSession, application_id: UUID) -> Record | None:
    """The newest outcome of an application."""
    statement = (
        select(allocation_outcome, allocation.c.at, allocation.c.result_hash)
        .join(allocation, allocation.c.id == allocation_outcome.c.allocation_id)
        .where(allocation_outcome.c.application_id == application_id)
        .order_by(allocation.c.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).first()


async def add_document(session: AsyncSession, allocation_id: UUID, document: Stored) -> None:
    """Store what is published of an allocation."""
    values = {"allocation_id": allocation_id, "sha256": document.sha256, "size": document.size}
    await session.execute(insert(allocation_document).values(values))
    for number, content in enumerate(document.parts):
        values = {"allocation_id": allocation_id, "part": number, "content": content}
        await session.execute(insert(allocation_document_part).values(values))


async def published(session: AsyncSession, allocation_id: UUID) -> Record | None:
    """An allocation with the hash and size of its document."""
    statement = _PUBLISHED.where(allocation.c.id == allocation_id)
    return (await session.execute(statement)).first()


async def page(session: AsyncSession, campaign_id: UUID, after: UUID | None, limit: int) -> Sequence[Record]:
    """The same of the allocations of a campaign, oldest first, one more than asked for."""
    statement = _PUBLISHED.where(allocation.c.campaign_id == campaign_id)
    if after is not None:
        statement = statement.where(allocation.c.id > after)
    return (await session.execute(statement.order_by(allocation.c.id).limit(limit + 1))).all()


async def part(session: AsyncSession, allocation_id: UUID, number: int) -> bytes | None:
    """A part of an allocation's document, by number from 0."""
    found: bytes | None = await session.scalar(
        select(allocation_document_part.c.content).where(
            allocation_document_part.c.allocation_id == allocation_id, allocation_document_part.c.part == number
        )
    )
    return found
