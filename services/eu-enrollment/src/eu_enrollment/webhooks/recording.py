"""What portals took of the notices, on record hour by hour: an exchange for all that an address took, and sent again as one.

Delivering goes on as it does; the digest is of the bodies in order of ``webhook-id``, a line each.
"""

from hashlib import sha256
from itertools import takewhile
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.enrollment import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from eu_enrollment.webhooks import repository
from servicekit import audit
from servicekit.ids import new_id
from servicekit.outward import recording as outward
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_TOGETHER = 5_000


async def record(runtime: Runtime) -> None:
    """Job: put on record what was taken since the last time."""
    async with runtime.sessions() as session:
        found = await repository.unrecorded(session)
    for webhook_id in found:
        while await _next(runtime, webhook_id):
            pass


async def _next(runtime: Runtime, webhook_id: UUID) -> bool:
    async with runtime.uow() as uow:
        return await _record(uow, webhook_id)


async def record_all(uow: UnitOfWork, webhook_id: UUID) -> None:
    """Put on record what is left of a subscription that ends."""
    while await _record(uow, webhook_id):
        pass


async def _record(uow: UnitOfWork, webhook_id: UUID) -> bool:
    """One exchange of what an address took; whether there may be more."""
    found = await repository.taken(uow.session, webhook_id, _TOGETHER)
    if not found:
        return False
    exchange_id, receiver = new_id(), found[0].receiver
    rows = list(takewhile(lambda row: row.receiver == receiver, found))
    content = "".join(f"{row.body}\n" for row in rows).encode()
    taken = OutwardExchangeRecorded(
        exchange_id=exchange_id,
        kind=OutwardKind.NOTICES,
        title="Уведомления портала об изменениях заявлений",
        format="json",
        receiver=receiver,
        persons=len({row.application_id for row in rows}),
        sha256=sha256(content).hexdigest(),
        size=len(content),
        role=Role.PORTAL.value,
        recorded_at=max(row.closed_at for row in rows),
        again=f"/api/enrollment/v1/outward-exchanges/{exchange_id}/resending",
    )
    await outward.record(uow, taken)
    await repository.put_exchange(uow.session, [row.id for row in rows], exchange_id)
    return len(rows) < len(found) or len(found) == _TOGETHER


async def resend(uow: UnitOfWork, principal: Principal, exchange_id: UUID) -> int:
    """Put the notices of an exchange in turn again, under the ids they had; how many are kept and not in turn already."""
    count = await repository.exchange_again(uow.session, exchange_id, uow.now)
    await audit.record(uow, principal, "webhook.exchange.resent", [])
    return count
