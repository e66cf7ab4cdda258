"""HTTP of buildings."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.buildings import policies, service
from sgo_core.buildings.model import Building
from sgo_core.buildings.schemas import BuildingIn, BuildingOut, BuildingPatch
from sgo_core.cards.schemas import AsOf, ChangeOut
from sgo_core.cards.showing import instant_of
from sgo_core.http import after_id

router = APIRouter(tags=["buildings"])
Reader = Annotated[Principal, allow(policies.READ)]
Editor = Annotated[Principal, allow(policies.EDIT)]


def _out(building: Building, *, past: bool = False) -> BuildingOut:
    values = {name: getattr(building, name) for name in BuildingOut.model_fields}
    return BuildingOut.model_validate({**values, "version": None if past else building.version})


@router.post("/organizations/{organization_id}/buildings", status_code=201, response_model=BuildingOut)
async def enter_building(
    organization_id: UUID, body: BuildingIn, once: CreateOnce, principal: Editor, uow: Uow
) -> JSONResponse:
    """Внести здание организации."""

    async def enter() -> tuple[int, dict[str, Any]]:
        building = await service.enter_building(uow, principal, organization_id, body)
        return 201, _out(building).model_dump(mode="json")

    return await once(enter)


@router.get("/organizations/{organization_id}/buildings")
async def list_buildings(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    former: Annotated[bool, Query(description="И те, что больше не используются")] = False,
) -> Page[BuildingOut]:
    """Здания организации и места ведения занятий."""
    found = await service.list_buildings(
        uow, principal, organization_id, former=former, limit=limit, after=after_id(after)
    )
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/buildings/{building_id}")
async def get_building(
    building_id: UUID, principal: Reader, uow: Uow, response: Response, as_of: AsOf = None
) -> BuildingOut:
    """Здание, текущее или на прошлую дату."""
    building = await service.get_building(uow, principal, building_id)
    instant = instant_of(uow, as_of)
    if instant is not None:
        return _out(await service.building_as_of(uow, building_id, instant), past=True)
    response.headers["ETag"] = etag(building.version)
    return _out(building)


@router.patch("/buildings/{building_id}")
async def edit_building(
    building_id: UUID, body: BuildingPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> BuildingOut:
    """Изменить сведения о здании или прекратить его использование."""
    building = await service.edit_building(uow, principal, building_id, version, body)
    response.headers["ETag"] = etag(building.version)
    return _out(building)


@router.get("/buildings/{building_id}/history")
async def list_building_changes(
    building_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений сведений о здании."""
    await service.get_building(uow, principal, building_id)
    found = await service.history_of(uow, building_id, limit, after)
    page = paginate(found, limit, lambda one: one.key)
    changes = [
        ChangeOut(
            relation=one.relation,
            row_id=one.row_id,
            at=one.at,
            by=one.by,
            reason=one.reason,
            created=one.created,
            changes={name: pair for name, pair in one.changes.items() if name != "id"},
        )
        for one in page.items
    ]
    return Page(items=changes, next=page.next)
