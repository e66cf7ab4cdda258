"""HTTP of class list imports."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import JSONResponse

from servicekit import runs
from servicekit.http import CreateOnce, CurrentRuntime, Uow, allow
from servicekit.runs import Run
from servicekit.security import Principal
from sgo_core.groups.schemas import Year
from sgo_core.imports import policies, service
from sgo_core.imports.errors import UploadTooLargeError

router = APIRouter(tags=["class-lists"])

MAX_UPLOAD = 10 * 1024 * 1024


@router.post("/organizations/{organization_id}/class-lists", status_code=202, response_model=Run)
async def import_class_list(
    organization_id: UUID,
    file: Annotated[UploadFile, File(description="XLSX или CSV (UTF-8, «;»)")],
    academic_year: Annotated[Year, Form()],
    principal: Annotated[Principal, allow(policies.IMPORT)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Загрузить список классов (групп): проверка и запись идут отдельной работой."""
    content = await file.read(MAX_UPLOAD + 1)
    if len(content) > MAX_UPLOAD:
        raise UploadTooLargeError

    async def queue() -> Run:
        return await service.queue_import(uow, runtime, principal, organization_id, academic_year, content)

    digest = sha256(content + str(academic_year).encode()).digest()
    return await runs.answer_queued(once, runtime, "/api/core/v1/runs", queue, body=digest)
