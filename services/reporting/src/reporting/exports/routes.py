"""Files of built forms over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from reporting.builds import policies
from reporting.exports import service
from reporting.exports.files import MEDIA_TYPES, Format, name_of
from reporting.exports.schemas import ReplayOut
from reporting.outward.policies import OUTWARD_READ
from reportkit.disposition import attachment
from servicekit.http import CurrentRuntime, Uow, allow
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

router = APIRouter(tags=["reports"])
Exporter = Annotated[Principal, allow(policies.REPORTS_EXPORT)]
_FILES: dict[Format, dict[int | str, dict[str, Any]]] = {
    one: {200: {"content": {media: {}}}} for one, media in MEDIA_TYPES.items()
}


@router.get("/reports/{report_id}/xlsx", response_class=Response, responses=_FILES[Format.XLSX])
async def export_report(report_id: UUID, principal: Exporter, runtime: CurrentRuntime, uow: Uow) -> Response:
    """Построенная форма файлом XLSX, в официальном бланке, если он загружен; выгрузка записывается в журнал."""
    return await _file(uow, runtime, principal, report_id, Format.XLSX)


@router.get("/reports/{report_id}/pdf", response_class=Response, responses=_FILES[Format.PDF])
async def export_report_pdf(report_id: UUID, principal: Exporter, runtime: CurrentRuntime, uow: Uow) -> Response:
    """Построенная форма файлом PDF; выгрузка записывается в журнал."""
    return await _file(uow, runtime, principal, report_id, Format.PDF)


@router.get("/reports/{report_id}/csv", response_class=Response, responses=_FILES[Format.CSV])
async def export_report_csv(report_id: UUID, principal: Exporter, runtime: CurrentRuntime, uow: Uow) -> Response:
    """Ячейки построенной формы файлом CSV, по одной в строке; выгрузка записывается в журнал."""
    return await _file(uow, runtime, principal, report_id, Format.CSV)


@router.get("/reports/{report_id}/xml", response_class=Response, responses=_FILES[Format.XML])
async def export_report_xml(report_id: UUID, principal: Exporter, runtime: CurrentRuntime, uow: Uow) -> Response:
    """Построенная форма файлом в формате Росстата (XML); неизвестные поля титула пусты; выгрузка записывается в журнал."""
    return await _file(uow, runtime, principal, report_id, Format.XML)


@router.get("/reports/{report_id}/to-sign", response_class=Response, responses=_FILES[Format.JSON])
async def export_report_to_sign(report_id: UUID, principal: Exporter, runtime: CurrentRuntime, uow: Uow) -> Response:
    """Файл, под которым ставится электронная подпись: неизменяемая запись отчёта (JSON); выгрузка записывается в журнал."""
    return await _file(uow, runtime, principal, report_id, Format.JSON)


@router.post("/outward-exchanges/{exchange_id}/replay")
async def replay_outward_exchange(
    exchange_id: UUID, principal: Annotated[Principal, allow(OUTWARD_READ)], runtime: CurrentRuntime, uow: Uow
) -> ReplayOut:
    """Воспроизвести выгруженный файл из неизменяемой записи и сравнить с тем, что было выгружено."""
    return ReplayOut.model_validate(await service.replay(uow, runtime, principal, exchange_id))


async def _file(uow: UnitOfWork, runtime: Runtime, principal: Principal, report_id: UUID, form: Format) -> Response:
    row, content = await service.hand_out(uow, runtime, principal, report_id, form)
    headers = {"Content-Disposition": attachment(name_of(row, form))}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
