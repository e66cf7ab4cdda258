"""Routes of drafts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from eu_enrollment.applications.schemas import ReceiptOut
from eu_enrollment.attachments import service as attachments
from eu_enrollment.database import Record
from eu_enrollment.drafts import policies, repository, service
from eu_enrollment.drafts.schemas import DraftCard, DraftIn, DraftOut, SendIn
from eu_enrollment.runtime import CurrentRuntime
from servicekit.http import CreateOnce, IdempotencyKey, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.rates import unmetered
from servicekit.security import Principal

router = APIRouter(tags=["drafts"])
Keeper = Annotated[Principal, allow(policies.KEEP)]
_CREATED = 201


@router.post("/drafts", status_code=_CREATED, response_model=DraftOut)
async def create_draft(
    body: DraftIn, request: Request, once: CreateOnce, principal: Keeper, uow: Uow, runtime: CurrentRuntime
) -> JSONResponse:
    """Сохранить черновик заявления; всё, что в нём неверно, названо в замечаниях."""

    async def create() -> tuple[int, dict[str, Any]]:
        made = await service.create(uow, runtime, principal, body.campaign_id, await request.json())
        return _CREATED, DraftOut(**_brief(made, None)).model_dump(mode="json")

    return await once(create)


@router.get("/drafts")
async def list_drafts(
    principal: Keeper, uow: Uow, campaign_id: UUID | None = None, limit: Limit = 100, after: UUID | None = None
) -> Page[DraftOut]:
    """Свои черновики, без того, что в них написано."""
    rows = await repository.page(uow.session, principal.account_id, campaign_id, after, limit)
    sent = await service.sent(uow, rows)
    return paginate([DraftOut(**_brief(row, sent.get(row.id))) for row in rows], limit, lambda item: item.id)


@router.get("/drafts/{draft_id}")
async def get_draft(
    draft_id: UUID, principal: Keeper, uow: Uow, runtime: CurrentRuntime, response: Response
) -> DraftCard:
    """Черновик целиком; чтение записывается в журнал доступа."""
    found, body = await service.read(uow, runtime, principal, draft_id)
    response.headers["ETag"] = etag(found.version)
    return DraftCard(**_brief(found, (await service.sent(uow, [found])).get(draft_id)), body=body)


@router.put("/drafts/{draft_id}")
async def put_draft(
    draft_id: UUID,
    body: DraftIn,
    version: IfMatch,
    request: Request,
    principal: Keeper,
    uow: Uow,
    runtime: CurrentRuntime,
    response: Response,
) -> DraftOut:
    """Заменить содержимое черновика."""
    raw = await request.json()
    kept = await service.replace(uow, runtime, principal, draft_id, version, body.campaign_id, raw)
    response.headers["ETag"] = etag(kept.version)
    return DraftOut(**_brief(kept, None))


@router.delete("/drafts/{draft_id}", status_code=204)
async def delete_draft(draft_id: UUID, principal: Keeper, uow: Uow) -> None:
    """Удалить неотправленный черновик с его файлами."""
    await service.delete(uow, principal, draft_id)
    await attachments.remove_of(uow, draft_id)


@router.post(
    "/drafts/{draft_id}/send",
    status_code=_CREATED,
    response_model=ReceiptOut,
    responses={200: {"model": ReceiptOut, "description": "Заявление уже принято: та же расписка"}},
)
@unmetered
async def send_draft(
    draft_id: UUID, body: SendIn, key: IdempotencyKey, principal: Keeper, runtime: CurrentRuntime
) -> Response:
    """Отправить черновик: принять заявление и выдать расписку."""
    new, receipt = await service.send(runtime, principal, draft_id, key, body)
    return JSONResponse(receipt, status_code=_CREATED if new else 200)


def _brief(row: Record, application_id: UUID | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "campaign_id": row.campaign_id,
        "version": row.version,
        "state": service.state(row, sent=application_id is not None),
        "remarks": row.remarks,
        "application_id": application_id,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
    }
