"""Routes of files, and how the slices that files belong to answer them."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, File, Response, UploadFile

from reportkit.disposition import attachment
from servicekit.http import CurrentRuntime, Uow, allow
from servicekit.security import Principal
from servicekit.sniffing import DOCUMENT_SUFFIXES
from sgo_journal.files import policies, service
from sgo_journal.files.schemas import FileOut, UploadOut

router = APIRouter(tags=["files"])

FILE: dict[int | str, dict[str, Any]] = {200: {"content": {one: {} for one in DOCUMENT_SUFFIXES}}}
"""What a route that answers a file declares."""


@router.post("/uploads", status_code=201)
async def upload_file(
    file: Annotated[UploadFile, File(description="PDF, JPEG, PNG, DOCX, XLSX, PPTX, ODT, ODS, ODP, не больше 10 МБ")],
    principal: Annotated[Principal, allow(policies.UPLOAD)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> UploadOut:
    """Загрузить файл; не прикреплённый в течение суток забывается."""
    content = await file.read(service.MOST_BYTES + 1)
    taken = await service.upload(uow, runtime, principal, file.filename or "", content)
    return UploadOut(upload_id=taken.id, name=taken.name, media_type=taken.media_type, size=taken.size)


def shown(files: Iterable[service.AttachedFile]) -> list[FileOut]:
    """Files as they are listed."""
    return [FileOut.model_validate(one, from_attributes=True) for one in files]


def answer(file: service.AttachedFile, content: bytes) -> Response:
    """A file to download, never shown by the browser as a page."""
    headers = {
        "Content-Disposition": attachment(file.name),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=file.media_type, headers=headers)
