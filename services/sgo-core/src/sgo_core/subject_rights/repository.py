"""SQL of subjects' requests."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.tables import audit
from sgo_core.subject_rights.model import SubjectRequest


async def get(session: AsyncSession, request_id: UUID, *, lock: bool = False) -> SubjectRequest | None:
    """A request, locked for a change if asked."""
    return await session.get(SubjectRequest, request_id, with_for_update=lock or None, populate_existing=True)


async def of_organization(
    session: AsyncSession,
    organization: UUID,
    overdue_on: date | None,
    *,
    only_open: bool,
    limit: int,
    after: UUID | None,
) -> Sequence[SubjectRequest]:
    """One page of an organization's requests, and one more."""
    query = select(SubjectRequest).where(SubjectRequest.organization_id == organization)
    if only_open or overdue_on is not None:
        query = query.where(SubjectRequest.decision.is_(None))
    if overdue_on is not None:
        query = query.where(SubjectRequest.due_on < overdue_on)
    if after is not None:
        query = query.where(SubjectRequest.id > after)
    return (await session.scalars(query.order_by(SubjectRequest.id).limit(limit + 1))).all()


async def of_person(session: AsyncSession, person: UUID, limit: int, after: UUID | None) -> Sequence[SubjectRequest]:
    """One page of the requests a person has made or is the subject of, and one more."""
    query = select(SubjectRequest).where(or_(SubjectRequest.asked_by == person, SubjectRequest.subject_id == person))
    if after is not None:
        query = query.where(SubjectRequest.id > after)
    return (await session.scalars(query.order_by(SubjectRequest.id).limit(limit + 1))).all()


async def accesses(session: AsyncSession, subject: UUID, limit: int) -> Sequence[tuple[datetime, str, str]]:
    """Who had to do with a person's data last: instant, role, action."""
    query = (
        select(audit.c.at, audit.c.role, audit.c.action)
        .where(audit.c.subjects.contains([subject]))
        .order_by(audit.c.at.desc(), audit.c.id.desc())
        .limit(limit)
    )
    return [(row.at, row.role, row.action) for row in await session.execute(query)]
