"""Routes of accounts and positions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from asu_contracts.access import Unit
from auth.dependencies import in_force
from auth.grants import policies, service
from auth.grants.schemas import REFUSED, AccountIn, AccountOut, AccountWithSlip, GrantIn, PositionOut
from auth.runtime import CurrentAuth
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["accounts"], dependencies=[in_force()])

Appointing = Annotated[Principal, allow(policies.APPOINT)]
OrganizationId = Annotated[UUID | None, Query(description="Только права в этой организации")]
AfterId = Annotated[UUID | None, Query(description="Ключ следующей страницы")]


@router.post("/accounts", status_code=201, responses=REFUSED)
async def open_account(body: AccountIn, runtime: CurrentAuth, principal: Appointing, uow: Uow) -> AccountWithSlip:
    """Открыть учётную запись с правами; одноразовый пароль показывается один раз."""
    holder, slip = await service.open_account(
        uow,
        runtime.passwords,
        runtime.slip_lifetime,
        principal,
        login=body.login,
        display_name=body.display_name,
        wanted=[_wanted(grant) for grant in body.grants],
    )
    return AccountWithSlip.of(holder, slip)


@router.get("/accounts")
async def list_accounts(
    principal: Appointing, uow: Uow, organization_id: OrganizationId = None, limit: Limit = 100, after: AfterId = None
) -> Page[AccountOut]:
    """Учётные записи, права которых видны вызывающему."""
    found = await service.holders(uow, principal, organization_id, after=after, limit=limit + 1)
    return paginate([AccountOut.of(holder) for holder in found], limit, lambda account: account.id)


@router.post("/accounts/{account_id}/grants", status_code=201, responses=REFUSED)
async def give_grant(account_id: UUID, body: GrantIn, principal: Appointing, uow: Uow) -> PositionOut:
    """Выдать учётной записи ещё одни права."""
    return PositionOut.of(await service.give(uow, principal, account_id, _wanted(body)))


@router.post("/grants/{grant_id}/end", status_code=204)
async def end_grant(grant_id: UUID, principal: Appointing, uow: Uow) -> None:
    """Прекратить права; выданные токены перестают действовать."""
    await service.end(uow, principal, grant_id)


@router.post("/accounts/{account_id}/slip", responses=REFUSED)
async def issue_slip(account_id: UUID, runtime: CurrentAuth, principal: Appointing, uow: Uow) -> AccountWithSlip:
    """Выдать новый одноразовый пароль; прежний пароль и сеансы перестают действовать."""
    holder, slip = await service.issue_slip(uow, runtime.passwords, runtime.slip_lifetime, principal, account_id)
    return AccountWithSlip.of(holder, slip)


def _wanted(grant: GrantIn) -> service.Wanted:
    return service.Wanted(grant.role, Unit(**grant.unit.model_dump()))
