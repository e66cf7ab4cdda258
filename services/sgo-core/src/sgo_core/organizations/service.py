"""Use cases of organizations."""

from collections.abc import AsyncIterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ScalarSelect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.organizations import repository
from sgo_core.organizations.errors import AlreadyRegisteredError, UnknownMunicipalityError
from sgo_core.organizations.events import organization_changed
from sgo_core.organizations.model import Municipality, Organization
from sgo_core.organizations.policies import MAY_CLOSE
from sgo_core.organizations.schemas import OrganizationIn, OrganizationPatch


async def list_municipalities(uow: UnitOfWork) -> Sequence[Municipality]:
    """Municipalities in force today."""
    return await repository.municipalities(uow.session, uow.clock.today())


async def register_organization(uow: UnitOfWork, principal: Principal, body: OrganizationIn) -> Organization:
    """Register an organization in a municipality of the caller's."""
    if not await repository.municipality_in_force(uow.session, body.municipality, uow.clock.today()):
        raise UnknownMunicipalityError
    organization_id = new_id()
    if not principal.sees(organization_id, body.municipality, body.founder_id):
        raise ForbiddenError
    created = (
        await uow.session.scalars(
            insert(Organization)
            .values(id=organization_id, updated_at=uow.now, **body.model_dump())
            .on_conflict_do_nothing(index_elements=["ogrn"])
            .returning(Organization)
        )
    ).one_or_none()
    if created is None:
        raise AlreadyRegisteredError
    uow.publish(organization_changed(created), version=created.version)
    return created


async def require_visible(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> Organization:
    """The organization if the principal sees it; raises ``NotFoundError``."""
    organization = await repository.get(uow.session, organization_id)
    if organization is None or not principal.sees(organization.id, organization.municipality, organization.founder_id):
        raise NotFoundError
    return organization


async def edit_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, version: int, body: OrganizationPatch
) -> Organization:
    """Change a card; opening and closing is for those above the organization."""
    organization = await repository.get(uow.session, organization_id, lock=True)
    if organization is None or not principal.sees(organization.id, organization.municipality, organization.founder_id):
        raise NotFoundError
    if organization.version != version:
        raise VersionMismatchError
    changes = {
        name: value
        for name, value in body.model_dump(exclude_unset=True).items()
        if getattr(organization, name) != value
    }
    if "active" in changes and principal.role not in MAY_CLOSE:
        raise ForbiddenError
    if changes:
        for name, value in changes.items():
            setattr(organization, name, value)
        organization.version += 1
        organization.updated_at = uow.now
        uow.publish(organization_changed(organization), version=organization.version)
    return organization


async def list_organizations(
    uow: UnitOfWork, principal: Principal, limit: int, after: UUID | None, municipality: str | None, kind: str | None
) -> Sequence[Organization]:
    """One page of the organizations the principal sees, and one more."""
    return (await uow.session.scalars(repository.page(principal, limit, after, municipality, kind))).all()


async def by_ids(uow: UnitOfWork, ids: Sequence[UUID]) -> Mapping[UUID, Organization]:
    """Organizations by id, those that exist."""
    return {organization.id: organization for organization in await repository.by_ids(uow.session, ids)}


def visible_ids(principal: Principal) -> ScalarSelect[UUID]:
    """Ids of the organizations the principal sees, for the queries of other slices."""
    return repository.visible_ids(principal)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every organization, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Organization), Organization.id):
        yield [Aggregate(organization_changed(one), one.updated_at, one.version) for one in chunk]
