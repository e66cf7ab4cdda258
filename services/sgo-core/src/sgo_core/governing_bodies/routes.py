"""HTTP of governing bodies."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, IfMatch, Uow, allow, etag
from servicekit.security import Principal
from sgo_core.governing_bodies import policies, service
from sgo_core.governing_bodies.model import GoverningBody
from sgo_core.governing_bodies.schemas import BodiesOut, BodyIn, BodyOut, BodyPatch

router = APIRouter(tags=["governing-bodies"])


def _out(body: GoverningBody) -> BodyOut:
    return BodyOut.model_validate(body, from_attributes=True)


@router.get("/governing-bodies")
async def list_governing_bodies(_principal: Annotated[Principal, allow(policies.READ)], uow: Uow) -> BodiesOut:
    """Органы управления образованием: министерство, ведомства, муниципальные органы."""
    return BodiesOut(items=[_out(one) for one in await service.list_bodies(uow)])


@router.post("/governing-bodies", status_code=201, response_model=BodyOut)
async def register_governing_body(
    body: BodyIn, once: CreateOnce, principal: Annotated[Principal, allow(policies.REGISTER)], uow: Uow
) -> JSONResponse:
    """Внести орган управления."""

    async def register() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.register_body(uow, principal, body)).model_dump(mode="json")

    return await once(register)


@router.get("/governing-bodies/{body_id}")
async def get_governing_body(
    body_id: UUID, _principal: Annotated[Principal, allow(policies.READ)], uow: Uow, response: Response
) -> BodyOut:
    """Карточка органа управления."""
    found = await service.get_body(uow, body_id)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.patch("/governing-bodies/{body_id}")
async def edit_governing_body(
    body_id: UUID,
    body: BodyPatch,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.EDIT)],
    uow: Uow,
    response: Response,
) -> BodyOut:
    """Изменить карточку органа управления: контакты и ответственных меняет сам орган, остальное администратор региона."""
    found = await service.edit_body(uow, principal, body_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _out(found)
