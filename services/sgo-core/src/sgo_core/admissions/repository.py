"""SQL of refused admissions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import RejectionReason
from servicekit.ids import new_id
from sgo_core.admissions.model import AdmissionRejection


async def rejected(session: AsyncSession, admissions: Sequence[UUID]) -> set[UUID]:
    """Those of the admissions that were refused before."""
    query = select(AdmissionRejection.admission_id).where(AdmissionRejection.admission_id.in_(admissions))
    return set(await session.scalars(query))


async def hold(session: AsyncSession, admissions: Collection[UUID]) -> None:
    """Until the transaction ends nobody else decides about the admissions: an approval and its revocation come in any order."""
    statement = text(
        "SELECT pg_advisory_xact_lock(hashtextextended('admission:' || id, 0)) FROM unnest(CAST(:ids AS text[])) AS id"
    )
    await session.execute(statement, {"ids": sorted(map(str, admissions))})


async def reject(
    session: AsyncSession,
    admission_id: UUID,
    application_id: UUID,
    organization_id: UUID,
    reason: RejectionReason,
    now: datetime,
) -> AdmissionRejection | None:
    """Store a refusal; nothing if the admission was refused before."""
    statement = insert(AdmissionRejection).values(
        id=new_id(),
        admission_id=admission_id,
        application_id=application_id,
        organization_id=organization_id,
        reason=reason.value,
        rejected_at=now,
    )
    return (await session.scalars(statement.on_conflict_do_nothing().returning(AdmissionRejection))).one_or_none()
