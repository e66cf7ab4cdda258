"""SQL of refused admissions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.enrollment import AdmissionApproved
from servicekit.ids import new_id
from sgo_core.admissions.model import AdmissionRejection


async def rejected(session: AsyncSession, admissions: Sequence[UUID]) -> set[UUID]:
    """Those of the admissions that were refused before."""
    query = select(AdmissionRejection.admission_id).where(AdmissionRejection.admission_id.in_(admissions))
    return set(await session.scalars(query))


async def reject(
    session: AsyncSession, admission: AdmissionApproved, reason: str, now: datetime
) -> AdmissionRejection | None:
    """Store a refusal; nothing if the admission was refused before."""
    statement = insert(AdmissionRejection).values(
        id=new_id(),
        admission_id=admission.admission_id,
        application_id=admission.application_id,
        organization_id=admission.organization_id,
        reason=reason,
        rejected_at=now,
    )
    return (await session.scalars(statement.on_conflict_do_nothing().returning(AdmissionRejection))).one_or_none()
