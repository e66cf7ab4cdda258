"""Use cases of buildings."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.buildings.errors import BuildingDatesError, BuildingTenureError, OrganizationClosedError
from sgo_core.buildings.events import building_changed
from sgo_core.buildings.model import Building
from sgo_core.buildings.schemas import BuildingIn, BuildingPatch
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations

_BY_CONTRACT = frozenset({"rent", "free_use"})


async def enter_building(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: BuildingIn) -> Building:
    """Enter a building that an organization uses."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    if not organization.active:
        raise OrganizationClosedError
    building = Building(
        id=new_id(),
        organization_id=organization_id,
        version=1,
        **{**body.model_dump(), "address": body.address.model_dump(mode="json")},
        **signature(Author(principal.account_id, "Внесение здания"), uow.now),
    )
    _check(building)
    uow.session.add(building)
    uow.publish(building_changed(building), version=building.version)
    return building


def _check(building: Building) -> None:
    if building.used_to is not None and building.used_to < building.used_from:
        raise BuildingDatesError
    if building.tenure in _BY_CONTRACT and building.tenure_document is None:
        raise BuildingTenureError


async def edit_building(
    uow: UnitOfWork, principal: Principal, building_id: UUID, version: int, patch: BuildingPatch
) -> Building:
    """Change a building; what stood before goes to the history."""
    building = await uow.session.get(Building, building_id, with_for_update=True, populate_existing=True)
    if building is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, building.organization_id)
    if building.version != version:
        raise VersionMismatchError
    columns: dict[str, Any] = patch.model_dump(exclude_unset=True, exclude={"reason"})
    if "address" in columns:
        columns["address"] = patch.address.model_dump(mode="json")
    if change(building, columns, Author(principal.account_id, patch.reason), uow.now):
        _check(building)
        uow.publish(building_changed(building), version=building.version)
    return building


async def get_building(uow: UnitOfWork, principal: Principal, building_id: UUID) -> Building:
    """A building of an organization the caller sees; raises ``NotFoundError``."""
    building = await uow.session.get(Building, building_id)
    if building is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, building.organization_id)
    return building


async def building_as_of(uow: UnitOfWork, building_id: UUID, instant: datetime) -> Building:
    """A building as it was known at an instant; raises ``NotFoundError`` if it was not."""
    found = await history.rows_as_of(uow, Building, [building_id], instant)
    if not found:
        raise NotFoundError
    return found[0]


async def history_of(uow: UnitOfWork, building_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the history of a building, and one more."""
    return await history.changes_of(uow, [Building], building_id, limit, after)


async def list_buildings(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, *, former: bool, limit: int, after: UUID | None
) -> Sequence[Building]:
    """One page of an organization's buildings, those given up if asked, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    query = select(Building).where(Building.organization_id == organization_id)
    if not former:
        query = query.where(or_(Building.used_to.is_(None), Building.used_to > uow.clock.today()))
    if after is not None:
        query = query.where(Building.id > after)
    return (await uow.session.scalars(query.order_by(Building.id).limit(limit + 1))).all()


async def in_use(uow: UnitOfWork, organization_ids: Collection[UUID]) -> Sequence[Building]:
    """Buildings that organizations use, in id order."""
    query = select(Building).where(
        Building.organization_id.in_(organization_ids),
        or_(Building.used_to.is_(None), Building.used_to > uow.clock.today()),
    )
    return (await uow.session.scalars(query.order_by(Building.id))).all()


async def hand_over(
    uow: UnitOfWork, origin_id: UUID, organization_id: UUID, author: Author, only: Collection[UUID] | None = None
) -> int:
    """Give the buildings of one organization, or some of them, to another; how many. Each keeps its id and history."""
    query = select(Building).where(
        Building.organization_id == origin_id,
        or_(Building.used_to.is_(None), Building.used_to > uow.clock.today()),
    )
    if only is not None:
        query = query.where(Building.id.in_(only))
    found = (await uow.session.scalars(query.order_by(Building.id).with_for_update())).all()
    for building in found:
        change(building, {"organization_id": organization_id}, author, uow.now)
        uow.publish(building_changed(building), version=building.version)
    return len(found)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every building, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Building), Building.id):
        yield [Aggregate(building_changed(one), one.updated_at, one.version) for one in chunk]
