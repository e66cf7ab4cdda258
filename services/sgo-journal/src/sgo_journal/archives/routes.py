"""Routes of the archives of journals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse

from reportkit.disposition import attachment
from servicekit import runs
from servicekit.http import CreateOnce, CurrentRuntime, Limit, Page, Uow, allow, paginate
from servicekit.runs import Run
from servicekit.security import Principal
from sgo_journal.archives import policies, service
from sgo_journal.archives.schemas import ArchiveFileOut, ArchiveIn, ArchiveOut, SealOut
from sgo_journal.archives.service import Listed
from sgo_journal.printing import PDF, download

router = APIRouter(tags=["archives"])

Maker = Annotated[Principal, allow(policies.MAKE)]
Reader = Annotated[Principal, allow(policies.READ)]
_ZIP = "application/zip"


def _shown(listed: Listed) -> ArchiveOut:
    one, seal = listed.archive, None
    if one.sealed_block is not None and one.sealed_hash is not None:
        seal = SealOut(block=one.sealed_block, hash=one.sealed_hash.hex())
    return ArchiveOut(
        id=one.id,
        academic_year=one.academic_year,
        learners_id=one.learners_id,
        made_by=one.made_by,
        made_at=one.made_at,
        seal=seal,
        done=listed.done,
        total=listed.total,
        finished_at=one.finished_at,
        manifest_sha256=None if one.manifest_sha256 is None else one.manifest_sha256.hex(),
        failed_at=one.failed_at,
        failure=one.failure,
    )


def _file(one: service.ArchiveFile) -> ArchiveFileOut:
    return ArchiveFileOut(
        id=one.id,
        journal_id=one.journal_id,
        learners_id=one.learners_id,
        name=one.name,
        read_at=one.read_at,
        size=one.size,
        sha256=None if one.sha256 is None else one.sha256.hex(),
    )


@router.post("/organizations/{organization_id}/archives", status_code=202, response_model=Run)
async def make_archive(
    organization_id: UUID, body: ArchiveIn, principal: Maker, uow: Uow, runtime: CurrentRuntime, once: CreateOnce
) -> JSONResponse:
    """Составить архив журналов за учебный год: класса или всей организации."""

    async def queue() -> Run:
        return await service.queue(uow, principal, organization_id, body.academic_year, body.learners_id)

    return await runs.answer_queued(once, runtime, "/api/journal/v1/runs", queue)


@router.get("/organizations/{organization_id}/archives")
async def list_archives(
    organization_id: UUID,
    academic_year: Annotated[int, Query(ge=2000, le=2100, description="Год начала учебного года")],
    principal: Reader,
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[ArchiveOut]:
    """Архивы журналов за учебный год и ход их составления."""
    found = await service.list_archives(uow, principal, organization_id, academic_year, after, limit)
    return paginate([_shown(one) for one in found], limit, lambda one: one.id)


@router.get("/archives/{archive_id}/files")
async def list_archive_files(
    archive_id: UUID, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[ArchiveFileOut]:
    """Журналы архива: имя, размер, контрольная сумма SHA-256."""
    found = await service.list_files(uow, principal, archive_id, after, limit)
    return paginate([_file(one) for one in found], limit, lambda one: one.id)


@router.get("/archives/{archive_id}/files/{file_id}", response_class=Response, responses={200: {"content": {PDF: {}}}})
async def download_archived_journal(
    archive_id: UUID, file_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Журнал из архива в PDF."""
    file, content = await service.read_file(uow, runtime, principal, archive_id, file_id)
    return download(content, file.name.replace("/", ", "))


@router.get("/archives/{archive_id}/content", response_class=Response, responses={200: {"content": {_ZIP: {}}}})
async def download_archive(
    archive_id: UUID,
    principal: Reader,
    uow: Uow,
    runtime: CurrentRuntime,
    learners_id: Annotated[UUID | None, Query(description="Только класса (с подгруппами) или группы")] = None,
) -> Response:
    """Готовый архив целиком или одного класса: ZIP с описью."""
    archive, content = await service.pack(uow, runtime, principal, archive_id, learners_id)
    name = f"Архив журналов {archive.academic_year}-{archive.academic_year + 1}.zip"
    headers = {"content-disposition": attachment(name), "cache-control": "no-store"}
    return StreamingResponse(content, media_type=_ZIP, headers=headers)
