"""Whose a setting, an entry of a reference book or a calendar is: the region's, or an organization's own (ADR 0023)."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from asu_contracts.access import Role
from servicekit.errors import ForbiddenError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.organizations.service import require_visible

KEEPERS = (Role.REGION_ADMIN, Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN)
"""Who keeps what the region sets and an organization may set for itself: each its own level."""

Whose = Annotated[
    UUID | None,
    Query(alias="organization_id", description="Организация; если не указана, показано то, что задал регион"),
]


def own_scope(principal: Principal) -> UUID | None:
    """The organization whose settings the caller keeps; None: the region's."""
    return principal.unit.organization_id


async def require_readable(uow: UnitOfWork, principal: Principal, organization_id: UUID | None) -> None:
    """Raise ``NotFoundError`` for an organization outside the caller's view; the region's settings are open to all staff."""
    if organization_id is not None:
        await require_visible(uow, principal, organization_id)


async def require_kept(uow: UnitOfWork, principal: Principal, organization_id: UUID | None) -> None:
    """Raise unless the row is of the caller's own level: what is inherited is seen, and changed where it was set."""
    await require_readable(uow, principal, organization_id)
    if organization_id != own_scope(principal):
        raise ForbiddenError
