"""Routes of orders."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.orders import policies, repository, service
from eu_enrollment.orders.annulment import annul, state_of
from eu_enrollment.orders.schemas import AnnulmentIn, OrderBrief, OrderCard, OrderCreate, OrderLine, OrderOut
from eu_enrollment.referrals import service as referrals
from eu_enrollment.runtime import CurrentRuntime
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["orders"])


@router.post(
    "/campaigns/{campaign_id}/orders",
    status_code=201,
    responses={200: {"model": OrderOut, "description": "Такой приказ уже издан"}},
)
async def issue_order(
    campaign_id: UUID,
    body: OrderCreate,
    response: Response,
    principal: Annotated[Principal, allow(policies.ISSUE)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> OrderOut:
    """Издать приказ о зачислении в организацию: выбранных или всех готовых."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    order_id, count, new = await service.issue(
        uow,
        runtime,
        principal,
        campaign,
        organization_id=body.organization_id,
        number=body.number,
        day=body.date,
        effective_date=body.effective_date,
        chosen=body.applications,
        attended=body.attended,
    )
    if not new:
        response.status_code = 200
    return OrderOut(id=order_id, applications=count)


@router.get("/campaigns/{campaign_id}/orders")
async def list_orders(
    campaign_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    organization_id: UUID | None = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[OrderBrief]:
    """Приказы о зачислении кампании, в порядке издания."""
    await campaigns.visible_campaign(uow, principal, campaign_id)
    seen = policies.visible(principal)
    rows = await repository.page(uow.session, campaign_id, seen, organization_id, after, limit)
    return paginate([OrderBrief.model_validate(row) for row in rows], limit, lambda item: item.id)


@router.get("/orders/{order_id}")
async def get_order(order_id: UUID, principal: Annotated[Principal, allow(policies.READ)], uow: Uow) -> OrderCard:
    """Приказ о зачислении со строками, без персональных данных."""
    found = await service.visible_order(uow, principal, order_id)
    rows = await referrals.of_order(uow, order_id)
    lines = [OrderLine(**row._asdict(), late=row.due_on is not None and row.due_on < found.date) for row in rows]
    return OrderCard(**found._asdict(), state=state_of(found, rows), lines=lines)


@router.post("/orders/{order_id}/annul", status_code=204)
async def annul_order(
    order_id: UUID, body: AnnulmentIn, principal: Annotated[Principal, allow(policies.ANNUL)], uow: Uow
) -> None:
    """Аннулировать ошибочный приказ; дети возвращаются к прежнему шагу, когда реестр подтвердит, что не зачислил их."""
    await annul(uow, principal, order_id, body.reason)
