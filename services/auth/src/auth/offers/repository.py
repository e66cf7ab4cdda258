"""SQL of offers."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.offers.model import OfferedGuardian, OfferedStudent, OfferedWorker
from orgdirectory import Organization, visible_organizations
from servicekit.security import Principal

Person = TypeVar("Person", OfferedGuardian, OfferedStudent, OfferedWorker)
OfMany = TypeVar("OfMany", OfferedGuardian, OfferedWorker)


async def apply(session: AsyncSession, model: type[Person], rows: Sequence[dict[str, Any]]) -> Sequence[UUID]:
    """Insert or replace people, one row each, where the sequence is newer; ids of those written."""
    statement = insert(model).values(list(rows))
    changed = rows[0].keys() - {"id"}
    written = await session.scalars(
        statement.on_conflict_do_update(
            index_elements=[model.id],
            set_={name: statement.excluded[name] for name in changed},
            where=statement.excluded.sequence > model.sequence,
        ).returning(model.id)
    )
    return written.all()


async def of_organization(
    session: AsyncSession, model: type[OfMany], organization_id: UUID, after: UUID | None, limit: int
) -> Sequence[OfMany]:
    """People offered to an organization, in id order."""
    statement = select(model).where(model.organization_ids.contains([organization_id]))
    if after is not None:
        statement = statement.where(model.id > after)
    return (await session.scalars(statement.order_by(model.id).limit(limit))).all()


async def students_of(
    session: AsyncSession, organization_id: UUID, after: UUID | None, limit: int
) -> Sequence[OfferedStudent]:
    """Students offered to an organization, in id order."""
    statement = select(OfferedStudent).where(OfferedStudent.organization_id == organization_id)
    if after is not None:
        statement = statement.where(OfferedStudent.id > after)
    return (await session.scalars(statement.order_by(OfferedStudent.id).limit(limit))).all()


async def lock(session: AsyncSession, model: type[Person], person_id: UUID) -> Person | None:
    """A person, locked: one person gets one account, and meanwhile is offered to no other organization."""
    return await session.get(model, person_id, with_for_update=True, populate_existing=True)


async def sees_any(session: AsyncSession, principal: Principal, organization_ids: Collection[UUID]) -> bool:
    """Whether the caller sees one of the organizations."""
    seen = visible_organizations(principal).where(Organization.id.in_(organization_ids))
    return bool(await session.scalar(select(seen.exists())))


async def municipalities(session: AsyncSession, organization_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Municipality of each organization; one not known here yet is absent."""
    query = select(Organization.id, Organization.municipality).where(Organization.id.in_(organization_ids))
    return {row[0]: row[1] for row in await session.execute(query)}
