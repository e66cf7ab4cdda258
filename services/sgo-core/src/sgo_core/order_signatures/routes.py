"""Outside signatures of orders over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from reportkit.disposition import attachment
from servicekit.http import CreateOnce, CurrentRuntime, Uow, allow
from servicekit.security import Principal
from servicekit.signing.http import MEDIA_TYPE, Signature, SignatureFile, Signatures, answer_attached
from sgo_core.order_signatures import policies, service

router = APIRouter(tags=["signatures"])
Reader = Annotated[Principal, allow(policies.READ)]
_JSON = "application/json"


@router.get(
    "/orders/{order_id}/to-sign", response_class=Response, responses={200: {"content": {_JSON: {"schema": {}}}}}
)
async def export_order_to_sign(order_id: UUID, principal: Reader, uow: Uow) -> Response:
    """Файл, под которым ставится электронная подпись приказа: его неизменяемое содержание (JSON)."""
    content = await service.to_sign(uow, principal, order_id)
    return Response(content, media_type=_JSON, headers={"Content-Disposition": attachment(f"{order_id}.json")})


@router.post("/orders/{order_id}/signatures", status_code=201, response_model=Signature)
async def attach_order_signature(
    order_id: UUID,
    file: SignatureFile,
    principal: Annotated[Principal, allow(policies.ATTACH)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Приложить к приказу электронную подпись, поставленную во внешнем сервисе; такой приказ не возвращают на доработку."""
    return await answer_attached(once, file, lambda: service.attach(uow, runtime.cipher, principal, order_id, file))


@router.get("/orders/{order_id}/signatures")
async def list_order_signatures(order_id: UUID, principal: Reader, uow: Uow) -> Signatures:
    """Электронные подписи под приказом: кем приложены и чьи; подлинность подписи проверяет внешний сервис."""
    return Signatures.under(*await service.of_order(uow, principal, order_id))


@router.get(
    "/orders/{order_id}/signatures/{signature_id}/file",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
async def get_order_signature_file(
    order_id: UUID, signature_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Файл подписи приказа, как он был приложен; скачивание записывается в журнал."""
    content = await service.file_of(uow, runtime.cipher, principal, order_id, signature_id)
    headers = {"Content-Disposition": attachment(f"{order_id}.p7s"), "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
