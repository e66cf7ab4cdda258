"""Official blanks over HTTP."""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from reporting.blanks import policies, service
from reporting.blanks.errors import BlankError, BlankTooLargeError
from reporting.blanks.schemas import Anchors, BlankOut
from reporting.builds.schemas import FormCode
from reportkit.disposition import attachment
from reportkit.xlsx import MEDIA_TYPE
from servicekit.http import CreateOnce, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["blanks"])
Reader = Annotated[Principal, allow(policies.BLANKS_READ)]
Supplier = Annotated[Principal, allow(policies.BLANKS_SUPPLY)]

MAX_BLANK = 4 * 1024 * 1024


@router.post("/blanks", status_code=201, response_model=BlankOut)
async def supply_blank(
    form: Annotated[FormCode, Form(description="Код формы")],
    edition: Annotated[str, Form(min_length=1, max_length=40, description="Редакция формы")],
    file: Annotated[UploadFile, File(description="Официальный бланк (XLSX), не больше 4 МБ")],
    principal: Supplier,
    uow: Uow,
    once: CreateOnce,
    anchors: Annotated[
        str | None,
        Form(max_length=5000, description='Первые ячейки разделов, JSON: `{"7": "Лист3!C12"}`; без них — по редакции'),
    ] = None,
) -> JSONResponse:
    """Загрузить официальный бланк редакции: форма будет выгружаться в него."""
    content = await file.read(MAX_BLANK + 1)
    if len(content) > MAX_BLANK:
        raise BlankTooLargeError
    places = _anchors(anchors)

    async def keep() -> tuple[int, dict[str, Any]]:
        made = await service.supply(uow, principal, form, edition, content, places)
        return 201, BlankOut.model_validate(await service.get(uow.session, made)).model_dump(mode="json")

    sent = f"{form}\n{edition}\n{anchors}\n{sha256(content).hexdigest()}"
    return await once(keep, body=sent.encode())


@router.get("/blanks")
async def list_blanks(
    _principal: Reader, uow: Uow, form: FormCode | None = None, limit: Limit = 100, after: UUID | None = None
) -> Page[BlankOut]:
    """Бланки форм: версии, новые первыми."""
    found = await service.page(uow.session, form, after, limit + 1)
    return paginate([BlankOut.model_validate(one) for one in found], limit, lambda one: one.id)


@router.get("/blanks/{blank_id}/file", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
async def get_blank_file(blank_id: UUID, _principal: Reader, uow: Uow) -> Response:
    """Файл бланка, как он был загружен."""
    found = await service.whole(uow.session, blank_id)
    name = f"{found.form}-{found.edition}-{found.version}.xlsx"
    headers = {"Content-Disposition": attachment(name), "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type=MEDIA_TYPE, headers=headers)


@router.post("/blanks/{blank_id}/withdrawal")
async def withdraw_blank(blank_id: UUID, principal: Supplier, uow: Uow) -> BlankOut:
    """Отозвать бланк: формы выгружаются в прежнюю версию или в собственный макет."""
    await service.withdraw(uow, principal, blank_id)
    return BlankOut.model_validate(await service.get(uow.session, blank_id))


def _anchors(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    try:
        return Anchors.model_validate_json(text).root
    except ValidationError:
        raise BlankError('Места разделов записываются как {"7": "Лист3!C12"}') from None
