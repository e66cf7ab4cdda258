"""Routes of workers' accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from asu_contracts.access import Unit
from auth.dependencies import in_force
from auth.grants.schemas import REFUSED, AccountOut, AccountWithSlip, GrantIn, PositionOut
from auth.grants.service import Wanted
from auth.offers import policies, workers
from auth.offers.schemas import TieIn, WorkerAccountIn, WorkerOfferOut
from auth.runtime import CurrentAuth
from servicekit import audit
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["offers"], dependencies=[in_force()])

Offering = Annotated[Principal, allow(policies.OFFER_WORKERS)]
Tying = Annotated[Principal, allow(policies.TIE)]
AfterId = Annotated[UUID | None, Query(description="Ключ следующей страницы")]


@router.get("/offers/workers")
async def list_worker_offers(
    organization_id: UUID, principal: Offering, uow: Uow, limit: Limit = 100, after: AfterId = None
) -> Page[WorkerOfferOut]:
    """Работники, занимающие должности в организации: им можно открыть учётную запись."""
    found = await workers.of_organization(uow, principal, organization_id, after=after, limit=limit + 1)
    items = [WorkerOfferOut.of(one, organization_id) for one in found]
    page = paginate(items, limit, lambda worker: worker.worker_id)
    await audit.record(uow, principal, "offers.workers.read", [worker.worker_id for worker in page.items])
    return page


@router.post("/offers/workers/{worker_id}/account", status_code=201, responses=REFUSED)
async def open_worker_account(
    worker_id: UUID, body: WorkerAccountIn, runtime: CurrentAuth, principal: Offering, uow: Uow
) -> AccountWithSlip:
    """Открыть работнику учётную запись, связанную с его карточкой; одноразовый пароль показывается один раз."""
    holder, slip = await workers.open_account(
        uow,
        runtime.passwords,
        runtime.slip_lifetime,
        principal,
        worker_id,
        body.login,
        [_wanted(grant) for grant in body.grants],
    )
    return AccountWithSlip.of(holder, slip)


@router.put("/offers/workers/{worker_id}/account")
async def tie_worker_account(worker_id: UUID, body: TieIn, principal: Tying, uow: Uow) -> AccountOut:
    """Связать с карточкой работника учётную запись, открытую без неё; выданные токены перестают действовать."""
    return AccountOut.of(await workers.tie_account(uow, principal, worker_id, body.account_id))


@router.delete("/offers/workers/{worker_id}/account", status_code=204)
async def untie_worker_account(worker_id: UUID, principal: Tying, uow: Uow) -> None:
    """Снять ошибочную связь учётной записи с карточкой работника; выданные токены перестают действовать."""
    await workers.untie_account(uow, principal, worker_id)


@router.post("/offers/workers/{worker_id}/grants", status_code=201, responses=REFUSED)
async def give_worker_grant(worker_id: UUID, body: GrantIn, principal: Offering, uow: Uow) -> PositionOut:
    """Выдать работнику права в своей организации по учётной записи, открытой в другой."""
    return PositionOut.of(await workers.give_position(uow, principal, worker_id, _wanted(body)))


def _wanted(grant: GrantIn) -> Wanted:
    return Wanted(grant.role, Unit(**grant.unit.model_dump()))
