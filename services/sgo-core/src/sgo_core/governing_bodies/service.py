"""Use cases of governing bodies."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, false, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role, UnitKind
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.governing_bodies.errors import BodyExistsError, BodyTerritoryError
from sgo_core.governing_bodies.events import governing_body_changed
from sgo_core.governing_bodies.model import GoverningBody
from sgo_core.governing_bodies.schemas import BodyIn, BodyPatch
from sgo_core.history.recorded import Author, signature

_OWN_CABINET = frozenset({"address", "phones", "email", "site", "responsible"})


async def list_bodies(uow: UnitOfWork) -> Sequence[GoverningBody]:
    """Bodies in force."""
    query = select(GoverningBody).where(
        or_(GoverningBody.abolished_on.is_(None), GoverningBody.abolished_on > uow.clock.today())
    )
    return (await uow.session.scalars(query.order_by(GoverningBody.kind, GoverningBody.full_name))).all()


async def get_body(uow: UnitOfWork, body_id: UUID) -> GoverningBody:
    """A body; raises ``NotFoundError``."""
    found = await uow.session.get(GoverningBody, body_id)
    if found is None:
        raise NotFoundError
    return found


async def names(uow: UnitOfWork, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Full names of bodies by id, those that exist."""
    query = select(GoverningBody.id, GoverningBody.full_name).where(GoverningBody.id.in_(ids))
    return {row[0]: row[1] for row in await uow.session.execute(query)}


async def in_force(uow: UnitOfWork, body_id: UUID) -> bool:
    """Whether there is such a body, and it is not abolished yet."""
    found = await uow.session.get(GoverningBody, body_id)
    return found is not None and (found.abolished_on is None or found.abolished_on > uow.clock.today())


async def register_body(uow: UnitOfWork, principal: Principal, body: BodyIn) -> GoverningBody:
    """Enter a body: the region has one ministry, a municipality one body."""
    if (body.kind == "municipality") != (body.municipality is not None):
        raise BodyTerritoryError
    created = GoverningBody(
        id=new_id(),
        version=1,
        **{"responsible": [], **_columns(body.model_dump(mode="json", exclude_unset=True))},
        **signature(Author(principal.account_id, "Внесение органа управления"), uow.now),
    )
    uow.session.add(created)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise (BodyTerritoryError if "fk_governing_body" in str(error.orig) else BodyExistsError) from None
    uow.publish(governing_body_changed(created), version=created.version)
    return created


async def edit_body(
    uow: UnitOfWork, principal: Principal, body_id: UUID, version: int, patch: BodyPatch
) -> GoverningBody:
    """Change a body: its own staff the cabinet, the regional administrator everything."""
    found = await uow.session.get(GoverningBody, body_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError
    values = patch.model_dump(mode="json", exclude_unset=True, exclude={"reason", "abolished_on"})
    if patch.abolished_on is not None:
        values["abolished_on"] = patch.abolished_on
    if principal.role is not Role.REGION_ADMIN and not (is_own(principal, found) and values.keys() <= _OWN_CABINET):
        raise ForbiddenError
    if found.version != version:
        raise VersionMismatchError
    if change(found, values, Author(principal.account_id, patch.reason), uow.now):
        uow.publish(governing_body_changed(found), version=found.version)
    return found


def is_own(principal: Principal, body: GoverningBody) -> bool:
    """Whether the body is the caller's own; the regional administrator's are all."""
    if principal.role is Role.REGION_ADMIN:
        return True
    match principal.unit.kind:
        case UnitKind.REGION:
            return body.kind == "ministry"
        case UnitKind.DEPARTMENT:
            return principal.unit.founder_id == body.id
        case UnitKind.MUNICIPALITY:
            return body.municipality == principal.unit.municipality
    return False


def own_ids(principal: Principal) -> ScalarSelect[UUID]:
    """Ids of the caller's own bodies, for the queries of other slices."""
    match principal.unit.kind:
        case UnitKind.REGION if principal.role is Role.REGION_ADMIN:
            own: ColumnElement[bool] = true()
        case UnitKind.REGION:
            own = GoverningBody.kind == "ministry"
        case UnitKind.DEPARTMENT:
            own = GoverningBody.id == principal.unit.founder_id
        case UnitKind.MUNICIPALITY:
            own = GoverningBody.municipality == principal.unit.municipality
        case _:
            own = false()
    return select(GoverningBody.id).where(own).scalar_subquery()


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every body, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(GoverningBody), GoverningBody.id):
        yield [Aggregate(governing_body_changed(one), one.updated_at, one.version) for one in chunk]


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
