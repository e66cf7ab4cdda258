"""Routes of visits."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from auth.dependencies import in_force
from auth.visits import policies, service
from auth.visits.schemas import WorkedOut
from servicekit import audit
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["visits"], dependencies=[in_force()])

Watching = Annotated[Principal, allow(policies.WORKERS_READ)]
Since = Annotated[date | None, Query(alias="from", description="Первый день; без него — за месяц до последнего")]
Until = Annotated[date | None, Query(alias="to", description="Последний день; без него — вчера")]
AfterId = Annotated[UUID | None, Query(description="Ключ следующей страницы")]


@router.get("/visits/workers")
async def list_workers_visits(
    organization_id: UUID,
    principal: Watching,
    uow: Uow,
    since: Since = None,
    until: Until = None,
    limit: Limit = 100,
    after: AfterId = None,
) -> Page[WorkedOut]:
    """Кто из работников организации работал в системе и сколько дней; кто не заходил ни разу."""
    found = await service.workers(uow, principal, organization_id, since, until, after=after, limit=limit + 1)
    page = paginate([WorkedOut.of(one) for one in found], limit, lambda one: one.grant_id)
    await audit.record(uow, principal, "visits.workers.read", [one.account_id for one in page.items])
    return page
