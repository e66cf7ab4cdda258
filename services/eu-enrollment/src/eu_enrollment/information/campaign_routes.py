"""Routes of public information on campaigns: periods, rules with their grounds, places offered."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.rules import CampaignKind, rule_sets
from eu_enrollment.information.routes import CACHED, InMunicipality
from eu_enrollment.information.schemas import CampaignPlaces, PublicCampaign, RulesListOut
from eu_enrollment.offers import service as offers
from eu_enrollment.referrals import service as referrals
from servicekit.http import Limit, Page, PublicAnswer, paginate, public
from servicekit.uow import UnitOfWork

router = APIRouter(prefix="/public", tags=["information"])


@router.get("/campaigns", response_model=Page[PublicCampaign], responses=CACHED)
@public
async def list_public_campaigns(
    cached: PublicAnswer,
    municipality: InMunicipality = None,
    kind: CampaignKind | None = None,
    open_now: Annotated[bool, Query(alias="open", description="Только те, где сейчас принимают заявления")] = False,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Response:
    """Кампании приёма: сроки и правила."""

    async def make(uow: UnitOfWork) -> Page[PublicCampaign]:
        moment = uow.now if open_now else None
        rows = await campaigns.page(uow.session, after, limit, municipality=municipality, kind=kind, open_at=moment)
        return paginate([PublicCampaign.of(row, uow.now) for row in rows], limit, lambda item: item.id)

    return await cached(make)


@router.get("/campaigns/{campaign_id}", response_model=PublicCampaign, responses=CACHED)
@public
async def get_public_campaign(campaign_id: UUID, cached: PublicAnswer) -> Response:
    """Кампания приёма."""

    async def make(uow: UnitOfWork) -> PublicCampaign:
        return PublicCampaign.of(await campaigns.campaign_by_id(uow, campaign_id), uow.now)

    return await cached(make)


@router.get("/campaigns/{campaign_id}/places", response_model=Page[CampaignPlaces], responses=CACHED)
@public
async def list_campaign_places(
    campaign_id: UUID, cached: PublicAnswer, limit: Limit = 100, after: UUID | None = None
) -> Response:
    """Места, которые распределяет кампания: предложено, направлено, осталось."""

    async def make(uow: UnitOfWork) -> Page[CampaignPlaces]:
        await campaigns.campaign_by_id(uow, campaign_id)
        rows = await offers.page(uow, campaign_id, after, limit)
        owed = await referrals.owed_by_group(uow, [row.group_id for row in rows])
        items = [CampaignPlaces.of(row, owed.get(row.group_id, 0)) for row in rows]
        return paginate(items, limit, lambda item: item.group_id)

    return await cached(make)


@router.get("/rules", response_model=RulesListOut, responses=CACHED)
@public
async def list_public_rules(cached: PublicAnswer) -> Response:
    """Правила приёма целиком, с правовыми основаниями."""

    async def make(_uow: UnitOfWork) -> RulesListOut:
        return RulesListOut(items=list(rule_sets().values()))

    return await cached(make)
