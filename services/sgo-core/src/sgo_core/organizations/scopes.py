"""Whose a setting, an entry of a reference book or a calendar is: the region's, or an organization's own (ADR 0023)."""

from datetime import date
from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

from fastapi import Query
from sqlalchemy import Date, column, select, table

from asu_contracts.access import Role
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.organizations.errors import ClosedPastError
from sgo_core.organizations.service import require_visible

# Closings of years belong to another slice; the question joins their table for reading.
_closing = table("year_closing", *map(column, ("id", "organization_id", "academic_year", "state")))
_year = table("academic_year", column("year"), column("ends_on", Date))

KEEPERS = (Role.REGION_ADMIN, Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN)
"""Who keeps what the region sets and an organization may set for itself: each its own level."""

Whose = Annotated[
    UUID | None,
    Query(alias="organization_id", description="Организация; если не указана, показано то, что задал регион"),
]


class _Scoped(Protocol):
    organization_id: Any
    version: Any


_Row = TypeVar("_Row", bound=_Scoped)


def own_scope(principal: Principal) -> UUID | None:
    """The organization whose settings the caller keeps; None: the region's."""
    return principal.unit.organization_id


async def require_readable(uow: UnitOfWork, principal: Principal, organization_id: UUID | None) -> None:
    """Raise ``NotFoundError`` for an organization outside the caller's view; the region's settings are open to all staff."""
    if organization_id is not None:
        await require_visible(uow, principal, organization_id)


async def readable(uow: UnitOfWork, principal: Principal, row: _Row | None) -> _Row:
    """A row that was found, of the region or of an organization the caller sees; raises ``NotFoundError``."""
    if row is None:
        raise NotFoundError
    await require_readable(uow, principal, row.organization_id)
    return row


async def kept(uow: UnitOfWork, principal: Principal, row: _Row | None, version: int) -> _Row:
    """A locked row of the caller's own level, to be edited: what is inherited is seen, and changed where it was set.

    Raises ``NotFoundError``, ``ForbiddenError``, ``VersionMismatchError``.
    """
    found = await readable(uow, principal, row)
    if found.organization_id != own_scope(principal):
        raise ForbiddenError
    if found.version != version:
        raise VersionMismatchError
    return found


async def require_open(uow: UnitOfWork, organization_id: UUID | None, *days: date | None) -> None:
    """Raise ``ClosedPastError`` for a change from a day inside or before a year that the organization has closed.

    The region's (None) is refused what touches a year that is over by the calendar and that any organization has closed: while
    others still study in it, the region may go on setting it.
    """
    known = [day for day in days if day is not None]
    if not known:
        return
    query = select(_closing.c.id).join(_year, _year.c.year == _closing.c.academic_year)
    query = query.where(_closing.c.state != "draft", _year.c.ends_on > min(known))
    if organization_id is None:
        query = query.where(_year.c.ends_on <= uow.clock.today())
    else:
        query = query.where(_closing.c.organization_id == organization_id)
    if await uow.session.scalar(query.limit(1)) is not None:
        raise ClosedPastError
