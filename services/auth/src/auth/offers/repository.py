"""SQL of offers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.offers.model import OfferedGuardian


async def apply(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> Sequence[UUID]:
    """Insert or replace guardians, one row each, where the sequence is newer; ids of those written."""
    statement = insert(OfferedGuardian).values(list(rows))
    changed = ("last_name", "first_name", "middle_name", "organization_ids", "sequence")
    written = await session.scalars(
        statement.on_conflict_do_update(
            index_elements=[OfferedGuardian.id],
            set_={name: statement.excluded[name] for name in changed},
            where=statement.excluded.sequence > OfferedGuardian.sequence,
        ).returning(OfferedGuardian.id)
    )
    return written.all()


async def of_organization(
    session: AsyncSession, organization_id: UUID, after: UUID | None, limit: int
) -> Sequence[OfferedGuardian]:
    """Guardians offered to an organization, in id order."""
    statement = select(OfferedGuardian).where(OfferedGuardian.organization_ids.contains([organization_id]))
    if after is not None:
        statement = statement.where(OfferedGuardian.id > after)
    return (await session.scalars(statement.order_by(OfferedGuardian.id).limit(limit))).all()


async def lock(session: AsyncSession, guardian_id: UUID, organization_id: UUID) -> OfferedGuardian | None:
    """A guardian offered to the organization, locked: one guardian gets one account."""
    statement = (
        select(OfferedGuardian)
        .where(OfferedGuardian.id == guardian_id, OfferedGuardian.organization_ids.contains([organization_id]))
        .with_for_update()
    )
    return (await session.scalars(statement)).one_or_none()
