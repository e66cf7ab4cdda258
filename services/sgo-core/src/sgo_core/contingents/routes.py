"""HTTP of counts over many organizations, and of those who left."""

from datetime import date as day_type
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from servicekit import audit
from servicekit.http import After, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import plain_value, shown
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.contingents import policies, service
from sgo_core.contingents.schemas import ConsolidatedOut, DynamicsOut, LeaverOut, LeavingKind, Part, PartOut
from sgo_core.http import PageKeyError
from sgo_core.movements.reasons import REASONS
from sgo_core.movements.schemas import Day

router = APIRouter(tags=["contingent"])
Counter = Annotated[Principal, allow(policies.COUNT)]
Municipality = Annotated[str | None, Query(pattern=r"^\d{8}$", description="Только этого муниципалитета (ОКТМО)")]
Founder = Annotated[UUID | None, Query(description="Только подведомственные этому органу")]
Only = Annotated[UUID | None, Query(description="Только этой организации")]
Since = Annotated[Day, Query(alias="from", description="Первый день")]
Until = Annotated[Day, Query(alias="to", description="Последний день")]

_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields
_LISTED = ("last_name", "first_name", "middle_name", "birth_date")


@router.get("/contingent/consolidated")
async def get_consolidated_contingent(
    principal: Counter,
    uow: Uow,
    date: Annotated[Day | None, Query(description="Дата; по умолчанию сегодня")] = None,
    by: Annotated[Part, Query(description="По чему разложить")] = "municipality",
    municipality: Municipality = None,
    founder_id: Founder = None,
    organization_id: Only = None,
) -> ConsolidatedOut:
    """Сводная численность видимых организаций на дату: по муниципалитетам, учредителям, типам, параллелям, полу."""
    day = date or uow.clock.today()
    scope = service.scope_of(principal, municipality, founder_id, organization_id)
    parts = [
        PartOut(code=code, title=title, total=total)
        for code, title, total in await service.consolidated(uow, scope, day, by)
    ]
    return ConsolidatedOut(date=day, total=sum(one.total for one in parts), parts=parts)


@router.get("/contingent/dynamics")
async def get_contingent_dynamics(
    since: Since,
    until: Until,
    principal: Counter,
    uow: Uow,
    municipality: Municipality = None,
    founder_id: Founder = None,
    organization_id: Only = None,
) -> DynamicsOut:
    """Динамика численности видимых организаций между двумя днями: было, прибыло, выбыло, стало."""
    scope = service.scope_of(principal, municipality, founder_id, organization_id)
    found = await service.dynamics(uow, scope, since, until)
    return DynamicsOut(
        since=since,
        until=until,
        start=found.start,
        arrived=found.arrived,
        left=found.left,
        end=found.end,
        moved_inside=found.moved_inside,
    )


@router.get("/organizations/{organization_id}/leavers")
async def list_leavers(
    organization_id: UUID,
    since: Since,
    until: Until,
    principal: Annotated[Principal, allow(policies.READ_LEAVERS)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    kind: LeavingKind | None = None,
) -> Page[LeaverOut]:
    """Выпускники и выбывшие за период с причиной, назначением и приказом."""
    found = await service.leavers(uow, principal, organization_id, since, until, kind, limit, _key(after))
    audience = audience_of(principal)
    page = paginate([_leaver(row, audience) for row in found], limit, lambda one: f"{one.effective_date}.{one.id}")
    await audit.record(uow, principal, "leavers.list", [one.student_id for one in page.items])
    return page


def _key(after: str | None) -> tuple[day_type, UUID] | None:
    if after is None:
        return None
    day, _, movement_id = after.partition(".")
    try:
        return day_type.fromisoformat(day), UUID(movement_id)
    except ValueError:
        raise PageKeyError from None


def _leaver(row: Any, audience: Audience) -> LeaverOut:
    card = {name: plain_value(_FIELDS[name], getattr(row, name)) for name in _LISTED}
    values, masked = shown(CardKind.STUDENT, card, audience, closed=())
    reason = None if row.reason is None else REASONS.get(row.reason)
    return LeaverOut(
        id=row.id,
        student_id=row.student_id,
        values=values,
        masked=masked,
        kind=row.kind,
        effective_date=row.effective_date,
        group_name=row.group_name,
        grade=row.grade,
        reason=row.reason,
        reason_title=None if reason is None else reason.title,
        destination=row.destination,
        order_number=row.order_number,
        order_date=row.order_date,
    )
