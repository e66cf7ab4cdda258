"""Routes of files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import JSONResponse

from eu_enrollment.attachments import policies, service
from eu_enrollment.attachments.model import KIND_TITLES, AttachmentKind
from eu_enrollment.attachments.schemas import AttachmentOut
from eu_enrollment.database import Record
from eu_enrollment.runtime import CurrentRuntime
from servicekit.http import CreateOnce, Uow, allow
from servicekit.security import Principal
from servicekit.sniffing import SUFFIXES

router = APIRouter(tags=["attachments"])
Adding = Annotated[Principal, allow(policies.ADD)]
Reading = Annotated[Principal, allow(policies.READ)]
_CREATED = 201
_SCAN: dict[int | str, dict[str, Any]] = {200: {"content": {one: {} for one in SUFFIXES}}}


@router.post("/attachments", status_code=_CREATED, response_model=AttachmentOut)
async def add_attachment(
    application_id: Annotated[UUID, Form(description="Идентификатор черновика или заявления")],
    kind: Annotated[AttachmentKind, Form()],
    file: Annotated[UploadFile, File(description="PDF, JPEG или PNG, не больше 10 МБ")],
    once: CreateOnce,
    principal: Adding,
    uow: Uow,
    runtime: CurrentRuntime,
    benefit: Annotated[str | None, Form(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = None,
) -> JSONResponse:
    """Приложить файл документа к черновику или заявлению."""
    content = await file.read(service.MOST_BYTES + 1)

    async def create() -> tuple[int, dict[str, Any]]:
        made = await service.add(uow, runtime, principal, application_id, kind, benefit, content)
        return _CREATED, _out(made).model_dump(mode="json")

    return await once(create, body=f"{application_id} {kind} {benefit} ".encode() + content)


@router.get("/attachments")
async def list_attachments(application_id: UUID, principal: Reading, uow: Uow) -> list[AttachmentOut]:
    """Файлы документов черновика или заявления."""
    return [_out(row) for row in await service.of_application(uow, principal, application_id)]


@router.get("/attachments/{attachment_id}/file", response_class=Response, responses=_SCAN)
async def read_attachment(attachment_id: UUID, principal: Reading, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Скачать файл; скачивание записывается в журнал доступа."""
    found, content = await service.read(uow, runtime, principal, attachment_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.kind}.{SUFFIXES[found.media_type]}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=found.media_type, headers=headers)


@router.delete("/attachments/{attachment_id}", status_code=204)
async def remove_attachment(attachment_id: UUID, principal: Adding, uow: Uow) -> None:
    """Убрать свой файл: его больше никто не видит."""
    await service.remove(uow, principal, attachment_id)


def _out(row: Record) -> AttachmentOut:
    return AttachmentOut(
        id=row.id,
        application_id=row.application_id,
        kind=row.kind,
        title=KIND_TITLES[AttachmentKind(row.kind)],
        benefit=row.benefit,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256.hex(),
        uploaded_at=row.uploaded_at,
    )
