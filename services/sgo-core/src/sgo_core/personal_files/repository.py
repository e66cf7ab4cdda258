"""SQL of personal files."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.personal_files.model import Paper


async def get(session: AsyncSession, paper_id: UUID) -> Paper | None:
    """A paper, locked for a change."""
    return await session.get(Paper, paper_id, with_for_update=True, populate_existing=True)


async def page(session: AsyncSession, student_id: UUID, limit: int, after: UUID | None) -> Sequence[Paper]:
    """One page of a student's papers, and one more."""
    query = select(Paper).where(Paper.student_id == student_id, ~Paper.void)
    if after is not None:
        query = query.where(Paper.id > after)
    return (await session.scalars(query.order_by(Paper.id).limit(limit + 1))).all()


async def held(session: AsyncSession, student_id: UUID, organization_id: UUID) -> Sequence[Paper]:
    """Papers of a student that are of an organization's file, locked for a change."""
    query = (
        select(Paper)
        .where(Paper.student_id == student_id, Paper.organization_id == organization_id, ~Paper.void)
        .order_by(Paper.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()
