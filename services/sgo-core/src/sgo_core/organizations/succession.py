"""What an act on organizations does to their cards: closing, branches that pass to another head, new names, forms and founders."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.fields import to_columns
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import CardKind
from sgo_core.history.recorded import Author
from sgo_core.organizations import repository
from sgo_core.organizations.errors import AlreadyRegisteredError, BranchError
from sgo_core.organizations.events import organization_changed
from sgo_core.organizations.model import Organization
from sgo_core.organizations.service import check_lines, check_numbers, searched_by
from sgo_core.vault import vault_of

Card = Organization
"""An organization, as other slices name it."""


async def locked(uow: UnitOfWork, organization_id: UUID) -> Organization:
    """An organization with its row locked; raises ``NotFoundError``."""
    organization = await repository.get(uow.session, organization_id, lock=True)
    if organization is None:
        raise NotFoundError
    return organization


async def close(uow: UnitOfWork, organization_id: UUID, author: Author) -> None:
    """Close an organization: it takes no more students."""
    organization = await locked(uow, organization_id)
    if change(organization, {"active": False}, author, uow.now):
        uow.publish(organization_changed(organization), version=organization.version)


async def branches_of(uow: UnitOfWork, organization_id: UUID) -> list[UUID]:
    """Open branches of an organization."""
    query = select(Organization.id).where(Organization.parent_id == organization_id, Organization.active)
    return list(await uow.session.scalars(query.order_by(Organization.id)))


async def adopt(uow: UnitOfWork, branch_id: UUID, head_id: UUID, author: Author) -> None:
    """Make an organization a branch of another head, with its numbers; raises ``BranchError`` for a head that is a branch."""
    branch, head = await locked(uow, branch_id), await repository.get(uow.session, head_id)
    if head is None or head.parent_id is not None or branch.id == head.id:
        raise BranchError
    columns = {"parent_id": head.id, "inn": head.inn, "ogrn": head.ogrn, "founder_id": head.founder_id}
    if change(branch, columns, author, uow.now):
        uow.publish(organization_changed(branch), version=branch.version)


async def apply_act(
    uow: UnitOfWork, organization_id: UUID, values: CardValues, more: dict[str, Any], author: Author
) -> None:
    """Write into a card what an act changes: names, legal form, numbers, kind; ``more``: the founder."""
    organization = await locked(uow, organization_id)
    columns = {**to_columns(CardKind.ORGANIZATION, Organization, values, vault_of(uow), organization), **more}
    check_numbers({name: columns.get(name, getattr(organization, name)) for name in ("inn", "ogrn", "kpp")})
    await check_lines(uow, columns.get("municipality", organization.municipality), columns.get("founder_id"))
    if columns.keys() & {"full_name", "short_name"}:
        names = {name: columns.get(name, getattr(organization, name)) for name in ("full_name", "short_name")}
        columns["search_name"] = searched_by(**names)
    numbers = {name: columns[name] for name in ("inn", "ogrn") if name in columns}
    if numbers and organization.parent_id is not None:
        raise BranchError
    changed = change(organization, columns, author, uow.now)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise AlreadyRegisteredError from None
    if changed:
        uow.publish(organization_changed(organization), version=organization.version)
    if numbers:
        for branch_id in await branches_of(uow, organization_id):
            await adopt(uow, branch_id, organization_id, author)
