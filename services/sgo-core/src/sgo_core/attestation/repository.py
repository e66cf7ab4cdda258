"""SQL of methodical works and attestation."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, String, Uuid, any_, bindparam, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.attestation.model import Attestation, MethodicalWork


async def page_of_works(
    session: AsyncSession, worker_id: UUID, limit: int, after: UUID | None
) -> Sequence[MethodicalWork]:
    """One page of a worker's methodical works, newest entry first, and one more."""
    query = select(MethodicalWork).where(MethodicalWork.worker_id == worker_id, ~MethodicalWork.removed)
    if after is not None:
        query = query.where(MethodicalWork.id < after)
    return (await session.scalars(query.order_by(MethodicalWork.id.desc()).limit(limit + 1))).all()


async def get_work(session: AsyncSession, work_id: UUID) -> MethodicalWork | None:
    """A methodical work with its row locked."""
    return await session.get(MethodicalWork, work_id, with_for_update=True, populate_existing=True)


async def get(session: AsyncSession, attestation_id: UUID) -> Attestation | None:
    """An attestation with its row locked."""
    return await session.get(Attestation, attestation_id, with_for_update=True, populate_existing=True)


async def page(session: AsyncSession, worker_id: UUID, limit: int, after: UUID | None) -> Sequence[Attestation]:
    """One page of a worker's attestations, newest first, and one more."""
    query = select(Attestation).where(Attestation.worker_id == worker_id)
    if after is not None:
        query = query.where(Attestation.id < after)
    return (await session.scalars(query.order_by(Attestation.id.desc()).limit(limit + 1))).all()


async def of_workers(session: AsyncSession, worker_ids: Collection[UUID]) -> Sequence[Attestation]:
    """Attestations of workers that are open or were granted."""
    query = select(Attestation).where(
        Attestation.worker_id == any_(literal(list(worker_ids), ARRAY(Uuid))),
        Attestation.state.in_(("planned", "applied", "granted")),
    )
    return (await session.scalars(query.order_by(Attestation.id))).all()


async def teaching(
    session: AsyncSession, organization_id: UUID, posts: Collection[str], day: date, limit: int, after: UUID | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of an organization's pedagogical workers on a day, and one more: since when, posts, works, achievements."""
    query = text("""
        SELECT e.worker_id, e.since, e.posts,
               (SELECT count(*) FROM methodical_work m WHERE m.worker_id = e.worker_id AND NOT m.removed) AS works,
               (SELECT count(*) FROM achievement a WHERE a.worker_id = e.worker_id AND a.state = 'confirmed') AS achievements
        FROM (
            SELECT worker_id, min(hired_on) AS since, array_agg(DISTINCT post_code) AS posts FROM employment
            WHERE organization_id = :organization AND hired_on <= :day AND (dismissed_on IS NULL OR dismissed_on > :day)
            AND post_code = ANY (:posts) AND (CAST(:after AS uuid) IS NULL OR worker_id > :after)
            GROUP BY worker_id ORDER BY worker_id LIMIT :limit
        ) e
        ORDER BY e.worker_id
    """).bindparams(bindparam("posts", sorted(posts), ARRAY(String)), bindparam("after", after, Uuid))
    values = {"organization": organization_id, "day": day, "limit": limit + 1}
    return (await session.execute(query, values)).all()
