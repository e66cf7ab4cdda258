"""Statements of amendments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.amendments.model import application_correction, application_edition
from eu_enrollment.database import Record


async def keep(session: AsyncSession, application_id: UUID, version: int, payload: str, at: datetime) -> None:
    """Keep what an application said until now."""
    await session.execute(
        insert(application_edition).values(
            application_id=application_id, version=version, payload=payload, replaced_at=at
        )
    )


async def add_correction(session: AsyncSession, application_id: UUID, version: int, document: str) -> None:
    """Keep the document that a step was taken by."""
    values = {"application_id": application_id, "version": version, "document": document}
    await session.execute(insert(application_correction).values(values))


async def corrections(session: AsyncSession, application_id: UUID) -> Sequence[Record]:
    """Corrections of an application in order, each with what was said before it."""
    c, earlier = application_correction.c, application_edition.c
    edition = and_(earlier.application_id == c.application_id, earlier.version == c.version - 1)
    statement = (
        select(c.version, c.document, earlier.payload.label("before"))
        .join(application_edition, edition)
        .where(c.application_id == application_id)
    )
    return (await session.execute(statement.order_by(c.version))).all()
