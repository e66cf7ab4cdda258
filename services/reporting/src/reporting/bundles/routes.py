"""Bundles over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse, StreamingResponse

from reporting.bundles import policies, service
from reporting.bundles.making import KIND
from reporting.bundles.schemas import BundleOut, BundleRequest
from reporting.exports.files import Format
from reportkit.disposition import attachment
from servicekit import runs
from servicekit.http import CreateOnce, CurrentRuntime, Limit, Page, Uow, allow, paginate
from servicekit.runs import Run
from servicekit.security import Principal

router = APIRouter(tags=["bundles"])
Orderer = Annotated[Principal, allow(policies.BUNDLES_ORDER)]
_MEDIA_TYPE = "application/zip"


@router.post("/bundles", status_code=202, response_model=Run)
async def order_bundle(
    body: BundleRequest, principal: Orderer, runtime: CurrentRuntime, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Выгрузить отчёты всех организаций территории по форме на дату одним архивом."""

    async def queue() -> Run:
        formats = [Format(one) for one in dict.fromkeys(body.formats)]
        bundle_id = await service.order(
            uow, runtime.cipher, principal, body.form, body.as_of, body.municipality, formats
        )
        return await runs.start(uow, principal, KIND, {"bundle_id": str(bundle_id)})

    return await runs.answer_queued(once, runtime, "/api/reporting/v1/runs", queue)


@router.get("/bundles")
async def list_bundles(principal: Orderer, uow: Uow, limit: Limit = 100, after: UUID | None = None) -> Page[BundleOut]:
    """Заказанные вызывающим архивы отчётов, новые первыми."""
    found = await service.page(uow, principal, after, limit + 1)
    return paginate([BundleOut.of(one, uow.now) for one in found], limit, lambda one: one.id)


@router.get("/bundles/{bundle_id}")
async def get_bundle(bundle_id: UUID, principal: Orderer, uow: Uow) -> BundleOut:
    """Архив отчётов: сколько файлов составлено, готов ли он."""
    return BundleOut.of(await service.get(uow, principal, bundle_id), uow.now)


@router.get(
    "/bundles/{bundle_id}/file",
    response_class=StreamingResponse,
    responses={200: {"content": {_MEDIA_TYPE: {}}}},
)
async def get_bundle_file(bundle_id: UUID, principal: Orderer, uow: Uow, runtime: CurrentRuntime) -> StreamingResponse:
    """Скачать архив отчётов (ZIP), в течение суток; каждый файл в нём записывается в журнал обмена."""
    found, pieces = await service.take(uow, runtime, principal, bundle_id)
    name = f"{found.form}-{found.as_of:%Y%m%d}-{found.municipality or 'region'}.zip"
    headers = {"Content-Disposition": attachment(name), "Content-Length": str(found.size)}
    return StreamingResponse(pieces, media_type=_MEDIA_TYPE, headers=headers)
