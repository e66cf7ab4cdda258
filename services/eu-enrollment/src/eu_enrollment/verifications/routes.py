"""Routes of verifications."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from eu_enrollment.applications import contents
from eu_enrollment.applications import policies as application_policies
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.schemas import ReasonIn
from eu_enrollment.database import Record
from eu_enrollment.verifications import documents, policies, repository, service
from eu_enrollment.verifications.kinds import CheckKind
from eu_enrollment.verifications.model import UNDECIDED
from eu_enrollment.verifications.schemas import TITLES, AssigneeIn, CountOut, DecisionIn, VerificationOut
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["verifications"])
_SOON = timedelta(days=2)
_After = Annotated[str | None, Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9a-f-]{36}$", max_length=50)]


class Due(StrEnum):
    """Whose last day has passed, or is today or within two days; or any."""

    OVERDUE = "overdue"
    SOON = "soon"
    ANY = "any"


@router.get("/verifications")
async def list_verifications(
    principal: Annotated[Principal, allow(policies.LIST)],
    uow: Uow,
    campaign_id: UUID | None = None,
    kind: CheckKind | None = None,
    assignee: Annotated[str | None, Query(max_length=100)] = None,
    due: Due = Due.ANY,
    limit: Limit = 100,
    after: _After = None,
) -> Page[VerificationOut]:
    """Что предстоит проверить в заявлениях: сначала то, чей срок ближе."""
    today = uow.clock.date_of(uow.now)
    days = {
        Due.OVERDUE: (date.min, today - timedelta(days=1)),
        Due.SOON: (today, today + _SOON),
        Due.ANY: (date.min, date.max),
    }
    conditions = repository.undecided(
        repository.visible(principal), contents.checkable(), campaign_id=campaign_id, kind=kind, assignee=assignee
    )
    rows = await repository.page(uow.session, conditions, days[due], _place(after), limit)
    return paginate([_out(row, today) for row in rows], limit, lambda item: f"{item.due_on}.{item.id}")


@router.get("/verifications/summary")
async def get_verifications_summary(
    principal: Annotated[Principal, allow(policies.LIST)], uow: Uow, campaign_id: UUID | None = None
) -> list[CountOut]:
    """Сколько проверок не завершено, сколько из них просрочено и скоро истекает."""
    today = uow.clock.date_of(uow.now)
    conditions = repository.undecided(repository.visible(principal), contents.checkable(), campaign_id=campaign_id)
    rows = await repository.counts(uow.session, conditions, today, today + _SOON)
    return [CountOut(title=TITLES[CheckKind(row.kind)], **row._asdict()) for row in rows]


@router.get("/applications/{application_id}/verifications")
async def list_application_verifications(
    application_id: UUID, principal: Annotated[Principal, allow(application_policies.READ)], uow: Uow
) -> list[VerificationOut]:
    """Проверки заявления: что проверено, что ещё нет и до какого дня."""
    await applications.visible_application(uow, principal, application_id)
    today = uow.clock.date_of(uow.now)
    return [_out(row, today) for row in await repository.of_application(uow.session, application_id)]


@router.post("/applications/{application_id}/verifications/confirm", status_code=204)
async def confirm_verifications(
    application_id: UUID, body: ReasonIn, principal: Annotated[Principal, allow(policies.DECIDE)], uow: Uow
) -> None:
    """Подтвердить всё, что ещё не проверено в заявлении; заявление встаёт в очередь."""
    await service.confirm_all(uow, principal, application_id, body.note)


@router.post("/applications/{application_id}/documents", status_code=204)
async def receive_documents(
    application_id: UUID, body: ReasonIn, principal: Annotated[Principal, allow(application_policies.ACT)], uow: Uow
) -> None:
    """Отметить, что запрошенные документы представлены."""
    await documents.receive_documents(uow, principal, application_id, body.note)


@router.post("/verifications/{verification_id}/decide", status_code=204)
async def decide_verification(
    verification_id: UUID, body: DecisionIn, principal: Annotated[Principal, allow(policies.DECIDE)], uow: Uow
) -> None:
    """Решить: подтверждено, не подтверждено, или нужны документы."""
    if body.outcome == "documents_requested":
        await documents.request_for(uow, principal, verification_id, body.note or "")
    else:
        confirmed = body.outcome == "confirmed"
        await service.decide(uow, principal, verification_id, confirmed=confirmed, note=body.note, metres=body.metres)


@router.put("/verifications/{verification_id}/assignee", status_code=204)
async def assign_verification(
    verification_id: UUID, body: AssigneeIn, principal: Annotated[Principal, allow(policies.DECIDE)], uow: Uow
) -> None:
    """Назначить ответственного за проверку или снять назначение."""
    await service.assign(uow, principal, verification_id, body.account_id)


def _place(after: str | None) -> tuple[date, UUID] | None:
    if after is None:
        return None
    day, _, id_ = after.partition(".")
    try:
        return date.fromisoformat(day), UUID(id_)
    except ValueError:
        return date.max, UUID(int=0)


def _out(row: Record, today: date) -> VerificationOut:
    overdue = row.state in UNDECIDED and row.due_on < today
    return VerificationOut.model_validate({**row._asdict(), "title": TITLES[CheckKind(row.kind)], "overdue": overdue})
