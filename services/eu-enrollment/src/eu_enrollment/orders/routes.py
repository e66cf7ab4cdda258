"""Routes of orders."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.orders import policies, service
from eu_enrollment.orders.schemas import OrderCreate, OrderOut
from eu_enrollment.runtime import CurrentRuntime
from servicekit.http import Uow, allow
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
    """Издать приказ о зачислении на все принятые места организации."""
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
        attended=body.attended,
    )
    if not new:
        response.status_code = 200
    return OrderOut(id=order_id, applications=count)
