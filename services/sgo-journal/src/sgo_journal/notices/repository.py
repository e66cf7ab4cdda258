"""All SQL of the notices."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.projections import write
from sgo_journal.notices.model import Notice
from sgo_journal.rosters.service import Stay


async def add(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep notices."""
    await write(session, insert(Notice), rows)


async def of_learners(
    session: AsyncSession,
    organization_id: UUID,
    academic_year: int,
    learners_ids: Collection[UUID],
    after: UUID | None,
    limit: int,
) -> Sequence[Notice]:
    """Notices to learners, the newest first, one more than ``limit``; ``after``: those before it."""
    theirs = and_(
        Notice.organization_id == organization_id,
        Notice.academic_year == academic_year,
        Notice.learners_id.in_(learners_ids),
    )
    return await _newest(session, theirs, after, limit)


async def of_stays(session: AsyncSession, stays: Sequence[Stay], after: UUID | None, limit: int) -> Sequence[Notice]:
    """Notices that are about days a student was with the learners, the newest first, one more than ``limit``."""
    if not stays:
        return []
    theirs = or_(
        *(
            and_(
                Notice.organization_id == stay.organization_id,
                Notice.academic_year == stay.academic_year,
                Notice.learners_id == stay.group_id,
                Notice.date >= stay.since,
                *(() if stay.until is None else (Notice.date < stay.until,)),
            )
            for stay in stays
        )
    )
    return await _newest(session, theirs, after, limit)


async def _newest(
    session: AsyncSession, wanted: ColumnElement[bool], after: UUID | None, limit: int
) -> Sequence[Notice]:
    query = select(Notice).where(wanted)
    if after is not None:
        query = query.where(Notice.id < after)
    return (await session.scalars(query.order_by(Notice.id.desc()).limit(limit + 1))).all()
