"""Finds units and keeps callers within theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from asu_contracts.access import UnitKind
from orgdirectory import Organization, require_visible
from reporting.units import repository
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class ReportUnit:
    """Whose report it is: an organization's, a municipality's (without ``organization_id``) or, without both, the region's."""

    organization_id: UUID | None
    municipality: str | None
    name: str


async def organizations(
    uow: UnitOfWork, principal: Principal, *, after: UUID | None, limit: int
) -> Sequence[Organization]:
    """Organizations on or below the principal's unit in id order, after a key."""
    return await repository.list_organizations(uow.session, principal, after, limit)


async def all_organizations(uow: UnitOfWork, principal: Principal, municipality: str | None) -> list[UUID]:
    """Ids of all organizations on or below the principal's unit, those of a municipality (ОКТМО) if one is named."""
    return await repository.all_organizations(uow.session, principal, municipality)


async def organization_unit(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> ReportUnit:
    """An organization the principal sees; raises ``NotFoundError``."""
    found = await require_visible(uow, principal, organization_id)
    return ReportUnit(found.id, found.municipality, found.short_name)


async def is_branch(uow: UnitOfWork, organization_id: UUID, day: date) -> bool:
    """Whether an organization is a branch of another on a day."""
    return await repository.is_branch(uow.session, organization_id, day)


async def municipality_unit(uow: UnitOfWork, principal: Principal, municipality: str) -> ReportUnit:
    """A municipality the principal may report for.

    Raises ``NotFoundError`` outside the principal's view and ``ForbiddenError`` above its position.
    """
    if not await repository.sees_municipality(uow.session, principal, municipality):
        raise NotFoundError
    if principal.unit.kind in {UnitKind.ORGANIZATION, UnitKind.DEPARTMENT}:
        raise ForbiddenError
    return ReportUnit(None, municipality, "Муниципальное образование")


def level_of(organization_id: UUID | None, municipality: str | None) -> UnitKind:
    """On which level a unit of reports stands."""
    if organization_id is not None:
        return UnitKind.ORGANIZATION
    return UnitKind.REGION if municipality is None else UnitKind.MUNICIPALITY


def require_own_level(principal: Principal, organization_id: UUID | None, municipality: str | None) -> None:
    """Each level prepares, signs and approves its own: the unit is in the principal's view already; raises ``ForbiddenError``."""
    if principal.unit.kind is not level_of(organization_id, municipality):
        raise ForbiddenError


def region_unit(principal: Principal) -> ReportUnit:
    """The region, for who stands on its level; raises ``ForbiddenError``."""
    if principal.unit.kind is not UnitKind.REGION:
        raise ForbiddenError
    return ReportUnit(None, None, "Субъект Российской Федерации")


async def common_unit(
    uow: UnitOfWork, principal: Principal, organization_id: UUID | None, municipality: str | None
) -> ReportUnit:
    """The narrower of the principal's unit and of one it stands on, above or below: whose the figures of that unit are that it sees.

    Raises ``NotFoundError`` for an organization outside its view, ``ForbiddenError`` for a department, which is in none of these lines.
    """
    mine = principal.unit
    if (organization := organization_id or mine.organization_id) is not None:
        return await organization_unit(uow, principal, organization)
    if (territory := municipality or mine.municipality) is not None:
        return ReportUnit(None, territory, f"Муниципальное образование, ОКТМО {territory}")
    return region_unit(principal)
