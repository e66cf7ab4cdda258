"""Routes of ends and suspensions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from eu_enrollment.applications import policies
from eu_enrollment.applications.schemas import ReasonIn
from eu_enrollment.lifecycle import service
from eu_enrollment.lifecycle.schemas import NeedIn, NeedOut, RefusalIn
from servicekit.http import Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["lifecycle"])


@router.post("/applications/{application_id}/refuse", status_code=204)
async def refuse_application(
    application_id: UUID, body: RefusalIn, principal: Annotated[Principal, allow(policies.DECIDE)], uow: Uow
) -> None:
    """Отказать по заявлению на основании, которое знают правила; школа без мест передаёт его в орган управления."""
    await service.refuse(uow, principal, application_id, body.ground, body.note)


@router.post("/applications/{application_id}/freeze", status_code=204)
async def freeze_application(
    application_id: UUID, body: ReasonIn, principal: Annotated[Principal, allow(policies.ACT)], uow: Uow
) -> None:
    """Заморозить заявление: оно не участвует в распределении, пока его не возобновят."""
    await service.freeze(uow, principal, application_id, body.note)


@router.post("/applications/{application_id}/archive", status_code=204)
async def archive_application(
    application_id: UUID, body: ReasonIn, principal: Annotated[Principal, allow(policies.DECIDE)], uow: Uow
) -> None:
    """Снять заявление с учёта насовсем: семья выбыла, место больше не нужно."""
    await service.archive(uow, principal, application_id, body.note)


@router.post("/applications/{application_id}/need")
async def confirm_need(
    application_id: UUID, _body: NeedIn, principal: Annotated[Principal, allow(policies.ACT)], uow: Uow
) -> NeedOut:
    """Подтвердить, что место по-прежнему нужно: где правила этого требуют, молчащих замораживают."""
    return NeedOut(confirmed_on=await service.confirm_need(uow, principal, application_id))
