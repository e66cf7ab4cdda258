"""Routes of closing periods."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.closings import policies, service
from sgo_journal.closings.gaps import GAP_TITLES, Gap
from sgo_journal.closings.schemas import (
    CheckList,
    ClosingIn,
    ClosingOut,
    GapCount,
    PlaceOut,
    RevokeIn,
    UnlockIn,
    UnlockOut,
)

router = APIRouter(tags=["closings"])

Reader = Annotated[Principal, allow(policies.READ)]
Closer = Annotated[Principal, allow(policies.CLOSE)]
OfPeriod = Annotated[int, Query(ge=0, le=20, description="Номер учебного периода; 0 — весь учебный год")]


def _closing(closing: service.PeriodClosing, unlocks: Sequence[service.PeriodUnlock] = ()) -> ClosingOut:
    shown = {name: getattr(closing, name) for name in ClosingOut.model_fields if name != "unlocks"}
    return ClosingOut(**shown, unlocks=[_unlock(one) for one in unlocks])


def _unlock(unlock: service.PeriodUnlock) -> UnlockOut:
    return UnlockOut.model_validate(unlock, from_attributes=True)


@router.get("/groups/{group_id}/period-check")
async def check_period(group_id: UUID, period: OfPeriod, principal: Reader, uow: Uow) -> CheckList:
    """Что не заполнено в журналах класса (группы) перед закрытием периода."""
    span, left = await service.check(uow, principal, group_id, period)
    return CheckList(
        title=span.title,
        first_day=span.first_day,
        last_day=span.last_day,
        gaps=[GapCount(gap=gap, title=title, count=left[gap]) for gap, title in GAP_TITLES.items()],
    )


@router.get("/groups/{group_id}/period-check/{gap}")
async def list_gaps(
    group_id: UUID,
    gap: Gap,
    period: OfPeriod,
    principal: Reader,
    uow: Uow,
    after: Annotated[str | None, Query(max_length=80, pattern=r"^[0-9a-f.-]+$")] = None,
    limit: Limit = 100,
) -> Page[PlaceOut]:
    """Незаполненные места одного вида."""
    found = await service.list_places(uow, principal, group_id, period, gap, after, limit)
    return paginate([PlaceOut.model_validate(row, from_attributes=True) for row in found], limit, lambda one: one.key)


@router.post("/groups/{group_id}/closings", status_code=201, response_model=ClosingOut)
async def close_period(group_id: UUID, body: ClosingIn, principal: Closer, uow: Uow, once: CreateOnce) -> JSONResponse:
    """Закрыть учебный период класса (вместе с его подгруппами) или учебной группы."""

    async def create() -> tuple[int, dict[str, Any]]:
        made = await service.close(uow, principal, group_id, body)
        return 201, _closing(made).model_dump(mode="json")

    return await once(create)


@router.get("/groups/{group_id}/closings")
async def list_closings(
    group_id: UUID, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[ClosingOut]:
    """Закрытые периоды класса (группы) и что их открывало."""
    found, unlocks = await service.list_closings(uow, principal, group_id, after, limit)
    return paginate([_closing(one, unlocks[one.id]) for one in found], limit, lambda one: one.id)


@router.post("/closings/{closing_id}/revocation")
async def revoke_closing(closing_id: UUID, body: RevokeIn, principal: Closer, uow: Uow) -> ClosingOut:
    """Отменить закрытие периода."""
    return _closing(await service.revoke(uow, principal, closing_id, body.reason))


@router.post("/closings/{closing_id}/unlocks", status_code=201, response_model=UnlockOut)
async def unlock_period(
    closing_id: UUID, body: UnlockIn, principal: Closer, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Открыть закрытый период по приказу: до срока, для одного журнала или для всех."""

    async def create() -> tuple[int, dict[str, Any]]:
        made = await service.unlock(uow, principal, closing_id, body)
        return 201, _unlock(made).model_dump(mode="json")

    return await once(create)
