"""HTTP of uploads and scans."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile
from fastapi.responses import JSONResponse

from reportkit.disposition import attachment as download
from servicekit import audit
from servicekit.http import After, CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.sniffing import SUFFIXES
from sgo_core.attachments import policies, service
from sgo_core.attachments.errors import TooLargeError
from sgo_core.attachments.kinds import KINDS
from sgo_core.attachments.model import Attachment
from sgo_core.attachments.schemas import (
    AttachmentIn,
    AttachmentMade,
    AttachmentOut,
    DocumentKindOut,
    DocumentKindsOut,
    RemovalIn,
    Subject,
    UploadOut,
)
from sgo_core.catalogue.definition import CardKind
from sgo_core.http import after_id

router = APIRouter(tags=["attachments"])
Keeper = Annotated[Principal, allow(policies.KEEP)]
Reader = Annotated[Principal, allow(policies.READ)]

MAX_UPLOAD = 10 * 1024 * 1024
_SCAN: dict[int | str, dict[str, Any]] = {200: {"content": {one: {} for one in SUFFIXES}}}


@router.get("/document-kinds")
async def list_document_kinds(_principal: Reader) -> DocumentKindsOut:
    """Виды документов, сканы которых хранятся, и правила их хранения."""
    return DocumentKindsOut(
        items=[
            DocumentKindOut(
                code=one.code,
                title=one.title,
                of=list(one.of),
                field=one.field,
                record=one.record,
                retention={kind: one.rule(kind) for kind in one.of},
            )
            for one in KINDS.values()
        ]
    )


@router.post("/uploads", status_code=201)
async def upload_scan(
    file: Annotated[UploadFile, File(description="PDF, JPEG или PNG, не больше 10 МБ")],
    principal: Keeper,
    uow: Uow,
    runtime: CurrentRuntime,
) -> UploadOut:
    """Загрузить скан; не прикреплённый в течение суток забывается."""
    content = await file.read(MAX_UPLOAD + 1)
    if len(content) > MAX_UPLOAD:
        raise TooLargeError
    taken = await service.upload(uow, runtime, principal, content)
    return UploadOut(upload_id=taken.id, media_type=taken.media_type, size=taken.size, sha256=taken.sha256.hex())


@router.post("/attachments", status_code=201, response_model=AttachmentMade)
async def attach_scan(body: AttachmentIn, once: CreateOnce, principal: Keeper, uow: Uow) -> JSONResponse:
    """Прикрепить загруженный скан к карточке, согласию или приказу."""

    async def create() -> tuple[int, dict[str, Any]]:
        made = await service.attach(uow, principal, body)
        return 201, AttachmentMade(id=made.id, version=made.version).model_dump(mode="json")

    return await once(create)


@router.get("/attachments")
async def list_attachments(
    subject_kind: Subject,
    subject_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[AttachmentOut]:
    """Сканы документов карточки; просмотр записывается в журнал доступа."""
    kind = CardKind(subject_kind)
    found = await service.list_attachments(uow, principal, kind, subject_id, limit, after_id(after))
    await audit.record(uow, principal, "attachments.list", [subject_id])
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/attachments/{attachment_id}/file", response_class=Response, responses=_SCAN)
async def read_scan(attachment_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Скачать скан; скачивание записывается в журнал доступа."""
    found, content = await service.read(uow, runtime, principal, attachment_id)
    name = f"{KINDS[found.kind].title}.{SUFFIXES[found.media_type]}"
    headers = {
        "Content-Disposition": download(name),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=found.media_type, headers=headers)


@router.post("/attachments/{attachment_id}/removal")
async def remove_scan(
    attachment_id: UUID, body: RemovalIn, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> AttachmentOut:
    """Удалить скан: его больше никто не видит, файл уничтожается через тридцать дней."""
    removed = await service.remove(uow, principal, attachment_id, version, body.reason)
    response.headers["ETag"] = etag(removed.version)
    return _out(removed)


def _out(one: Attachment) -> AttachmentOut:
    return AttachmentOut.model_validate(
        {
            "id": one.id,
            "version": one.version,
            "subject_kind": one.subject_kind,
            "subject_id": one.subject_id,
            "kind": one.kind,
            "title": KINDS[one.kind].title,
            "record_id": one.consent_id or one.order_id,
            "media_type": one.media_type,
            "size": one.size,
            "sha256": one.sha256.hex(),
            "attached_at": one.attached_at,
            "removed_at": one.removed_at,
        }
    )
