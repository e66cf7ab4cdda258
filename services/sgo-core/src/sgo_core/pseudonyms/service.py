"""Names by statistical ids: a statement a request, and each reading of names on record as readings of cards are."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.movements import service as movements
from sgo_core.organizations import service as organizations
from sgo_core.pseudonyms import repository


async def students(uow: UnitOfWork, principal: Principal, ids: Collection[UUID]) -> Sequence[Any]:
    """Students under the ids whom the caller sees."""
    found = await repository.students(uow.session, set(ids), movements.sight_of(uow, principal))
    await audit.record(uow, principal, "students.named", sorted({one.id for one in found}))
    return found


async def workers(uow: UnitOfWork, principal: Principal, ids: Collection[UUID]) -> Sequence[Any]:
    """Workers under the ids whom the caller sees by an employer of any time."""
    seen = organizations.visible_ids(principal)
    found = await repository.workers(uow.session, set(ids), seen, uow.clock.today())
    await audit.record(uow, principal, "workers.named", sorted({one.id for one in found}))
    return found
