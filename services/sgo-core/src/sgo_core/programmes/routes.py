"""HTTP of programmes of additional education."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.schemas import AsOf, ChangeOut
from sgo_core.cards.showing import instant_of, record_change_out
from sgo_core.http import after_id
from sgo_core.programmes import policies, service
from sgo_core.programmes.model import Programme
from sgo_core.programmes.schemas import ProgrammeIn, ProgrammeOut, ProgrammePatch

router = APIRouter(tags=["programmes"])
Reader = Annotated[Principal, allow(policies.READ)]
Manager = Annotated[Principal, allow(policies.MANAGE)]


def _out(programme: Programme) -> ProgrammeOut:
    return ProgrammeOut.model_validate(programme, from_attributes=True)


@router.post("/organizations/{organization_id}/programmes", status_code=201, response_model=ProgrammeOut)
async def start_programme(
    organization_id: UUID, body: ProgrammeIn, once: CreateOnce, principal: Manager, uow: Uow
) -> JSONResponse:
    """Начать программу дополнительного образования (в школе искусств, спортивной школе, кружке школы или детского сада)."""

    async def start() -> tuple[int, dict[str, Any]]:
        programme = await service.start_programme(uow, principal, organization_id, body)
        return 201, _out(programme).model_dump(mode="json")

    return await once(start)


@router.get("/organizations/{organization_id}/programmes")
async def list_programmes(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    active: bool | None = None,
) -> Page[ProgrammeOut]:
    """Программы дополнительного образования организации."""
    found = await service.list_programmes(uow, principal, organization_id, active, limit, after_id(after))
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/programmes/{programme_id}")
async def get_programme(
    programme_id: UUID, principal: Reader, uow: Uow, response: Response, as_of: AsOf = None
) -> ProgrammeOut:
    """Программа дополнительного образования, сейчас или на прошлую дату."""
    programme = await service.get_programme(uow, principal, programme_id)
    instant = instant_of(uow, as_of)
    if instant is not None:
        past = _out(await service.programme_as_of(uow, programme_id, instant))
        return past.model_copy(update={"version": None})
    response.headers["ETag"] = etag(programme.version)
    return _out(programme)


@router.get("/programmes/{programme_id}/history")
async def list_programme_changes(
    programme_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений программы."""
    await service.get_programme(uow, principal, programme_id)
    page = paginate(await service.history_of(uow, programme_id, limit, after), limit, lambda one: one.key)
    return Page(items=[record_change_out(one, audience_of(principal)) for one in page.items], next=page.next)


@router.patch("/programmes/{programme_id}")
async def edit_programme(
    programme_id: UUID, body: ProgrammePatch, version: IfMatch, principal: Manager, uow: Uow, response: Response
) -> ProgrammeOut:
    """Изменить программу или вывести её из действия."""
    programme = await service.edit_programme(uow, principal, programme_id, version, body)
    response.headers["ETag"] = etag(programme.version)
    return _out(programme)
