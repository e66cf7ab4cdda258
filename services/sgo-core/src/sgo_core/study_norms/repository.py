"""SQL of the norms of the curriculum."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.study_norms.model import MaximumLoad, NormEdition, ObligatorySubject


async def editions(session: AsyncSession) -> Sequence[NormEdition]:
    """All editions; of a kind, those in force later first."""
    query = select(NormEdition).order_by(
        NormEdition.kind, NormEdition.valid_from.desc(), NormEdition.recorded_at.desc(), NormEdition.id.desc()
    )
    return (await session.scalars(query)).all()


async def in_force(session: AsyncSession, kind: str, day: date) -> NormEdition | None:
    """The edition of a kind in force on a day."""
    query = (
        select(NormEdition)
        .where(NormEdition.kind == kind, NormEdition.valid_from <= day)
        .order_by(NormEdition.valid_from.desc(), NormEdition.recorded_at.desc(), NormEdition.id.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def maxima(session: AsyncSession, edition_ids: Sequence[UUID]) -> Sequence[MaximumLoad]:
    """Rows of editions of the maximum load."""
    query = select(MaximumLoad).where(MaximumLoad.edition_id.in_(edition_ids))
    return (await session.scalars(query.order_by(MaximumLoad.grade, MaximumLoad.week_days))).all()


async def obligatory(session: AsyncSession, edition_ids: Sequence[UUID]) -> Sequence[ObligatorySubject]:
    """Rows of editions of the obligatory subjects."""
    query = select(ObligatorySubject).where(ObligatorySubject.edition_id.in_(edition_ids))
    return (await session.scalars(query.order_by(ObligatorySubject.grade, ObligatorySubject.subject_id))).all()
