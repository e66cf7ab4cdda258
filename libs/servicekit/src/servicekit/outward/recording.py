"""Records what leaves, and tells of it."""

from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.base import Event
from asu_contracts.outward import OutwardKind
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate, Republish
from servicekit.outward.model import outward_exchange
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_CHUNK = 2000


async def record(uow: UnitOfWork, left: Event) -> None:
    """Note what leaves, said as the service's event of outward exchanges."""
    await uow.session.execute(insert(outward_exchange).values(left.model_dump()))
    uow.publish(left)


async def hand_out(
    uow: UnitOfWork,
    event: type[Event],
    principal: Principal,
    content: bytes,
    *,
    kind: OutwardKind,
    form: str,
    persons: int,
    organization_id: UUID | None,
    municipality: str | None,
    title: str | None = None,
    receiver: str | None = None,
    basis: str | None = None,
    again: str | None = None,
) -> None:
    """Note a file of a format (``form``) that the caller takes: of an organization, a municipality or, without both, the caller's unit."""
    unit = principal.unit
    wide = organization_id is None and municipality is None
    said = {
        "exchange_id": new_id(),
        "kind": kind,
        "title": title,
        "format": form,
        "receiver": receiver,
        "basis": basis,
        "organization_id": organization_id,
        "municipality": unit.municipality if wide else municipality,
        "founder_id": unit.founder_id if wide else None,
        "persons": persons,
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
        "role": principal.role.value,
        "recorded_at": uow.now,
        "again": again,
    }
    await record(uow, event.model_validate(said))


def facts(event: type[Event]) -> Republish:
    """Everything that ever left, as a service's event, for a reader that is rebuilt."""

    async def source(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
        after: UUID | None = None
        while True:
            query = select(outward_exchange).order_by(outward_exchange.c.exchange_id).limit(_CHUNK)
            page = query if after is None else query.where(outward_exchange.c.exchange_id > after)
            rows = (await session.execute(page)).mappings().all()
            if not rows:
                return
            after = rows[-1]["exchange_id"]
            yield [Aggregate(event.model_validate(dict(row)), row["recorded_at"]) for row in rows]

    return source
