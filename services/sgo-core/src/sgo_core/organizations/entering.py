"""Organizations as a list of many says: registered, or brought up to date."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from identifiers import normal_name
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import without_same
from sgo_core.organizations import repository, service
from sgo_core.organizations.errors import AlreadyRegisteredError, BranchError
from sgo_core.organizations.model import Organization
from sgo_core.organizations.schemas import (
    NewOrganizationValues,
    OrganizationIn,
    OrganizationPatch,
    OrganizationValues,
)


async def enter_organization(
    uow: UnitOfWork, principal: Principal, values: Mapping[str, Any], founder_id: UUID | None, *, branch: bool
) -> tuple[Organization, bool, bool]:
    """Register an organization, or change what differs on the card of one known by its ОГРН; created, changed.

    A branch shares the ОГРН of its head and is known by КПП, else by its full name. A founder that is not named stays.
    """
    known = await repository.with_ogrn(uow.session, values["ogrn"])
    head = next((one for one in known if one.parent_id is None), None)
    if branch and head is None:
        raise BranchError
    found = next((one for one in known if _is_branch(one, values)), None) if branch else head
    if found is None:
        sent = OrganizationIn.model_construct(
            founder_id=founder_id,
            parent_id=head.id if branch and head is not None else None,
            values=NewOrganizationValues(values),
        )
        return await service.register_organization(uow, principal, sent), True, True
    if not principal.sees(found.id, found.municipality, found.founder_id):
        raise AlreadyRegisteredError
    before = found.version
    patch: dict[str, Any] = {
        "reason": "Загрузка из файла",
        "values": OrganizationValues(without_same(values, found)),
        **({} if founder_id is None else {"founder_id": founder_id}),
    }
    edited = await service.edit_organization(
        uow, principal, found.id, before, OrganizationPatch.model_construct(set(patch), **patch)
    )
    return edited, False, edited.version != before


def _is_branch(one: Organization, values: Mapping[str, Any]) -> bool:
    if one.parent_id is None:
        return False
    if values.get("kpp") is not None and one.kpp is not None:
        return bool(one.kpp == values["kpp"])
    return normal_name(one.full_name) == normal_name(values["full_name"])
