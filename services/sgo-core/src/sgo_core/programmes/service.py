"""Use cases of programmes of additional education."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.programmes import repository
from sgo_core.programmes.errors import OrganizationClosedError, ProgrammeAgesError, ProgrammeExistsError
from sgo_core.programmes.events import programme_changed
from sgo_core.programmes.model import Programme
from sgo_core.programmes.schemas import ProgrammeIn, ProgrammePatch


async def open_ids(uow: UnitOfWork, organization_id: UUID, programme_ids: Collection[UUID]) -> set[UUID]:
    """Those of the programmes that the organization carries out."""
    return await repository.open_ids(uow.session, organization_id, programme_ids) if programme_ids else set()


async def start_programme(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: ProgrammeIn) -> Programme:
    """Start a programme in the caller's organization, of whatever kind it is."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    if not organization.active:
        raise OrganizationClosedError
    if body.age_from > body.age_to:
        raise ProgrammeAgesError
    programme = Programme(
        id=new_id(),
        organization_id=organization_id,
        active=True,
        version=1,
        **body.model_dump(),
        **signature(Author(principal.account_id, "Новая программа"), uow.now),
    )
    uow.session.add(programme)
    await _flush(uow)
    uow.publish(programme_changed(programme), version=programme.version)
    return programme


async def get_programme(uow: UnitOfWork, principal: Principal, programme_id: UUID) -> Programme:
    """A programme of an organization the caller sees; raises ``NotFoundError``."""
    programme = await repository.get(uow.session, programme_id)
    if programme is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, programme.organization_id)
    return programme


async def programme_as_of(uow: UnitOfWork, programme_id: UUID, instant: datetime) -> Programme:
    """The programme as it was known at an instant; raises ``NotFoundError`` if there was none yet."""
    found = await history.rows_as_of(uow, Programme, [programme_id], instant)
    if not found:
        raise NotFoundError
    return found[0]


async def edit_programme(
    uow: UnitOfWork, principal: Principal, programme_id: UUID, version: int, body: ProgrammePatch
) -> Programme:
    """Change a programme, or put it out of use."""
    await get_programme(uow, principal, programme_id)
    programme = await repository.get(uow.session, programme_id, lock=True)
    assert programme is not None
    if programme.version != version:
        raise VersionMismatchError
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    if values.get("age_from", programme.age_from) > values.get("age_to", programme.age_to):
        raise ProgrammeAgesError
    if change(programme, values, Author(principal.account_id, body.reason), uow.now):
        await _flush(uow)
        uow.publish(programme_changed(programme), version=programme.version)
    return programme


async def list_programmes(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    active: bool | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Programme]:
    """One page of an organization's programmes, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, active, limit, after)


async def history_of(uow: UnitOfWork, programme_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the changes of a programme, and one more."""
    return await history.changes_of(uow, [Programme], programme_id, limit, after)


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints, only the title's can be broken here
        raise ProgrammeExistsError from None


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every programme, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Programme), Programme.id):
        yield [Aggregate(programme_changed(one), one.updated_at, one.version) for one in chunk]
