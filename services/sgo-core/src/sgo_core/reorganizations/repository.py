"""SQL of acts on organizations."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.reorganizations.model import (
    Reorganization,
    ReorganizationOrder,
    ReorganizationPart,
    ReorganizationParty,
    ReorganizationRoute,
    Succession,
)

_PREDECESSOR = ("predecessor",)
_OPEN = ("confirmed", "running")


async def get(session: AsyncSession, act_id: UUID, *, lock: bool = False) -> Reorganization | None:
    """An act, locked if asked."""
    return await session.get(Reorganization, act_id, with_for_update=lock or None, populate_existing=True)


async def set_parties(
    session: AsyncSession, act_id: UUID, predecessors: Collection[UUID], successors: Collection[UUID]
) -> None:
    """Name the organizations of a draft."""
    await session.execute(delete(ReorganizationParty).where(ReorganizationParty.reorganization_id == act_id))
    rows = [(one, "predecessor") for one in predecessors] + [(one, "successor") for one in successors]
    await session.execute(
        insert(ReorganizationParty),
        [{"reorganization_id": act_id, "organization_id": one, "role": role} for one, role in rows],
    )


def _party_in(organizations: Any, roles: Collection[str]) -> Any:
    return exists().where(
        ReorganizationParty.reorganization_id == Reorganization.id,
        ReorganizationParty.role.in_(roles),
        ReorganizationParty.organization_id.in_(organizations),
    )


async def page(
    session: AsyncSession, organizations: Any, state: str | None, limit: int, after: UUID | None
) -> Sequence[Reorganization]:
    """One page of the acts on some organizations (a subquery of ids), and one more."""
    query = select(Reorganization).where(_party_in(organizations, _PREDECESSOR))
    if state is not None:
        query = query.where(Reorganization.state == state)
    if after is not None:
        query = query.where(Reorganization.id > after)
    return (await session.scalars(query.order_by(Reorganization.id).limit(limit + 1))).all()


async def sees(session: AsyncSession, act_id: UUID, organizations: Any, roles: Collection[str] = _PREDECESSOR) -> bool:
    """Whether one of some organizations takes part in an act in one of the roles."""
    query = select(Reorganization.id).where(Reorganization.id == act_id, _party_in(organizations, roles))
    return await session.scalar(query) is not None


async def busy(session: AsyncSession, act_id: UUID, organizations: Collection[UUID]) -> set[UUID]:
    """Those of the organizations that another confirmed act is about."""
    query = (
        select(ReorganizationParty.organization_id)
        .join(Reorganization, Reorganization.id == ReorganizationParty.reorganization_id)
        .where(
            ReorganizationParty.organization_id.in_(organizations),
            Reorganization.state.in_(_OPEN),
            Reorganization.id != act_id,
        )
    )
    return set(await session.scalars(query))


async def routes_of(session: AsyncSession, act_id: UUID) -> Sequence[ReorganizationRoute]:
    """Where the groups of an act go, as it is being carried out."""
    query = select(ReorganizationRoute).where(ReorganizationRoute.reorganization_id == act_id)
    return (await session.scalars(query.order_by(ReorganizationRoute.group_id))).all()


async def parts_of(session: AsyncSession, act_id: UUID) -> dict[tuple[UUID, UUID], UUID]:
    """What teaching groups become: by the group and the organization that takes its students over."""
    query = select(
        ReorganizationPart.teaching_group_id,
        ReorganizationPart.organization_id,
        ReorganizationPart.to_teaching_group_id,
    ).where(ReorganizationPart.reorganization_id == act_id)
    return {(row[0], row[1]): row[2] for row in await session.execute(query)}


async def orders_of(session: AsyncSession, act_id: UUID) -> dict[UUID, UUID]:
    """Orders of an act by organization."""
    query = select(ReorganizationOrder.organization_id, ReorganizationOrder.order_id)
    query = query.where(ReorganizationOrder.reorganization_id == act_id)
    return {row[0]: row[1] for row in await session.execute(query)}


async def links_of(session: AsyncSession, organization_id: UUID) -> Sequence[Row[UUID, UUID, Any, Reorganization]]:
    """Successions of an organization in order of time: predecessor, successor, since when, the act."""
    query = (
        select(Succession.predecessor_id, Succession.successor_id, Succession.valid_from, Reorganization)
        .join(Reorganization, Reorganization.id == Succession.reorganization_id)
        .where((Succession.predecessor_id == organization_id) | (Succession.successor_id == organization_id))
        .order_by(Succession.valid_from, Succession.predecessor_id, Succession.successor_id)
    )
    return (await session.execute(query)).all()
