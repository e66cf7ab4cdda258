"""What a caller's position sees of the directory."""

from uuid import UUID

from sqlalchemy import Select, select

from orgdirectory.model import Group, Organization
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


def visible_organizations(principal: Principal) -> Select[UUID]:
    """Ids of the organizations on or below the position's unit, for ``IN`` or as a list."""
    return select(Organization.id).where(
        principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    )


def visible_groups(principal: Principal) -> Select[UUID]:
    """Ids of the groups of those organizations."""
    return select(Group.id).where(Group.organization_id.in_(visible_organizations(principal)))


async def require_visible(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> Organization:
    """The organization, or ``NotFoundError`` if it is unknown here or outside the caller's view."""
    organization = await uow.session.get(Organization, organization_id)
    if organization is None or not principal.sees(organization.id, organization.municipality, organization.founder_id):
        raise NotFoundError
    return organization
