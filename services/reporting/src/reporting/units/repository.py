"""SQL of units."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization, visible_organizations
from reporting.facts.sources import branches
from servicekit.security import Principal


async def list_organizations(
    session: AsyncSession, principal: Principal, after: UUID | None, limit: int
) -> Sequence[Organization]:
    """Organizations on or below the principal's unit in id order, after a key."""
    statement = select(Organization).where(
        principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    )
    if after is not None:
        statement = statement.where(Organization.id > after)
    return (await session.scalars(statement.order_by(Organization.id).limit(limit))).all()


async def all_organizations(session: AsyncSession, principal: Principal, municipality: str | None) -> list[UUID]:
    """Ids of all organizations on or below the principal's unit, those of a municipality (ОКТМО) if one is named."""
    statement = visible_organizations(principal)
    if municipality is not None:
        statement = statement.where(Organization.municipality == municipality)
    return list(await session.scalars(statement.order_by(Organization.id)))


async def is_branch(session: AsyncSession, organization_id: UUID, day: date) -> bool:
    """Whether an organization is a branch of another on a day."""
    return bool(await session.scalar(select(literal(organization_id).in_(branches(day)))))


async def sees_municipality(session: AsyncSession, principal: Principal, municipality: str) -> bool:
    """Whether an organization of the municipality (ОКТМО) stands on or below the principal's unit."""
    mine = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    statement = select(Organization.id).where(Organization.municipality == municipality, mine).limit(1)
    return (await session.execute(statement)).first() is not None
