"""HTTP of acts on organizations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit, runs
from servicekit.http import After, CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.runs import Run
from servicekit.security import Principal
from sgo_core.http import after_id
from sgo_core.reorganizations import policies, service
from sgo_core.reorganizations.model import Reorganization
from sgo_core.reorganizations.schemas import (
    PreviewOut,
    RemarkIn,
    ReorganizationIn,
    ReorganizationLine,
    ReorganizationOut,
    ReorganizationPatch,
    State,
)

router = APIRouter(tags=["reorganizations"])
Reader = Annotated[Principal, allow(policies.READ)]
Drafter = Annotated[Principal, allow(policies.DRAFT)]
Confirmer = Annotated[Principal, allow(policies.CONFIRM)]


def _out(act: Reorganization, response: Response | None = None) -> ReorganizationOut:
    if response is not None:
        response.headers["ETag"] = etag(act.version)
    return ReorganizationOut.model_validate(act, from_attributes=True)


@router.post("/reorganizations", status_code=201, response_model=ReorganizationOut)
async def draft_reorganization(body: ReorganizationIn, once: CreateOnce, principal: Drafter, uow: Uow) -> JSONResponse:
    """Составить проект акта: слияние, присоединение, разделение, выделение, ликвидация и прочие изменения организаций."""

    async def draft() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.draft(uow, principal, body)).model_dump(mode="json")

    return await once(draft)


@router.get("/reorganizations")
async def list_reorganizations(
    principal: Reader, uow: Uow, limit: Limit = 100, after: After = None, state: State | None = None
) -> Page[ReorganizationLine]:
    """Акты о реорганизации и ликвидации подведомственных организаций."""
    found = await service.list_acts(uow, principal, state, limit, after_id(after))
    lines = [ReorganizationLine.model_validate(one, from_attributes=True) for one in found]
    return paginate(lines, limit, lambda one: one.id)


@router.get("/reorganizations/{act_id}")
async def get_reorganization(
    act_id: UUID, principal: Annotated[Principal, allow(policies.READ_OWN)], uow: Uow, response: Response
) -> ReorganizationOut:
    """Акт о реорганизации с планом: что куда переходит."""
    return _out(await service.get(uow, principal, act_id), response)


@router.patch("/reorganizations/{act_id}")
async def edit_reorganization(
    act_id: UUID, body: ReorganizationPatch, version: IfMatch, principal: Drafter, uow: Uow, response: Response
) -> ReorganizationOut:
    """Изменить проект акта; план заменяется целиком."""
    return _out(await service.edit(uow, principal, act_id, version, body), response)


@router.get("/reorganizations/{act_id}/preview")
async def preview_reorganization(
    act_id: UUID, principal: Annotated[Principal, allow(policies.READ_OWN)], uow: Uow
) -> PreviewOut:
    """Чем обернётся план: численность до и после, классы и группы, препятствия."""
    return await service.preview(uow, principal, act_id)


@router.post("/reorganizations/{act_id}/confirmation")
async def confirm_reorganization(
    act_id: UUID, version: IfMatch, principal: Confirmer, uow: Uow, response: Response
) -> ReorganizationOut:
    """Подтвердить проект акта, составленный другим работником."""
    act = await service.confirm(uow, principal, act_id, version)
    await audit.record(uow, principal, "reorganization.confirm", [])
    return _out(act, response)


@router.post("/reorganizations/{act_id}/return")
async def return_reorganization(
    act_id: UUID, body: RemarkIn, version: IfMatch, principal: Confirmer, uow: Uow, response: Response
) -> ReorganizationOut:
    """Вернуть подтверждённый акт на доработку с замечанием."""
    return _out(await service.give_back(uow, principal, act_id, version, body.remark), response)


@router.post("/reorganizations/{act_id}/withdrawal")
async def withdraw_reorganization(
    act_id: UUID, version: IfMatch, principal: Drafter, uow: Uow, response: Response
) -> ReorganizationOut:
    """Отозвать акт, который ещё не исполнялся."""
    return _out(await service.withdraw(uow, principal, act_id, version), response)


@router.post("/reorganizations/{act_id}/execution", status_code=202, response_model=Run)
async def execute_reorganization(
    act_id: UUID, once: CreateOnce, principal: Confirmer, uow: Uow, runtime: CurrentRuntime
) -> JSONResponse:
    """Исполнить подтверждённый акт: перевод обучающихся и работников идёт отдельной работой, её можно продолжить."""

    async def queue() -> Run:
        run = await service.execute(uow, principal, act_id)
        await audit.record(uow, principal, "reorganization.execute", [])
        return run

    return await runs.answer_queued(once, runtime, "/api/core/v1/runs", queue)
