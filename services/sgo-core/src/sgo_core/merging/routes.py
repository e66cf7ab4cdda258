"""HTTP of merging cards."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.http import after_id
from sgo_core.merging import policies, service
from sgo_core.merging.model import CardMerge
from sgo_core.merging.schemas import (
    MergeIn,
    MergeLineOut,
    MergeMade,
    MergeOut,
    PartedOut,
    ReasonIn,
    State,
    VerdictIn,
)
from sgo_core.merging.showing import merge_out

router = APIRouter(tags=["merging"])
Merger = Annotated[Principal, allow(policies.MERGE)]
Reader = Annotated[Principal, allow(policies.READ)]


@router.post("/merges", status_code=201, response_model=MergeMade)
async def merge_cards(body: MergeIn, once: CreateOnce, principal: Merger, uow: Uow) -> JSONResponse:
    """Объединить две карточки одного человека; если другая карточка ведётся не здесь, предложить объединение."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _made(await service.merge_cards(uow, principal, body)).model_dump(mode="json")

    return await once(create)


@router.get("/merges")
async def list_merges(
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    state: Annotated[State | None, Query(description="Только в этом состоянии")] = None,
) -> Page[MergeLineOut]:
    """Объединения карточек: предложенные, проведённые, отклонённые, отменённые."""
    found = await service.list_merges(uow, principal, state, limit, after_id(after))
    page = paginate(found, limit, lambda merge: merge.id)
    return Page(
        items=[MergeLineOut.model_validate(one, from_attributes=True) for one in page.items],
        next=page.next,
    )


@router.get("/merges/{merge_id}")
async def get_merge(merge_id: UUID, principal: Reader, uow: Uow, response: Response) -> MergeOut:
    """Объединение и обе карточки, насколько они доступны; просмотр записывается в журнал доступа."""
    merge = await service.get(uow, principal, merge_id)
    response.headers["ETag"] = etag(merge.version)
    answer = await merge_out(uow, principal, merge)
    told = [side.card_id for side in answer.cards if side.card_id is not None]
    await audit.record(uow, principal, "card.merge.read", told)
    return answer


@router.post("/merges/{merge_id}/confirmation")
async def confirm_merge(
    merge_id: UUID, body: ReasonIn, version: IfMatch, principal: Merger, uow: Uow, response: Response
) -> MergeMade:
    """Подтвердить предложенное объединение за сторону, которая ведёт другую карточку."""
    return _answer(await service.confirm(uow, principal, merge_id, version, body.reason), response)


@router.post("/merges/{merge_id}/rejection")
async def reject_merge(
    merge_id: UUID, body: ReasonIn, version: IfMatch, principal: Merger, uow: Uow, response: Response
) -> MergeMade:
    """Отклонить предложенное объединение или отозвать своё предложение."""
    return _answer(await service.reject(uow, principal, merge_id, version, body.reason), response)


@router.post("/merges/{merge_id}/undo")
async def undo_merge(
    merge_id: UUID, body: ReasonIn, version: IfMatch, principal: Merger, uow: Uow, response: Response
) -> PartedOut:
    """Отменить объединение: обе карточки становятся такими, какими были."""
    merge, survivor, absorbed = await service.part(uow, principal, merge_id, version, body.reason)
    made = _answer(merge, response)
    return PartedOut(**made.model_dump(), survivor=survivor, absorbed=absorbed)


@router.put("/students/duplicates/{pair_id}/verdict", status_code=204)
async def tell_apart(
    pair_id: UUID, body: VerdictIn, principal: Annotated[Principal, allow(policies.TELL_APART)], uow: Uow
) -> None:
    """Отметить, что похожие карточки ведутся на разных детей (или снять отметку): в списке возможных двойников пары не будет."""
    await service.tell_apart(uow, principal, pair_id, body.reason, different=body.different)


def _answer(merge: CardMerge, response: Response) -> MergeMade:
    response.headers["ETag"] = etag(merge.version)
    return _made(merge)


def _made(merge: CardMerge) -> MergeMade:
    return MergeMade.model_validate(merge, from_attributes=True)
