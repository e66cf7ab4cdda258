"""Routes of offers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from eu_enrollment.campaigns import policies as campaign_policies
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.offers import policies, repository, service
from eu_enrollment.offers.schemas import OfferOut, OffersPut
from eu_enrollment.referrals import service as referrals
from servicekit.http import IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal

router = APIRouter(tags=["offers"])


@router.put("/campaigns/{campaign_id}/offers", status_code=204)
async def put_offers(
    campaign_id: UUID,
    body: OffersPut,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.MANAGE)],
    uow: Uow,
    response: Response,
) -> None:
    """Задать предложенные места кампании целиком."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    counted = await referrals.occupants_by_group(uow, [item.group_id for item in body.offers])
    wanted = [(item.group_id, item.places) for item in body.offers]
    response.headers["ETag"] = etag(await service.offer_places(uow, campaign, version, wanted, counted))


@router.get("/campaigns/{campaign_id}/offers")
async def list_offers(
    campaign_id: UUID,
    principal: Annotated[Principal, allow(campaign_policies.READ)],
    uow: Uow,
    response: Response,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[OfferOut]:
    """Предложенные и занятые места."""
    await campaigns.visible_campaign(uow, principal, campaign_id)
    response.headers["ETag"] = etag(await campaigns.offers_version(uow, campaign_id))
    rows = await repository.page(uow.session, campaign_id, after, limit)
    return paginate([OfferOut.of(row) for row in rows], limit, lambda item: item.group.id)
