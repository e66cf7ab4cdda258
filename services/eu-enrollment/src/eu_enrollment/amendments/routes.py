"""Routes of amendments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from eu_enrollment.amendments import corrections, service
from eu_enrollment.amendments.policies import CORRECT
from eu_enrollment.amendments.schemas import AmendmentIn, AmendmentOut, CorrectedOut, CorrectionIn, CorrectionOut
from eu_enrollment.applications import policies
from servicekit.http import IfMatch, Uow, allow, etag
from servicekit.security import Principal

router = APIRouter(tags=["amendments"])


@router.patch("/applications/{application_id}")
async def amend_application(
    application_id: UUID,
    body: AmendmentIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.ACT)],
    uow: Uow,
    response: Response,
) -> AmendmentOut:
    """Изменить заявление: организации, льготы, дату, адрес, контакты; сохраняется ли дата постановки на учёт — по правилам."""
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    now, fields, kept = await service.amend(uow, principal, application_id, version, sent)
    response.headers["ETag"] = etag(now)
    return AmendmentOut(version=now, fields=fields, date_kept=kept)


@router.post("/applications/{application_id}/corrections")
async def correct_application(
    application_id: UUID,
    body: CorrectionIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(CORRECT)],
    uow: Uow,
    response: Response,
) -> CorrectedOut:
    """Исправить ошибку в сведениях о ребёнке по документу; дата постановки на учёт и расписка сохраняются."""
    now, fields = await corrections.correct(uow, principal, application_id, version, body)
    response.headers["ETag"] = etag(now)
    return CorrectedOut(version=now, fields=fields)


@router.get("/applications/{application_id}/corrections")
async def list_corrections(
    application_id: UUID, principal: Annotated[Principal, allow(CORRECT)], uow: Uow
) -> list[CorrectionOut]:
    """Что и по какому документу исправлено в сведениях о ребёнке, и что было указано раньше."""
    return await corrections.corrections(uow, principal, application_id)
