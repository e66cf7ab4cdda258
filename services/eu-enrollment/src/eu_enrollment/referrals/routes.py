"""Routes of referrals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from eu_enrollment.applications import policies as application_policies
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.schemas import ReasonIn
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.referrals import contracts, policies, repository, service
from eu_enrollment.referrals.model import ReferralStatus
from eu_enrollment.referrals.schemas import (
    AnswerIn,
    ContractIn,
    ContractOfferIn,
    ExtensionIn,
    ExtensionOut,
    NoShowIn,
    ReferralOut,
)
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["referrals"])
Contractor = Annotated[Principal, allow(policies.CONTRACT)]


@router.get("/campaigns/{campaign_id}/referrals")
async def list_referrals(
    campaign_id: UUID,
    principal: Annotated[Principal, allow(policies.LIST)],
    uow: Uow,
    status: ReferralStatus | None = None,
    organization_id: UUID | None = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[ReferralOut]:
    """Направления кампании."""
    await campaigns.visible_campaign(uow, principal, campaign_id)
    seen = policies.visible(principal)
    rows = await repository.page(uow.session, campaign_id, seen, status, organization_id, after, limit)
    return paginate([ReferralOut.model_validate(row) for row in rows], limit, lambda item: item.id)


@router.get("/applications/{application_id}/referrals")
async def list_application_referrals(
    application_id: UUID, principal: Annotated[Principal, allow(application_policies.READ)], uow: Uow
) -> list[ReferralOut]:
    """Направления по заявлению, новые первыми."""
    await applications.visible_application(uow, principal, application_id)
    rows = await repository.of_application(uow.session, application_id, policies.visible(principal))
    return [ReferralOut.model_validate(row) for row in rows]


@router.post("/referrals/{referral_id}/accept", status_code=204)
async def accept_referral(
    referral_id: UUID, _body: AnswerIn, principal: Annotated[Principal, allow(application_policies.ACT)], uow: Uow
) -> None:
    """Принять предложенное место."""
    await service.accept(uow, principal, referral_id)


@router.post("/referrals/{referral_id}/decline", status_code=204)
async def decline_referral(
    referral_id: UUID, _body: AnswerIn, principal: Annotated[Principal, allow(application_policies.ACT)], uow: Uow
) -> None:
    """Отказаться от предложенного места."""
    await service.decline(uow, principal, referral_id)


@router.post("/referrals/{referral_id}/no-show", status_code=204)
async def note_no_show(referral_id: UUID, body: NoShowIn, principal: Contractor, uow: Uow) -> None:
    """Отметить неявку семьи; место освобождается."""
    await service.note_no_show(uow, principal, referral_id, body.note)


@router.post("/referrals/{referral_id}/contract", status_code=204)
async def offer_contract(referral_id: UUID, body: ContractOfferIn, principal: Contractor, uow: Uow) -> None:
    """Пригласить семью подписать договор."""
    await contracts.offer_contract(uow, principal, referral_id, body.sign_by)


@router.post("/referrals/{referral_id}/contract/sign", status_code=204)
async def sign_contract(referral_id: UUID, body: ContractIn, principal: Contractor, uow: Uow) -> None:
    """Отметить подписание договора."""
    await contracts.sign_contract(uow, principal, referral_id, body.number, body.date)


@router.post("/referrals/{referral_id}/extension", status_code=204)
async def extend_term(
    referral_id: UUID, body: ExtensionIn, principal: Annotated[Principal, allow(policies.EXTEND)], uow: Uow
) -> None:
    """Продлить срок ответа, явки или подписания договора: один раз за шаг."""
    await contracts.extend(uow, principal, referral_id, body.due_on, body.reason)


@router.get("/referrals/{referral_id}/extensions")
async def list_extensions(
    referral_id: UUID, principal: Annotated[Principal, allow(policies.LIST)], uow: Uow
) -> list[ExtensionOut]:
    """Продления сроков направления."""
    found = await service.visible_referral(uow, principal, referral_id)
    return [ExtensionOut.model_validate(row) for row in await repository.extensions(uow.session, found.id)]


@router.post("/applications/{application_id}/withdraw", status_code=204)
async def withdraw_application(
    application_id: UUID, body: ReasonIn, principal: Annotated[Principal, allow(application_policies.ACT)], uow: Uow
) -> None:
    """Отозвать заявление; занятое им место освобождается."""
    await service.withdraw_application(uow, principal, application_id, body.note)
