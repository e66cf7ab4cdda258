"""HTTP of exports."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from reportkit import csv, xlsx
from reportkit.disposition import attachment
from servicekit.http import After, CreateOnce, CurrentRuntime, Limit, Page, Uow, allow, paginate
from servicekit.runtime import RUNS_CHANNEL
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.catalogue.definition import Level
from sgo_core.exports import policies, service
from sgo_core.exports.model import Export
from sgo_core.exports.registry import KINDS
from sgo_core.exports.schemas import DecisionIn, ExportIn, ExportKindOut, ExportKindsOut, ExportOut, ItemOut
from sgo_core.http import after_id

router = APIRouter(tags=["exports"])
_MEDIA = {"xlsx": xlsx.MEDIA_TYPE, "csv": csv.MEDIA_TYPE, "zip": "application/zip"}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {media: {} for media in _MEDIA.values()}}}
Exporter = Annotated[Principal, allow(policies.EXPORT)]


def _out(export: Export, principal: Principal) -> ExportOut:
    fields = {name: getattr(export, name) for name in ExportOut.model_fields if name not in {"own", "rows"}}
    return ExportOut(**fields, own=export.account_id == principal.account_id, rows=export.row_count)


@router.get("/export-kinds")
async def list_export_kinds(principal: Exporter) -> ExportKindsOut:
    """Виды выгрузок и столбцы, которые вызывающий может выбрать."""
    audience = audience_of(principal)
    return ExportKindsOut(
        items=[
            ExportKindOut(
                name=kind.name,
                title=kind.title,
                items=[
                    ItemOut(
                        name=one.name,
                        titles=[column.title for column in one.columns],
                        masked=one.level(audience) is Level.MASKED,
                    )
                    for one in kind.offered(audience)
                ],
            )
            for kind in service.kinds_for(principal)
        ]
    )


@router.post("/exports", status_code=201, response_model=ExportOut)
async def order_export(
    body: ExportIn, once: CreateOnce, principal: Exporter, uow: Uow, runtime: CurrentRuntime
) -> JSONResponse:
    """Заказать выгрузку; большую подтверждает другой работник того же подразделения."""

    async def order() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.order_export(uow, principal, body), principal).model_dump(mode="json")

    answer = await once(order)
    runtime.notify(RUNS_CHANNEL)
    return answer


@router.get("/exports")
async def list_exports(principal: Exporter, uow: Uow, limit: Limit = 100, after: After = None) -> Page[ExportOut]:
    """Журнал выгрузок: своих и своего подразделения; у регионального администратора всех."""
    found = await service.list_exports(uow, principal, limit, after_id(after))
    return paginate([_out(one, principal) for one in found], limit, lambda one: one.id)


@router.get("/exports/{export_id}")
async def get_export(export_id: UUID, principal: Exporter, uow: Uow) -> ExportOut:
    """Выгрузка: кто, что и зачем выгружает, готов ли файл."""
    return _out(await service.get_export(uow, principal, export_id), principal)


@router.post("/exports/{export_id}/decision")
async def decide_export(
    export_id: UUID,
    body: DecisionIn,
    principal: Annotated[Principal, allow(policies.DECIDE)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> ExportOut:
    """Подтвердить или отклонить большую выгрузку другого работника."""
    export = await service.decide(uow, principal, export_id, approved=body.approved)
    runtime.notify(RUNS_CHANNEL)
    return _out(export, principal)


@router.get("/exports/{export_id}/file", response_class=Response, responses=_FILE)
async def get_export_file(export_id: UUID, principal: Exporter, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Скачать файл выгрузки: только тому, кто её заказал, в течение суток."""
    export, content = await service.take_file(uow, runtime, principal, export_id)
    title = KINDS[export.kind].title if export.kind in KINDS else "Данные организации"
    name = f"{title} {export.day:%d.%m.%Y}.{export.format}"
    return Response(content, media_type=_MEDIA[export.format], headers={"Content-Disposition": attachment(name)})
