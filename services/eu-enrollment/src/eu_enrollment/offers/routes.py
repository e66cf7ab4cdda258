"""Routes of offers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from eu_enrollment.campaigns import policies as campaign_policies
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.offers import policies, repository, service
from eu_enrollment.offers.schemas import OfferOut, OffersPut
from eu_enrollment.referrals import service as referrals
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["offers"])


@router.put("/campaigns/{campaign_id}/offers", status_code=204)
async def put_offers(
    campaign_id: UUID, body: OffersPut, principal: Annotated[Principal, allow(policies.MANAGE)], uow: Uow
) -> None:
    """Задать предложенные места кампании целиком."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    enrolled = await referrals.enrolled_by_group(uow, [item.group_id for item in body.offers])
    await service.offer_places(uow, campaign, [(item.group_id, item.places) for item in body.offers], enrolled)


@router.get("/campaigns/{campaign_id}/offers")
async def list_offers(
    campaign_id: UUID,
    principal: Annotated[Principal, allow(campaign_policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[OfferOut]:
    """Предложенные и занятые места."""
    await campaigns.visible_campaign(uow, principal, campaign_id)
    rows = await repository.page(uow.session, campaign_id, after, limit)
    return paginate([OfferOut.of(row) for row in rows], limit, lambda item: item.group.id)
