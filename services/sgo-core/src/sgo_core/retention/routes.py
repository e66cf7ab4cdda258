"""HTTP of terms of keeping and destruction acts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit, runs
from servicekit.http import After, CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.runs import Run
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.catalogue.values import Day
from sgo_core.http import PageKeyError, after_id
from sgo_core.printing import pdf
from sgo_core.retention import policies, repository, service
from sgo_core.retention.model import DestructionAct
from sgo_core.retention.printing import act_pdf
from sgo_core.retention.schemas import ActIn, ActLineOut, ActOut, DueOut, LineOut, ReturnIn
from sgo_core.retention.selecting import ORDER, Due
from sgo_core.retention.terms import rules_of

router = APIRouter(tags=["retention"])
Reader = Annotated[Principal, allow(policies.READ)]


def _key(after: str | None) -> tuple[CardKind, UUID] | None:
    if after is None:
        return None
    kind, _, subject_id = after.partition(":")
    found = after_id(subject_id)
    if found is None or kind not in {one.value for one in ORDER}:
        raise PageKeyError
    return CardKind(kind), found


def _due(one: Due) -> DueOut:
    return DueOut(
        key=f"{one.kind.value}:{one.subject_id}",
        subject_kind=one.kind,
        subject_id=one.subject_id,
        left_on=one.left_on,
        fields=sorted(one.fields),
        rules=rules_of(one.kind, one.fields),
        held=one.held,
    )


async def _act(uow: UnitOfWork, act: DestructionAct, response: Response | None = None) -> ActOut:
    await uow.session.flush()
    if response is not None:
        response.headers["ETag"] = etag(act.version)
    values = {name: getattr(act, name) for name in ActOut.model_fields if name != "counts"}
    return ActOut.model_validate({**values, "counts": await repository.counts(uow.session, act.id)})


@router.get("/organizations/{organization_id}/retention")
async def list_due(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    date: Annotated[Day | None, Query(description="На какую дату; по умолчанию на сегодня")] = None,
) -> Page[DueOut]:
    """Карточки, сведения которых подлежат уничтожению: срок хранения истёк."""
    found = await service.list_due(uow, principal, organization_id, date, limit, _key(after))
    return paginate([_due(one) for one in found], limit, lambda one: one.key)


@router.post("/organizations/{organization_id}/destruction-acts", status_code=201, response_model=ActOut)
async def draft_destruction_act(
    organization_id: UUID,
    body: ActIn,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.DRAFT)],
    uow: Uow,
) -> JSONResponse:
    """Составить проект акта об уничтожении по тому, что подлежит уничтожению."""

    async def draft() -> tuple[int, dict[str, Any]]:
        act = await service.draft(uow, principal, organization_id, body)
        await audit.record(uow, principal, "destruction.draft", [])
        return 201, (await _act(uow, act)).model_dump(mode="json")

    return await once(draft)


@router.get("/organizations/{organization_id}/destruction-acts")
async def list_destruction_acts(
    organization_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ActLineOut]:
    """Акты об уничтожении организации."""
    found = await service.list_acts(uow, principal, organization_id, limit, after_id(after))
    lines = [ActLineOut.model_validate(one, from_attributes=True) for one in found]
    return paginate(lines, limit, lambda one: one.id)


@router.get("/destruction-acts/{act_id}")
async def get_destruction_act(act_id: UUID, principal: Reader, uow: Uow, response: Response) -> ActOut:
    """Акт об уничтожении: комиссия, состояние, сколько карточек чем кончилось."""
    return await _act(uow, await service.get_act(uow, principal, act_id), response)


@router.get("/destruction-acts/{act_id}/lines")
async def list_destruction_lines(
    act_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: Annotated[int | None, Query(ge=0, le=1_000_000)] = None,
) -> Page[LineOut]:
    """Перечень акта: карточка, поля, причина, итог."""
    found = await service.list_lines(uow, principal, act_id, limit, after)
    items = [LineOut.model_validate(one, from_attributes=True) for one in found]
    return paginate(items, limit, lambda one: one.number)


@router.get(
    "/destruction-acts/{act_id}/document",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def print_destruction_act(act_id: UUID, principal: Reader, uow: Uow) -> Response:
    """Акт об уничтожении для печати (PDF)."""
    act = await service.get_act(uow, principal, act_id)
    await audit.record(uow, principal, "destruction.print", [])
    return pdf(await act_pdf(uow, principal, act), f"Акт об уничтожении № {act.number}")


@router.post("/destruction-acts/{act_id}/check")
async def check_destruction_act(
    act_id: UUID, version: IfMatch, principal: Annotated[Principal, allow(policies.CHECK)], uow: Uow, response: Response
) -> ActOut:
    """Подтвердить проект акта, составленный другим работником."""
    return await _act(uow, await service.check(uow, principal, act_id, version), response)


@router.post("/destruction-acts/{act_id}/withdrawal")
async def withdraw_destruction_act(
    act_id: UUID,
    body: ReturnIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.CHECK)],
    uow: Uow,
    response: Response,
) -> ActOut:
    """Отклонить акт: его перечень можно составить заново."""
    return await _act(uow, await service.withdraw(uow, principal, act_id, version, body.remark), response)


@router.post("/destruction-acts/{act_id}/approval")
async def approve_destruction_act(
    act_id: UUID,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.APPROVE)],
    uow: Uow,
    response: Response,
) -> ActOut:
    """Утвердить проверенный акт."""
    act = await service.approve(uow, principal, act_id, version)
    await audit.record(uow, principal, "destruction.approve", [])
    return await _act(uow, act, response)


@router.post("/destruction-acts/{act_id}/execution", status_code=202, response_model=Run)
async def execute_destruction_act(
    act_id: UUID,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.APPROVE)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> JSONResponse:
    """Исполнить утверждённый акт: поля и их история стираются отдельной работой, её можно продолжить."""

    async def queue() -> Run:
        run = await service.execute(uow, principal, act_id)
        await audit.record(uow, principal, "destruction.execute", [])
        return run

    return await runs.answer_queued(once, runtime, "/api/core/v1/runs", queue)
