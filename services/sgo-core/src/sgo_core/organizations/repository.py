"""SQL of organizations."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.security import Principal
from sgo_core.organizations.model import Municipality, Organization
from sgo_core.search import misspelt


def visible_ids(principal: Principal) -> ScalarSelect[UUID]:
    """Ids of the organizations on or below the principal's unit, as a subquery."""
    visible = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    return select(Organization.id).where(visible).scalar_subquery()


async def municipalities(session: AsyncSession, on: date) -> Sequence[Municipality]:
    """Municipalities in force on a date, by code."""
    query = select(Municipality).where(
        Municipality.valid_from <= on, or_(Municipality.valid_to.is_(None), Municipality.valid_to > on)
    )
    return (await session.scalars(query.order_by(Municipality.oktmo))).all()


async def municipality_in_force(session: AsyncSession, oktmo: str, on: date) -> bool:
    """Whether the code names a municipality in force."""
    query = select(Municipality.oktmo).where(
        Municipality.oktmo == oktmo,
        Municipality.valid_from <= on,
        or_(Municipality.valid_to.is_(None), Municipality.valid_to > on),
    )
    return await session.scalar(query) is not None


async def get(session: AsyncSession, organization_id: UUID, *, lock: bool = False) -> Organization | None:
    """An organization, locked for an edit if asked."""
    query = select(Organization).where(Organization.id == organization_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def with_ogrn(session: AsyncSession, ogrn: str) -> Sequence[Organization]:
    """The organization of an ОГРН and its branches, locked in id order."""
    query = select(Organization).where(Organization.ogrn == ogrn).order_by(Organization.id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()


async def has_branches(session: AsyncSession, organization_id: UUID) -> bool:
    """Whether the organization is the head of others."""
    query = select(Organization.id).where(Organization.parent_id == organization_id).limit(1)
    return await session.scalar(query) is not None


async def by_ids(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[Organization]:
    """Organizations by id."""
    return (await session.scalars(select(Organization).where(Organization.id.in_(ids)))).all()


async def page(
    session: AsyncSession,
    principal: Principal,
    limit: int,
    after: UUID | None,
    municipality: str | None,
    kind: str | None,
    words: str | None,
) -> Sequence[Organization]:
    """One page of visible organizations and one more row; ``words`` of the name may be misspelt."""
    query = select(Organization).where(
        principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    )
    if municipality is not None:
        query = query.where(Organization.municipality == municipality)
    if kind is not None:
        query = query.where(Organization.kind == kind)
    if words is not None:
        query = query.where(await misspelt(session, words, Organization.search_name))
    if after is not None:
        query = query.where(Organization.id > after)
    return (await session.scalars(query.order_by(Organization.id).limit(limit + 1))).all()
