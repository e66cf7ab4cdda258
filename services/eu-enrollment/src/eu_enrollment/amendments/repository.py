"""Statements of amendments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.amendments.model import application_edition


async def keep(session: AsyncSession, application_id: UUID, version: int, payload: str, at: datetime) -> None:
    """Keep what an application said until now."""
    await session.execute(
        insert(application_edition).values(
            application_id=application_id, version=version, payload=payload, replaced_at=at
        )
    )
