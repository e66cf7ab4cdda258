"""SQL of grants."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import UnitKind
from auth.grants.model import GrantHistory, PositionGrant
from orgdirectory import visible_organizations
from servicekit.ids import new_id
from servicekit.security import Principal

_UNIT = ("unit_kind", "founder_id", "municipality", "organization_id")
_ACTIVE = PositionGrant.ended_at.is_(None)


def _visible(principal: Principal) -> ColumnElement[bool]:
    """Grants whose unit stands on or below the principal's."""
    mine = principal.visible(PositionGrant.organization_id, PositionGrant.municipality, PositionGrant.founder_id)
    if principal.unit.kind is not UnitKind.DEPARTMENT:
        return mine
    return or_(mine, PositionGrant.organization_id.in_(visible_organizations(principal)))


async def add(session: AsyncSession, grant: PositionGrant) -> bool:
    """Insert; false if the account holds the very position."""
    values = {name: getattr(grant, name) for name in (*_UNIT, "id", "account_id", "role", "given_at", "given_by")}
    added = await session.execute(
        upsert(PositionGrant).values(values).on_conflict_do_nothing().returning(PositionGrant.id)
    )
    return added.first() is not None


async def end(session: AsyncSession, grant_id: UUID, at: datetime, by: str) -> bool:
    """End; false if it ended before."""
    statement = (
        update(PositionGrant)
        .where(PositionGrant.id == grant_id, _ACTIVE)
        .values(ended_at=at, ended_by=by)
        .returning(PositionGrant.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(statement)).first() is not None


async def record(session: AsyncSession, grant: PositionGrant, act: str, at: datetime, by: str) -> None:
    """Write the act to the history."""
    await session.execute(
        insert(GrantHistory).values(
            id=new_id(),
            grant_id=grant.id,
            account_id=grant.account_id,
            act=act,
            role=grant.role,
            at=at,
            by=by,
            **{name: getattr(grant, name) for name in _UNIT},
        )
    )


async def visible_one(session: AsyncSession, principal: Principal, grant_id: UUID) -> PositionGrant | None:
    """A grant within the principal's view."""
    statement = select(PositionGrant).where(PositionGrant.id == grant_id, _visible(principal))
    return (await session.scalars(statement)).one_or_none()


async def account_visible(session: AsyncSession, principal: Principal, account_id: UUID) -> bool:
    """Whether the account holds or held a position within the principal's view."""
    statement = select(PositionGrant.id).where(PositionGrant.account_id == account_id, _visible(principal)).limit(1)
    return (await session.execute(statement)).first() is not None


async def active(session: AsyncSession, account_id: UUID) -> Sequence[PositionGrant]:
    """Positions an account holds now, oldest first."""
    statement = select(PositionGrant).where(PositionGrant.account_id == account_id, _ACTIVE).order_by(PositionGrant.id)
    return (await session.scalars(statement)).all()


async def holders(
    session: AsyncSession, principal: Principal, organization_id: UUID | None, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Accounts that hold a position within the principal's view, in id order."""
    statement = select(PositionGrant.account_id).where(_ACTIVE, _visible(principal)).distinct()
    if organization_id is not None:
        statement = statement.where(PositionGrant.organization_id == organization_id)
    if after is not None:
        statement = statement.where(PositionGrant.account_id > after)
    return (await session.scalars(statement.order_by(PositionGrant.account_id).limit(limit))).all()


async def visible_active(
    session: AsyncSession, principal: Principal, account_ids: Collection[UUID]
) -> Sequence[PositionGrant]:
    """Positions of some accounts within the principal's view."""
    statement = (
        select(PositionGrant)
        .where(PositionGrant.account_id.in_(account_ids), _ACTIVE, _visible(principal))
        .order_by(PositionGrant.id)
    )
    return (await session.scalars(statement)).all()
