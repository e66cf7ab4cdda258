"""Routes of outside signatures under archives of closed journals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from reportkit.disposition import attachment
from servicekit.http import CreateOnce, CurrentRuntime, Uow, allow
from servicekit.security import Principal
from servicekit.signing.http import MEDIA_TYPE, Signature, SignatureFile, Signatures, answer_attached
from servicekit.signing.keeping import Attached
from sgo_journal.archives import policies, service, signatures

router = APIRouter(tags=["signatures"])

Reader = Annotated[Principal, allow(policies.READ)]
_JSON = "application/json"


@router.get(
    "/archives/{archive_id}/to-sign", response_class=Response, responses={200: {"content": {_JSON: {"schema": {}}}}}
)
async def export_archive_to_sign(archive_id: UUID, principal: Reader, uow: Uow) -> Response:
    """Файл, под которым ставится электронная подпись закрытых журналов: опись архива с контрольными суммами."""
    content = await signatures.to_sign(uow, await service.visible(uow, principal, archive_id))
    return Response(content, media_type=_JSON, headers={"content-disposition": attachment("manifest.json")})


@router.post("/archives/{archive_id}/signatures", status_code=201, response_model=Signature)
async def attach_archive_signature(
    archive_id: UUID,
    file: SignatureFile,
    principal: Annotated[Principal, allow(policies.SIGN)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Приложить к архиву закрытых журналов электронную подпись, поставленную во внешнем сервисе под его описью."""

    async def attach() -> Attached:
        archive = await service.visible(uow, principal, archive_id)
        return await signatures.attach(uow, runtime.cipher, principal, archive, file)

    return await answer_attached(once, file, attach)


@router.get("/archives/{archive_id}/signatures")
async def list_archive_signatures(archive_id: UUID, principal: Reader, uow: Uow) -> Signatures:
    """Электронные подписи под архивом журналов: кем приложены и чьи; подлинность подписи проверяет внешний сервис."""
    return Signatures.under(*await signatures.listed(uow, await service.visible(uow, principal, archive_id)))


@router.get(
    "/archives/{archive_id}/signatures/{signature_id}/file",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
async def get_archive_signature_file(
    archive_id: UUID, signature_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Файл подписи архива, как он был приложен; скачивание записывается в журнал."""
    archive = await service.visible(uow, principal, archive_id)
    content = await signatures.file_of(uow, runtime.cipher, principal, archive, signature_id)
    headers = {"content-disposition": attachment("manifest.p7s"), "x-content-type-options": "nosniff"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
