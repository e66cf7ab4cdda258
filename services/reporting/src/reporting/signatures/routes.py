"""Outside signatures over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from reporting.signatures import policies, service
from reportkit.disposition import attachment
from servicekit.http import CreateOnce, CurrentRuntime, Uow, allow
from servicekit.security import Principal
from servicekit.signing.http import MEDIA_TYPE, Signature, SignatureFile, Signatures, answer_attached

router = APIRouter(tags=["signatures"])
Reader = Annotated[Principal, allow(policies.SIGNATURES_READ)]


@router.post("/reports/{report_id}/signatures", status_code=201, response_model=Signature)
async def attach_signature(
    report_id: UUID,
    file: SignatureFile,
    principal: Annotated[Principal, allow(policies.SIGNATURES_ATTACH)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Приложить к отчёту электронную подпись, поставленную во внешнем сервисе под файлом для подписания."""
    return await answer_attached(once, file, lambda: service.attach(uow, runtime.cipher, principal, report_id, file))


@router.get("/reports/{report_id}/signatures")
async def list_signatures(report_id: UUID, principal: Reader, uow: Uow) -> Signatures:
    """Электронные подписи под отчётом: кем приложены и чьи; подлинность подписи проверяет внешний сервис."""
    return Signatures.under(*await service.of_report(uow, principal, report_id))


@router.get(
    "/reports/{report_id}/signatures/{signature_id}/file",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
async def get_signature_file(
    report_id: UUID, signature_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Файл подписи, как он был приложен, — для проверки во внешнем сервисе; скачивание записывается в журнал."""
    content = await service.file_of(uow, runtime.cipher, principal, report_id, signature_id)
    headers = {"Content-Disposition": attachment(f"{report_id}.p7s"), "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
