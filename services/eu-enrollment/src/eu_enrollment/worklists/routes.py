"""HTTP of working lists."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.runtime import CurrentRuntime
from eu_enrollment.worklists import policies, service
from eu_enrollment.worklists.schemas import DemandOut, FiltersQuery, QueuesOut, SearchIn, WorkItem
from servicekit.http import After, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["worklists"])
Reader = Annotated[Principal, allow(policies.READ)]


@router.get("/campaigns/{campaign_id}/queues")
async def list_queues(campaign_id: UUID, principal: Reader, uow: Uow) -> QueuesOut:
    """Рабочие очереди кампании: сколько чего ждёт."""
    return await service.queues(uow, principal, await campaigns.visible_campaign(uow, principal, campaign_id))


@router.get("/campaigns/{campaign_id}/queues/{name}")
async def list_queue(
    campaign_id: UUID,
    name: str,
    principal: Reader,
    uow: Uow,
    filters: FiltersQuery,
    limit: Limit = 100,
    after: After = None,
) -> Page[WorkItem]:
    """Заявления рабочей очереди: раньше те, чей срок ближе."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    queue = service.queue_named(name)
    items, keys = await service.waiting(uow, principal, campaign, queue, filters, after, limit)
    return Page(items=items[:limit], next=keys[limit - 1] if len(items) > limit else None)


@router.get("/campaigns/{campaign_id}/register")
async def list_register(
    campaign_id: UUID,
    principal: Reader,
    uow: Uow,
    filters: FiltersQuery,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[WorkItem]:
    """Реестр заявлений кампании с отбором, в порядке приёма."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    found = await service.register(uow, principal, campaign, filters, after, limit)
    return paginate(found, limit, lambda item: item.id)


@router.post("/campaigns/{campaign_id}/register/search")
async def search_register(
    campaign_id: UUID,
    body: SearchIn,
    principal: Annotated[Principal, allow(policies.SEARCH)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> list[WorkItem]:
    """Найти заявления ребёнка по СНИЛС или документу; поиск записывается в журнал доступа."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    return await service.search(uow, runtime, principal, campaign, body)


@router.get("/campaigns/{campaign_id}/organizations/{organization_id}/demand")
async def get_demand(
    campaign_id: UUID, organization_id: UUID, principal: Annotated[Principal, allow(policies.DEMAND)], uow: Uow
) -> DemandOut:
    """Сколько семей хотят место в организации, по видам прав: только числа."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    return await service.demand(uow, principal, campaign, organization_id)
