"""Routes of amendments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from eu_enrollment.amendments import service
from eu_enrollment.amendments.schemas import AmendmentIn, AmendmentOut
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
