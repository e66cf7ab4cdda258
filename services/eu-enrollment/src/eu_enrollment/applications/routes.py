"""Routes of applications."""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import acceptance, families, policies, repository, service
from eu_enrollment.applications.registration import Sending
from eu_enrollment.applications.schemas import (
    ApplicationBrief,
    ApplicationCard,
    ApplicationIn,
    ChoiceOut,
    FindingOut,
    HistoryLine,
    ReasonIn,
    ReceiptOut,
    SummaryOut,
)
from eu_enrollment.applications.statuses import KnownStatus, Reason, state_machine
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.database import Record
from eu_enrollment.lifecycle import service as lifecycle
from eu_enrollment.runtime import CurrentRuntime
from servicekit import audit
from servicekit.http import IdempotencyKey, Limit, Page, Uow, allow, etag, paginate, public
from servicekit.rates import unmetered
from servicekit.security import Principal

router = APIRouter(tags=["applications"])
_CREATED = 201


@router.post(
    "/applications",
    status_code=_CREATED,
    response_model=ReceiptOut,
    responses={200: {"model": ReceiptOut, "description": "Заявление уже принято: та же расписка"}},
)
@unmetered
async def submit_application(
    body: ApplicationIn,
    key: IdempotencyKey,
    request: Request,
    principal: Annotated[Principal, allow(policies.SUBMIT)],
    runtime: CurrentRuntime,
) -> Response:
    """Принять заявление и выдать расписку."""
    sending = Sending(principal, "POST /applications", key, sha256(await request.body()).digest())
    new, receipt = await acceptance.accept(runtime, sending, body)
    return JSONResponse(receipt, status_code=_CREATED if new else 200)


@router.get("/receipts/keys")
@public
async def receipt_keys(runtime: CurrentRuntime) -> dict[str, Any]:
    """Открытые ключи подписи расписок (JWKS)."""
    return runtime.receipt_keys


@router.get("/applications")
async def list_applications(
    campaign_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    status: KnownStatus | None = None,
    attention: bool | None = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[ApplicationBrief]:
    """Заявления кампании без персональных данных."""
    rows = await repository.page(uow.session, campaign_id, policies.visible(principal), status, attention, after, limit)
    return paginate([ApplicationBrief(**_brief(row)) for row in rows], limit, lambda item: item.id)


@router.get("/applications/{application_id}")
async def get_application(
    application_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
    response: Response,
) -> ApplicationCard:
    """Заявление с указанными в нём сведениями; чтение записывается в журнал доступа."""
    row = await service.visible_application(uow, principal, application_id)
    stated = service.read_payload(runtime.cipher, row.payload)
    await audit.record(uow, principal, "application.card.read", [application_id])
    response.headers["ETag"] = etag(row.version)
    campaign = await campaigns.known_campaign(uow.session, runtime.campaigns, row.campaign_id)
    return ApplicationCard(
        **_brief(row),
        campaign_id=row.campaign_id,
        benefit=row.benefit,
        age=row.age,
        of_age=row.of_age,
        grade=row.grade,
        findings=[
            FindingOut(
                code=condition.code,
                title=condition.title,
                consequence=condition.consequence,
                documents=condition.documents,
                legal=condition.legal,
            )
            for condition in campaign.rules.conditions
            if condition.code in row.findings
        ],
        desired_from=row.desired_from,
        choices=[
            ChoiceOut(rank=choice.rank, organization_id=choice.organization_id)
            for choice in await repository.choices(uow.session, application_id)
        ],
        together_with=list(await families.numbers(uow.session, principal, row)),
        apart_allowed=row.apart_allowed,
        child=stated.child,
        representatives=stated.representatives,
    )


@router.get("/applications/{application_id}/history")
async def get_history(
    application_id: UUID, principal: Annotated[Principal, allow(policies.READ)], uow: Uow
) -> list[HistoryLine]:
    """Движение заявления: когда, кто и почему изменил статус."""
    row = await service.visible_application(uow, principal, application_id)
    steps = {step.reason: step for step in state_machine(Line(row.line)).steps}
    return [
        HistoryLine(
            at=line.at,
            version=line.version,
            actor=line.actor,
            reason=line.reason,
            title=steps[Reason(line.reason)].title,
            from_status=line.from_status,
            to_status=line.to_status,
            portal_code=steps[Reason(line.reason)].portal_code,
            note=line.note,
            ground=line.ground,
            due_on=line.due_on,
            organization_id=line.organization_id,
            fields=line.fields,
            date_lost=line.queue_seq is not None,
        )
        for line in await repository.history(uow.session, application_id)
    ]


@router.post("/applications/{application_id}/restore", status_code=204)
async def restore_application(
    application_id: UUID, body: ReasonIn, principal: Annotated[Principal, allow(policies.ACT)], uow: Uow
) -> None:
    """Вернуть заявление в очередь после отказа от места, неявки или заморозки."""
    await lifecycle.restore(uow, principal, application_id, body.note)


@router.get("/campaigns/{campaign_id}/summary")
async def get_summary(
    campaign_id: UUID, principal: Annotated[Principal, allow(policies.SUMMARY)], uow: Uow
) -> SummaryOut:
    """Сколько заявлений кампании в каждом статусе."""
    campaign = await campaigns.visible_campaign(uow, principal, campaign_id)
    counts = await repository.summary(uow.session, campaign_id)
    cards = state_machine(campaign.kind.line).statuses
    return SummaryOut(
        total=sum(counts.values()),
        counts={status: counts.get(status, 0) for status in cards},
        titles={status: card.title for status, card in cards.items()},
    )


def _brief(row: Record) -> dict[str, Any]:
    status = ApplicationStatus(row.status)
    card = state_machine(Line(row.line)).statuses[status]
    return {
        "id": row.id,
        "number": row.number,
        "accepted_seq": row.accepted_seq,
        "accepted_at": row.accepted_at,
        "filed_at": row.filed_at,
        "channel": row.channel,
        "status": status,
        "status_title": card.title,
        "portal_code": card.portal_code,
        "attention": row.attention,
        "organization_id": row.organization_id,
        "version": row.version,
    }
