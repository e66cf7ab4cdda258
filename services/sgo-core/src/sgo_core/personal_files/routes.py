"""HTTP of personal files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.http import after_id
from sgo_core.personal_files import policies, service
from sgo_core.personal_files.schemas import PaperIn, PaperMade, PaperOut, PaperPatch

router = APIRouter(tags=["personal-files"])
Keeper = Annotated[Principal, allow(policies.KEEP)]


@router.get("/students/{student_id}/personal-file")
async def list_personal_file(
    student_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[PaperOut]:
    """Опись бумаг личного дела."""
    found = await service.list_papers(uow, principal, student_id, limit, after_id(after))
    await audit.record(uow, principal, "personal-file.read", [student_id])
    return paginate([PaperOut.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)


@router.post("/students/{student_id}/personal-file", status_code=201, response_model=PaperMade)
async def add_personal_file_paper(
    student_id: UUID, body: PaperIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Внести бумагу в опись личного дела."""

    async def add() -> tuple[int, dict[str, Any]]:
        paper = await service.add_paper(uow, principal, student_id, body)
        await audit.record(uow, principal, "personal-file.add", [student_id])
        return 201, PaperMade(id=paper.id, version=paper.version).model_dump(mode="json")

    return await once(add)


@router.patch("/personal-file-papers/{paper_id}")
async def edit_personal_file_paper(
    paper_id: UUID, body: PaperPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> PaperOut:
    """Изменить запись описи: листы, выдача на руки, ошибочная запись."""
    paper = await service.edit_paper(uow, principal, paper_id, version, body)
    await audit.record(uow, principal, "personal-file.edit", [paper.student_id])
    response.headers["ETag"] = etag(paper.version)
    return PaperOut.model_validate(paper, from_attributes=True)
