"""Routes of webhooks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from eu_enrollment.runtime import CurrentRuntime
from eu_enrollment.webhooks import policies, repository, service
from eu_enrollment.webhooks.model import DeliveryState
from eu_enrollment.webhooks.schemas import (
    DeliveryOut,
    SecretOut,
    TrialOut,
    WebhookEdit,
    WebhookIn,
    WebhookMade,
    WebhookOut,
)
from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal

router = APIRouter(prefix="/portal/webhooks", tags=["webhooks"])
Subscriber = Annotated[Principal, allow(policies.SUBSCRIBE)]
_CREATED = 201


@router.post("", status_code=_CREATED, response_model=WebhookMade)
async def create_webhook(
    body: WebhookIn, once: CreateOnce, principal: Subscriber, uow: Uow, runtime: CurrentRuntime
) -> JSONResponse:
    """Подписаться на уведомления; секрет подписи показывается один раз."""

    async def create() -> tuple[int, dict[str, Any]]:
        made, secret = await service.subscribe(uow, runtime, principal, body.url)
        shown = WebhookOut.model_validate(made).model_dump() | {"secret": secret}
        return _CREATED, WebhookMade(**shown).model_dump(mode="json")

    return await once(create, kept=lambda answer: answer | {"secret": None})


@router.get("")
async def list_webhooks(principal: Subscriber, uow: Uow) -> list[WebhookOut]:
    """Свои подписки."""
    return [WebhookOut.model_validate(row) for row in await repository.of_client(uow.session, principal.account_id)]


@router.get("/{webhook_id}")
async def get_webhook(webhook_id: UUID, principal: Subscriber, uow: Uow, response: Response) -> WebhookOut:
    """Подписка: действует ли, а если отключена — почему."""
    found = await service.subscription(uow, principal, webhook_id)
    response.headers["ETag"] = etag(found.version)
    return WebhookOut.model_validate(found)


@router.put("/{webhook_id}")
async def put_webhook(
    webhook_id: UUID,
    body: WebhookEdit,
    version: IfMatch,
    principal: Subscriber,
    uow: Uow,
    runtime: CurrentRuntime,
    response: Response,
) -> WebhookOut:
    """Сменить адрес, приостановить или возобновить уведомления."""
    kept = await service.edit(uow, runtime, principal, webhook_id, version, body)
    response.headers["ETag"] = etag(kept.version)
    return WebhookOut.model_validate(kept)


@router.delete("/{webhook_id}", status_code=204)
async def delete_webhook(webhook_id: UUID, principal: Subscriber, uow: Uow) -> None:
    """Отменить подписку вместе с неотправленными уведомлениями."""
    await service.unsubscribe(uow, principal, webhook_id)


@router.post("/{webhook_id}/secret")
async def rotate_webhook_secret(
    webhook_id: UUID, principal: Subscriber, uow: Uow, runtime: CurrentRuntime
) -> SecretOut:
    """Сменить секрет: сутки уведомления подписаны обоими."""
    secret, until = await service.rotate(uow, runtime, principal, webhook_id)
    return SecretOut(secret=secret, old_secret_until=until)


@router.post("/{webhook_id}/test")
async def try_webhook(webhook_id: UUID, principal: Subscriber, runtime: CurrentRuntime) -> TrialOut:
    """Отправить пробное уведомление и показать, как адрес его принял."""
    async with runtime.uow() as uow:
        found = await service.subscription(uow, principal, webhook_id)
    outcome = await service.attempt(runtime, found)
    return TrialOut(delivered=outcome.taken, status=outcome.status, error=outcome.error)


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(
    webhook_id: UUID,
    principal: Subscriber,
    uow: Uow,
    state: DeliveryState | None = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[DeliveryOut]:
    """Уведомления подписки; ``state=dead`` — те, которые так и не приняты."""
    await service.subscription(uow, principal, webhook_id)
    rows = await repository.page(uow.session, webhook_id, state, after, limit)
    return paginate([DeliveryOut.model_validate(row) for row in rows], limit, lambda item: item.id)


@router.post("/{webhook_id}/deliveries/{delivery_id}/resend", status_code=204)
async def resend_delivery(webhook_id: UUID, delivery_id: UUID, principal: Subscriber, uow: Uow) -> None:
    """Отправить непринятое уведомление ещё раз."""
    await service.resend(uow, principal, webhook_id, delivery_id)
