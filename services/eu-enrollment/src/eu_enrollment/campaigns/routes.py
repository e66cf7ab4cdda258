"""Routes of campaigns."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns import policies, repository, service
from eu_enrollment.campaigns.rules import rule_sets
from eu_enrollment.campaigns.schemas import CampaignCreate, CampaignOut, RulesId, RulesOut
from eu_enrollment.lottery import service as lottery
from eu_enrollment.runtime import CurrentRuntime
from servicekit.errors import NotFoundError
from servicekit.http import CreateOnce, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["campaigns"])


@router.post("/campaigns", status_code=201, response_model=CampaignOut)
async def create_campaign(
    body: CampaignCreate,
    principal: Annotated[Principal, allow(policies.MANAGE)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Открыть кампанию приёма."""

    async def create() -> tuple[int, dict[str, Any]]:
        campaign = await service.open_campaign(
            uow,
            principal,
            municipality=body.municipality,
            kind=body.kind,
            academic_year=body.academic_year,
            title=body.title,
            rules=body.rules,
            opens_at=body.opens_at,
            closes_at=body.closes_at,
            freeze_on=body.freeze_on,
            boarding=body.boarding,
            first_wave_over=await _first_wave_over(uow, body),
        )
        await lottery.commit(uow, runtime.cipher, campaign.id, body.beacon)
        return 201, CampaignOut.of(campaign).model_dump(mode="json")

    return await once(create)


async def _first_wave_over(uow: Uow, body: CampaignCreate) -> bool:
    """Whether the municipality has had a first wave and nobody waits for a place by it any more."""
    waves = await service.first_wave(uow, body.municipality, body.academic_year)
    return bool(waves) and not await applications.unfinished(uow, waves)


@router.get("/campaigns")
async def list_campaigns(
    principal: Annotated[Principal, allow(policies.READ)], uow: Uow, limit: Limit = 100, after: UUID | None = None
) -> Page[CampaignOut]:
    """Кампании приёма."""
    rows = await repository.page(uow.session, policies.visible(principal), after, limit)
    return paginate([CampaignOut.of(row) for row in rows], limit, lambda item: item.id)


@router.get("/campaigns/{campaign_id}")
async def get_campaign(
    campaign_id: UUID, principal: Annotated[Principal, allow(policies.READ)], uow: Uow
) -> CampaignOut:
    """Кампания приёма."""
    return CampaignOut.of(await service.visible_campaign(uow, principal, campaign_id))


@router.get("/rules")
async def list_rules(_principal: Annotated[Principal, allow(policies.READ)]) -> list[RulesOut]:
    """Наборы правил с правовыми основаниями и тем, что ещё должен подтвердить заказчик."""
    return [RulesOut.of(rules) for rules in rule_sets().values()]


@router.get("/rules/{rules_id}")
async def get_rules(rules_id: RulesId, _principal: Annotated[Principal, allow(policies.READ)]) -> RulesOut:
    """Набор правил целиком."""
    found = rule_sets().get(rules_id)
    if found is None:
        raise NotFoundError
    return RulesOut.of(found)
