"""Routes of the scales."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, IfMatch, Uow, allow, etag
from servicekit.security import Principal
from sgo_journal.scales import converting, policies, service
from sgo_journal.scales.schemas import ConversionIn, ConversionOut, ConvertedOut, ScaleIn, ScaleOut, Scales, ValueOut

router = APIRouter(tags=["scales"])

Editor = Annotated[Principal, allow(policies.EDIT)]
ScaleId = Annotated[int, Path(ge=1, le=2**31 - 1)]


def _shown(found: service.WithValues) -> ScaleOut:
    scale, values = found
    return ScaleOut(
        id=scale.id,
        organization_id=scale.organization_id,
        title=scale.title,
        active=scale.active,
        version=scale.version,
        values=[ValueOut.model_validate(value, from_attributes=True) for value in values],
    )


@router.get("/organizations/{organization_id}/scales")
async def list_scales(organization_id: UUID, principal: Annotated[Principal, allow(policies.READ)], uow: Uow) -> Scales:
    """Шкалы отметок, из которых организация может выбирать."""
    return Scales(items=[_shown(found) for found in await service.list_scales(uow, principal, organization_id)])


@router.post("/organizations/{organization_id}/scales", status_code=201, response_model=ScaleOut)
async def make_scale(
    organization_id: UUID, body: ScaleIn, principal: Editor, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Создать свою шкалу отметок."""

    async def create() -> tuple[int, dict[str, Any]]:
        made = await service.make_scale(uow, principal, organization_id, body)
        return 201, _shown(made).model_dump(mode="json")

    return await once(create)


@router.put("/scales/{scale_id}")
async def change_scale(
    scale_id: ScaleId, body: ScaleIn, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> ScaleOut:
    """Изменить свою шкалу: название, значения, порядок."""
    shown = _shown(await service.change_scale(uow, principal, scale_id, version, body))
    response.headers["ETag"] = etag(shown.version)
    return shown


def _conversion(from_id: int, to_id: int, version: int, lines: list[converting.Line]) -> ConversionOut:
    return ConversionOut(
        from_scale_id=from_id,
        to_scale_id=to_id,
        version=version,
        values=[
            ConvertedOut(
                code=value.code, sign=value.sign, to=to.code if to else None, to_sign=to.sign if to else None, by=by
            )
            for value, to, by in lines
        ],
    )


@router.get("/organizations/{organization_id}/scale-conversions/{from_id}/{to_id}")
async def read_conversion(
    organization_id: UUID,
    from_id: ScaleId,
    to_id: ScaleId,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    response: Response,
) -> ConversionOut:
    """Чем считаются отметки одной шкалы там, где принята другая."""
    version, lines = await converting.read(uow, principal, organization_id, from_id, to_id)
    response.headers["ETag"] = etag(version)
    return _conversion(from_id, to_id, version, lines)


@router.put("/organizations/{organization_id}/scale-conversions/{from_id}/{to_id}")
async def put_conversion(
    organization_id: UUID,
    from_id: ScaleId,
    to_id: ScaleId,
    body: ConversionIn,
    version: IfMatch,
    principal: Editor,
    uow: Uow,
    response: Response,
    *,
    preview: Annotated[bool, Query(description="Только показать, что получится")] = False,
) -> ConversionOut:
    """Задать перевод отметок между шкалами: порогами или по значениям. Выставленные отметки не меняются."""
    scales = from_id, to_id
    found, lines = await converting.put(uow, principal, organization_id, scales, version, body, preview=preview)
    response.headers["ETag"] = etag(found)
    return _conversion(from_id, to_id, found, lines)
