"""Records what leaves the registry, in the transaction that hands it out, and tells others of it."""

from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import OutwardKind
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.outward.events import outward_exchange_recorded
from sgo_core.outward.model import OutwardExchange


def record(
    uow: UnitOfWork,
    principal: Principal,
    content: bytes,
    *,
    kind: OutwardKind,
    form: str,
    persons: int,
    organization_id: UUID | None,
    municipality: str | None,
    receiver: str | None = None,
    basis: str | None = None,
) -> None:
    """Note a file that is handed out in a format (``form``), of an organization, a municipality or, without both, the caller's unit."""
    unit = principal.unit
    wide = organization_id is None and municipality is None
    made = OutwardExchange(
        id=new_id(),
        kind=kind.value,
        format=form,
        receiver=receiver,
        basis=basis,
        organization_id=organization_id,
        municipality=unit.municipality if wide else municipality,
        founder_id=unit.founder_id if wide else None,
        persons=persons,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        role=principal.role.value,
        recorded_at=uow.now,
    )
    uow.session.add(made)
    uow.publish(outward_exchange_recorded(made))


async def facts(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Everything that ever left, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(OutwardExchange), OutwardExchange.id):
        yield [Aggregate(outward_exchange_recorded(one), one.recorded_at) for one in chunk]
