"""Outside signatures over HTTP."""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile
from fastapi.responses import JSONResponse

from reporting.signatures import policies, service
from reporting.signatures.errors import SignatureTooLargeError
from reporting.signatures.schemas import Signature, Signatures
from reportkit.disposition import attachment
from servicekit.http import CreateOnce, CurrentRuntime, Uow, allow
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

router = APIRouter(tags=["signatures"])
Reader = Annotated[Principal, allow(policies.SIGNATURES_READ)]

MAX_SIGNATURE = 128 * 1024
_MEDIA_TYPE = "application/pkcs7-signature"


@router.post("/reports/{report_id}/signatures", status_code=201, response_model=Signature)
async def attach_signature(
    report_id: UUID,
    file: Annotated[
        UploadFile, File(description="Отсоединённая подпись CMS (.p7s, .sig; DER или PEM), не больше 128 КБ")
    ],
    principal: Annotated[Principal, allow(policies.SIGNATURES_ATTACH)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Приложить к отчёту электронную подпись, поставленную во внешнем сервисе под файлом для подписания."""
    content = await file.read(MAX_SIGNATURE + 1)
    if len(content) > MAX_SIGNATURE:
        raise SignatureTooLargeError

    async def attach() -> tuple[int, dict[str, Any]]:
        made = await service.attach(uow, runtime.cipher, principal, report_id, content)
        shown = next(one for one in (await _of(uow, principal, report_id)).items if one.id == made)
        return 201, shown.model_dump(mode="json")

    return await once(attach, body=sha256(content).digest())


@router.get("/reports/{report_id}/signatures")
async def list_signatures(report_id: UUID, principal: Reader, uow: Uow) -> Signatures:
    """Электронные подписи под отчётом: кем приложены и чьи; подлинность подписи проверяет внешний сервис."""
    return await _of(uow, principal, report_id)


@router.get(
    "/reports/{report_id}/signatures/{signature_id}/file",
    response_class=Response,
    responses={200: {"content": {_MEDIA_TYPE: {}}}},
)
async def get_signature_file(
    report_id: UUID, signature_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Файл подписи, как он был приложен, — для проверки во внешнем сервисе; скачивание записывается в журнал."""
    content = await service.file_of(uow, runtime.cipher, principal, report_id, signature_id)
    headers = {"Content-Disposition": attachment(f"{report_id}.p7s"), "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=_MEDIA_TYPE, headers=headers)


async def _of(uow: UnitOfWork, principal: Principal, report_id: UUID) -> Signatures:
    digest, found = await service.of_report(uow, principal, report_id)
    return Signatures(sha256=digest, items=[Signature.of(one) for one in found])
