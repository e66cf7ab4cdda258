"""Accounts of workers known from core: one for all organizations, tied to the card, so that core knows whose class it is.

An organization that gives a position must employ the worker. Accounts opened without an offer, or before there was a card, are tied to it
by whoever could give their positions. Lessons of the journal that name the account itself stay so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from auth.accounts import service as accounts
from auth.accounts.service import Account, Slip
from auth.grants import service as grants
from auth.grants.service import Holder, Position, Wanted
from auth.offers import repository
from auth.offers.errors import AccountTiedError, NoAccountError, NotEmployedError, WorkerHasAccountError
from auth.offers.model import OfferedWorker
from auth.passwords import Passwords
from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class WorkerOffer:
    """A worker and the account given already, if any."""

    worker: OfferedWorker
    account: Account | None


async def of_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[WorkerOffer]:
    """Workers who hold posts in an organization the caller sees, in id order."""
    await require_visible(uow, principal, organization_id)
    found = await repository.of_organization(uow.session, OfferedWorker, organization_id, after, limit)
    held = await accounts.by_persons(uow, [one.id for one in found])
    return [WorkerOffer(one, held.get(one.id)) for one in found]


async def open_account(
    uow: UnitOfWork,
    passwords: Passwords,
    slip_lifetime: timedelta,
    principal: Principal,
    worker_id: UUID,
    login: str,
    wanted: Sequence[Wanted],
) -> tuple[Holder, Slip]:
    """Open the worker's account with its first positions; raises ``WorkerHasAccountError`` where there is one."""
    worker = await _locked(uow, principal, worker_id, wanted)
    if await accounts.by_persons(uow, [worker_id]):
        raise WorkerHasAccountError
    return await grants.open_account(
        uow,
        passwords,
        slip_lifetime,
        principal,
        login=login,
        display_name=worker.display_name,
        wanted=wanted,
        person_id=worker_id,
    )


async def give_position(uow: UnitOfWork, principal: Principal, worker_id: UUID, wanted: Wanted) -> Position:
    """Give the account one more position, in another organization that employs the worker too."""
    await _locked(uow, principal, worker_id, [wanted])
    held = (await accounts.by_persons(uow, [worker_id])).get(worker_id)
    if held is None:
        raise NoAccountError
    return await grants.give_to_worker(uow, principal, held.id, wanted)


async def tie_account(uow: UnitOfWork, principal: Principal, worker_id: UUID, account_id: UUID) -> Holder:
    """Tie an account opened without an offer to the worker's card; its positions must be where the worker is employed.

    Raises ``WorkerHasAccountError`` where the card has another account, ``AccountTiedError`` where the account is another card's.
    """
    worker = await _locked(uow, principal, worker_id, [])
    holder = await grants.lock_whole(uow, principal, account_id)
    if any(one.unit.organization_id not in worker.organization_ids for one in holder.positions):
        raise NotEmployedError
    if (await accounts.by_persons(uow, [worker_id])).get(worker_id, holder.account) is not holder.account:
        raise WorkerHasAccountError
    if holder.account.person_id not in {None, worker_id}:
        raise AccountTiedError
    if holder.account.person_id is None:
        accounts.tie(uow, holder.account, worker_id, worker.display_name)
        await audit.record(uow, principal, "account.tied", [account_id, worker_id])
    return holder


async def untie_account(uow: UnitOfWork, principal: Principal, worker_id: UUID) -> None:
    """Part an account from a card it was tied to by mistake; the name stays until the account is tied to its own."""
    await _locked(uow, principal, worker_id, [])
    held = (await accounts.by_persons(uow, [worker_id])).get(worker_id)
    if held is None:
        raise NoAccountError
    holder = await grants.lock_whole(uow, principal, held.id)
    if holder.account.person_id == worker_id:
        accounts.tie(uow, holder.account, None, holder.account.display_name)
        await audit.record(uow, principal, "account.untied", [held.id, worker_id])


async def _locked(uow: UnitOfWork, principal: Principal, worker_id: UUID, wanted: Sequence[Wanted]) -> OfferedWorker:
    """The worker's row, locked; raises ``NotFoundError`` unless an organization the caller sees employs the worker."""
    worker = await repository.lock(uow.session, OfferedWorker, worker_id)
    if worker is None:
        raise NotFoundError
    if not await repository.sees_any(uow.session, principal, worker.organization_ids):
        raise NotFoundError
    if any(one.unit.organization_id not in worker.organization_ids for one in wanted):
        raise NotEmployedError
    return worker
