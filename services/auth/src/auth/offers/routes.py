"""Routes of offers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from auth.dependencies import in_force
from auth.grants.schemas import AccountWithSlip
from auth.offers import policies, service
from auth.offers.schemas import OfferOut
from auth.runtime import CurrentAuth
from servicekit import audit
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["offers"], dependencies=[in_force()])

Offering = Annotated[Principal, allow(policies.OFFER)]
AfterId = Annotated[UUID | None, Query(description="Ключ следующей страницы")]


@router.get("/offers")
async def list_offers(
    organization_id: UUID, principal: Offering, uow: Uow, limit: Limit = 100, after: AfterId = None
) -> Page[OfferOut]:
    """Родители учеников организации, которым можно выдать учётную запись."""
    found = await service.of_organization(uow, principal, organization_id, after=after, limit=limit + 1)
    page = paginate([OfferOut.of(offer) for offer in found], limit, lambda offer: offer.guardian_id)
    await audit.record(uow, principal, "offers.list.read", [offer.guardian_id for offer in page.items])
    return page


@router.post("/offers/{guardian_id}/account")
async def give_account(guardian_id: UUID, runtime: CurrentAuth, principal: Offering, uow: Uow) -> AccountWithSlip:
    """Выдать родителю учётную запись, а если она уже есть, новый одноразовый пароль к ней."""
    holder, slip = await service.give_account(uow, runtime.passwords, runtime.slip_lifetime, principal, guardian_id)
    return AccountWithSlip.of(holder, slip)


@router.post("/offers/{guardian_id}/account/end", status_code=204)
async def end_guardian_account(guardian_id: UUID, principal: Offering, uow: Uow) -> None:
    """Прекратить доступ родителя; выданные токены перестают действовать, учётную запись можно выдать снова."""
    await service.end_account(uow, principal, guardian_id)
