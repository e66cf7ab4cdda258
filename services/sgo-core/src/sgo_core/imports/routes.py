"""HTTP of class list imports."""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse

from servicekit.http import CurrentRuntime, Uow, allow
from servicekit.runs import Run
from servicekit.runtime import RUNS_CHANNEL
from servicekit.security import Principal
from sgo_core.groups.schemas import Year
from sgo_core.http import OptionalKey, once
from sgo_core.imports import policies, service
from sgo_core.imports.errors import UploadTooLargeError

router = APIRouter(tags=["class-lists"])

MAX_UPLOAD = 10 * 1024 * 1024


@router.post("/organizations/{organization_id}/class-lists", status_code=202, response_model=Run)
async def import_class_list(
    organization_id: UUID,
    file: Annotated[UploadFile, File(description="XLSX или CSV (UTF-8, «;»)")],
    academic_year: Annotated[Year, Form()],
    request: Request,
    principal: Annotated[Principal, allow(policies.IMPORT)],
    uow: Uow,
    runtime: CurrentRuntime,
    key: OptionalKey = None,
) -> JSONResponse:
    """Загрузить список классов (групп): проверка и запись идут отдельной работой."""
    content = await file.read(MAX_UPLOAD + 1)
    if len(content) > MAX_UPLOAD:
        raise UploadTooLargeError

    async def queue() -> tuple[int, dict[str, Any]]:
        run = await service.queue_import(uow, runtime, principal, organization_id, academic_year, content)
        return 202, run.model_dump(mode="json")

    digest = sha256(content + str(academic_year).encode()).digest()
    answer = await once(uow, request, principal, key, queue, body=digest)
    runtime.notify(RUNS_CHANNEL)
    answer.headers["Retry-After"] = "1"
    return answer
