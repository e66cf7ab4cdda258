"""HTTP of packages for outer receivers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from reportkit.disposition import attachment
from servicekit.http import After, CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.runtime import RUNS_CHANNEL
from servicekit.security import Principal
from sgo_core.http import after_id
from sgo_core.packages import policies, receivers, service
from sgo_core.packages.model import ContingentPackage, PackageReceipt, PackageReceiver
from sgo_core.packages.schemas import (
    LogLine,
    PackageIn,
    PackageOut,
    ReceiptIn,
    ReceiptOut,
    ReceiverIn,
    ReceiverOut,
    ReceiverPatch,
    ReceiversOut,
    RejectionOut,
)

router = APIRouter(tags=["packages"])
_MEDIA = "application/pkcs7-mime"
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {_MEDIA: {}}}}
Reader = Annotated[Principal, allow(policies.READ)]
Maker = Annotated[Principal, allow(policies.MAKE)]
Keeper = Annotated[Principal, allow(policies.KEEP_RECEIVERS)]


def _receiver(receiver: PackageReceiver) -> ReceiverOut:
    return ReceiverOut(**{name: getattr(receiver, name) for name in ReceiverOut.model_fields})


def _package(package: ContingentPackage, receipt: PackageReceipt | None) -> PackageOut:
    fields = {name: getattr(package, name) for name in PackageOut.model_fields if name != "receipt"}
    answered = None
    if receipt is not None:
        answered = ReceiptOut(**{name: getattr(receipt, name) for name in ReceiptOut.model_fields})
    return PackageOut(**fields, receipt=answered)


@router.get("/package-receivers")
async def list_package_receivers(_principal: Reader, uow: Uow) -> ReceiversOut:
    """Получатели пакетов сведений: внешние системы и их сертификаты."""
    return ReceiversOut(items=[_receiver(one) for one in await receivers.list_receivers(uow)])


@router.post("/package-receivers", status_code=201, response_model=ReceiverOut)
async def register_package_receiver(body: ReceiverIn, once: CreateOnce, principal: Keeper, uow: Uow) -> JSONResponse:
    """Внести получателя пакетов: основание передачи и сертификат, которым пакеты шифруются."""

    async def register() -> tuple[int, dict[str, Any]]:
        return 201, _receiver(await receivers.register_receiver(uow, principal, body)).model_dump(mode="json")

    return await once(register)


@router.patch("/package-receivers/{receiver_id}")
async def edit_package_receiver(
    receiver_id: UUID, body: ReceiverPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> ReceiverOut:
    """Изменить получателя: наименование, основание, формат, сертификат; прекратить передачу."""
    found = await receivers.edit_receiver(uow, principal, receiver_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _receiver(found)


@router.post("/packages", status_code=201, response_model=PackageOut)
async def order_package(
    body: PackageIn, once: CreateOnce, principal: Maker, uow: Uow, runtime: CurrentRuntime
) -> JSONResponse:
    """Сформировать пакет контингента для внешней системы; прочесть его может только получатель."""

    async def order() -> tuple[int, dict[str, Any]]:
        return 201, _package(await service.order_package(uow, principal, body), None).model_dump(mode="json")

    answer = await once(order)
    runtime.notify(RUNS_CHANNEL)
    return answer


@router.get("/packages")
async def list_packages(_principal: Reader, uow: Uow, limit: Limit = 100, after: After = None) -> Page[PackageOut]:
    """Пакеты и квитанции получателей."""
    found = await service.list_packages(uow, limit, after_id(after))
    return paginate([_package(*one) for one in found], limit, lambda one: one.id)


@router.get("/packages/{package_id}")
async def get_package(package_id: UUID, _principal: Reader, uow: Uow) -> PackageOut:
    """Пакет: кому, по какому основанию, на какую дату, сколько записей и чем отличается от прежнего."""
    return _package(*await service.get_package(uow, package_id))


@router.get("/packages/{package_id}/file", response_class=Response, responses=_FILE)
async def get_package_file(package_id: UUID, principal: Maker, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Скачать зашифрованный для получателя пакет (CMS); каждое скачивание записывается в журнал."""
    package, content = await service.take_file(uow, runtime, principal, package_id)
    name = f"contingent-{package.as_of:%Y-%m-%d}-{package.number}.zip.p7m"
    return Response(content, media_type=_MEDIA, headers={"Content-Disposition": attachment(name)})


@router.post("/packages/{package_id}/receipt", status_code=201, response_model=PackageOut)
async def record_package_receipt(
    package_id: UUID, body: ReceiptIn, once: CreateOnce, principal: Maker, uow: Uow
) -> JSONResponse:
    """Внести квитанцию получателя: принятые и отклонённые записи с кодами."""

    async def record() -> tuple[int, dict[str, Any]]:
        return 201, _package(*await service.record_receipt(uow, principal, package_id, body)).model_dump(mode="json")

    return await once(record)


@router.get("/packages/{package_id}/rejections")
async def list_package_rejections(
    package_id: UUID, _principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[RejectionOut]:
    """Записи, отклонённые получателем, и организации, которым их исправлять."""
    found = await service.list_rejections(uow, package_id, limit, after_id(after))
    lines = [
        RejectionOut(id=one.student_id, organization_id=whose, code=one.code, title=one.title) for one, whose in found
    ]
    return paginate(lines, limit, lambda one: one.id)


@router.get("/package-log")
async def list_package_log(_principal: Reader, uow: Uow, limit: Limit = 100, after: After = None) -> Page[LogLine]:
    """Журнал технических выгрузок во внешние системы: кто, когда, кому, сколько записей."""
    found = await service.list_log(uow, limit, after_id(after))
    names = set(LogLine.model_fields) - {"receiver_id", "number"}
    lines = [
        LogLine(**{name: getattr(one, name) for name in names}, receiver_id=receiver, number=number)
        for one, receiver, number in found
    ]
    return paginate(lines, limit, lambda one: one.id)
