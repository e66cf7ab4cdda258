"""Routes of referrals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from eu_enrollment.applications import policies as application_policies
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.schemas import ReasonIn
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.referrals import policies, repository, service
from eu_enrollment.referrals.model import ReferralStatus
from eu_enrollment.referrals.schemas import AnswerIn, ReferralOut
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["referrals"])


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
    rows = await repository.page(uow.session, campaign_id, status, organization_id, after, limit)
    return paginate([ReferralOut.model_validate(row) for row in rows], limit, lambda item: item.id)


@router.get("/applications/{application_id}/referrals")
async def list_application_referrals(
    application_id: UUID, principal: Annotated[Principal, allow(application_policies.READ)], uow: Uow
) -> list[ReferralOut]:
    """Направления по заявлению, новые первыми."""
    await applications.visible_application(uow, principal, application_id)
    return [ReferralOut.model_validate(row) for row in await repository.of_application(uow.session, application_id)]


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


@router.post("/applications/{application_id}/withdraw", status_code=204)
async def withdraw_application(
    application_id: UUID, body: ReasonIn, principal: Annotated[Principal, allow(application_policies.ACT)], uow: Uow
) -> None:
    """Отозвать заявление; занятое им место освобождается."""
    await service.withdraw_application(uow, principal, application_id, body.note)
