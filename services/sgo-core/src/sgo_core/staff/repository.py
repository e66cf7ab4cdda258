"""SQL of workers and employments."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.search import misspelt
from sgo_core.staff.model import Employment, Worker


def _on(day: date) -> Any:
    return and_(Employment.hired_on <= day, or_(Employment.dismissed_on.is_(None), Employment.dismissed_on > day))


def _not_over(day: date) -> Any:
    return or_(Employment.dismissed_on.is_(None), Employment.dismissed_on > day)


async def get(session: AsyncSession, worker_id: UUID, *, lock: bool = False) -> Worker | None:
    """A worker, locked for an edit if asked."""
    return await session.get(Worker, worker_id, with_for_update=lock or None, populate_existing=True)


async def with_merged(session: AsyncSession, worker_id: UUID) -> Sequence[Worker]:
    """A worker and the cards merged into it, locked in id order."""
    query = select(Worker).where(or_(Worker.id == worker_id, Worker.merged_into == worker_id)).order_by(Worker.id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()


async def by_keys(session: AsyncSession, snils_key: bytes | None, document_key: bytes | None) -> Sequence[Worker]:
    """Workers that have one of the keys, or into whom a card with one was merged; locked in id order."""
    keys = [Worker.snils_key == snils_key] if snils_key is not None else []
    keys += [Worker.document_key == document_key] if document_key is not None else []
    merged = select(Worker.merged_into).where(or_(*keys), Worker.merged_into.is_not(None))
    query = select(Worker).where(or_(*keys, Worker.id.in_(merged))).order_by(Worker.id).with_for_update()
    found = (await session.scalars(query.execution_options(populate_existing=True))).all()
    return [one for one in found if one.merged_into is None]


async def employers_seen(
    session: AsyncSession, worker_id: UUID, organizations: Any, bodies: Any, not_over_on: date | None = None
) -> set[bool]:
    """Which of some employers a worker has, will have or (without a day) ever had: organizations (False), bodies (True), or none."""
    query = select(Employment.body_id.is_not(None)).where(
        Employment.worker_id == worker_id,
        or_(Employment.organization_id.in_(organizations), Employment.body_id.in_(bodies)),
    )
    if not_over_on is not None:
        query = query.where(_not_over(not_over_on))
    return set(await session.scalars(query))


async def body_of(session: AsyncSession, worker_id: UUID, bodies: Any, day: date) -> UUID | None:
    """The one of some bodies that employs the worker on a day or later."""
    query = select(Employment.body_id).where(
        Employment.worker_id == worker_id, Employment.body_id.in_(bodies), _not_over(day)
    )
    return await session.scalar(query.limit(1))


async def get_employment(session: AsyncSession, employment_id: UUID) -> Employment | None:
    """An employment, locked."""
    return await session.get(Employment, employment_id, with_for_update=True, populate_existing=True)


async def employments(session: AsyncSession, worker_ids: Collection[UUID]) -> Sequence[Employment]:
    """All employments of workers, in order of hiring."""
    mine = Employment.worker_id == any_(literal(list(worker_ids), ARRAY(Uuid)))
    return (await session.scalars(select(Employment).where(mine).order_by(Employment.hired_on, Employment.id))).all()


async def posts_on(session: AsyncSession, worker_ids: Collection[UUID], day: date) -> dict[UUID, list[Employment]]:
    """Posts that workers hold on a day."""
    mine = Employment.worker_id == any_(literal(list(worker_ids), ARRAY(Uuid)))
    found: dict[UUID, list[Employment]] = {one: [] for one in worker_ids}
    for employment in await session.scalars(select(Employment).where(mine, _on(day)).order_by(Employment.id)):
        found[employment.worker_id].append(employment)
    return found


async def page(
    session: AsyncSession, employer: Any, day: date | None, words: str | None, limit: int, after: UUID | None
) -> Sequence[Worker]:
    """One page of an employer's workers of a day (None: of all times), and one more."""
    held = select(Employment.worker_id).where(employer)
    if day is not None:
        held = held.where(_on(day))
    query = select(Worker).where(Worker.id.in_(held))
    if words is not None:
        query = query.where(await misspelt(session, words, Worker.search_name))
    if after is not None:
        query = query.where(Worker.id > after)
    return (await session.scalars(query.order_by(Worker.id).limit(limit + 1))).all()


async def count_in(session: AsyncSession, organizations: Any, day: date) -> int:
    """Workers of organizations on a day."""
    query = select(func.count(Employment.worker_id.distinct())).where(
        Employment.organization_id.in_(organizations), _on(day)
    )
    return await session.scalar(query) or 0


async def holders(session: AsyncSession, organization: UUID, posts: Collection[str], day: date) -> Sequence[Any]:
    """Post and names of those who hold some posts of an organization on a day."""
    query = (
        select(Employment.post_code, Worker.last_name, Worker.first_name, Worker.middle_name)
        .join(Worker, Worker.id == Employment.worker_id)
        .where(Employment.organization_id == organization, Employment.post_code.in_(posts), _on(day))
        .order_by(Worker.search_name, Worker.id)
    )
    return (await session.execute(query)).all()


async def untold(session: AsyncSession, today: date, limit: int) -> Sequence[Worker]:
    """Workers with a post that began or ended since it was last told, locked."""
    turned = select(Employment.id).where(
        Employment.worker_id == Worker.id,
        or_(
            and_(Employment.hired_on > Worker.told_on, Employment.hired_on <= today),
            and_(Employment.dismissed_on > Worker.told_on, Employment.dismissed_on <= today),
        ),
    )
    query = select(Worker).where(Worker.told_on < today, turned.exists()).order_by(Worker.id).limit(limit)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


def employed_in(organization: UUID | None, body: UUID | None) -> Any:
    """The condition of an employer."""
    return Employment.organization_id == organization if organization is not None else Employment.body_id == body


async def count_open(session: AsyncSession, worker_id: UUID, day: date) -> int:
    """Employments of a worker that are not over on a day."""
    query = select(func.count()).where(Employment.worker_id == worker_id, _not_over(day))
    return await session.scalar(query) or 0


async def by_ids(session: AsyncSession, worker_ids: Collection[UUID]) -> Sequence[Worker]:
    """Cards of workers."""
    return (await session.scalars(select(Worker).where(Worker.id.in_(worker_ids)))).all()
