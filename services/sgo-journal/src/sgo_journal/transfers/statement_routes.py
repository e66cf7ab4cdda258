"""Routes of statements from paper, and of whose course what was brought is."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.files import routes as files
from sgo_journal.transfers import assigning, policies, statements
from sgo_journal.transfers.model import BroughtStatement
from sgo_journal.transfers.routes import Year
from sgo_journal.transfers.statement_schemas import StatementChange, StatementIn, StatementSaved, SubjectAssigned

router = APIRouter(tags=["brought marks"])

Writer = Annotated[Principal, allow(policies.WRITE)]
Assigner = Annotated[Principal, allow(policies.ASSIGN)]


def _saved(statement: BroughtStatement) -> StatementSaved:
    assert statement.version is not None
    return StatementSaved(statement_id=statement.id, version=statement.version)


@router.post("/students/{student_id}/brought-statements", status_code=201, response_model=StatementSaved)
async def enter_statement(
    student_id: UUID, body: StatementIn, principal: Writer, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Ввести ведомость отметок ученика, прибывшего в этом учебном году из-за пределов региона."""

    async def enter() -> tuple[int, dict[str, Any]]:
        return 201, _saved(await statements.enter(uow, principal, student_id, body)).model_dump(mode="json")

    return await once(enter)


@router.get("/students/{student_id}/brought-statements/changes")
async def list_statement_changes(
    student_id: UUID,
    academic_year: Year,
    principal: Writer,
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[StatementChange]:
    """История ведомостей ученика: что введено, изменено, удалено, к какому предмету отнесено, кем и когда."""
    found = await statements.history(uow, principal, student_id, academic_year, after, limit)
    shown = [StatementChange.model_validate(row, from_attributes=True) for row in found]
    return paginate(shown, limit, lambda one: one.id)


@router.put("/students/{student_id}/brought-statements/{statement_id}")
async def change_statement(
    student_id: UUID,
    statement_id: UUID,
    body: StatementIn,
    version: IfMatch,
    principal: Writer,
    uow: Uow,
    response: Response,
) -> StatementSaved:
    """Исправить ведомость: она становится такой, как прислано; файлы добавляются."""
    saved = _saved(await statements.change(uow, principal, student_id, statement_id, version, body))
    response.headers["ETag"] = etag(saved.version)
    return saved


@router.delete("/students/{student_id}/brought-statements/{statement_id}", status_code=204)
async def remove_statement(student_id: UUID, statement_id: UUID, version: IfMatch, principal: Writer, uow: Uow) -> None:
    """Удалить ведомость, введённую по ошибке; её содержание остаётся в истории."""
    await statements.remove(uow, principal, student_id, statement_id, version)


@router.get(
    "/students/{student_id}/brought-statements/{statement_id}/files/{file_id}",
    response_class=Response,
    responses=files.FILE,
)
async def read_statement_file(
    student_id: UUID,
    statement_id: UUID,
    file_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> Response:
    """Скачать скан ведомости."""
    return files.answer(*await statements.read_file(uow, runtime, principal, student_id, statement_id, file_id))


@router.put("/journals/{journal_id}/brought-subjects/{subject_id}")
async def assign_brought_subject(
    journal_id: UUID, subject_id: UUID, version: IfMatch, principal: Assigner, uow: Uow
) -> SubjectAssigned:
    """Отнести принесённый предмет к предмету журнала: его отметки считаются здесь."""
    course_id = await assigning.assign(uow, principal, journal_id, subject_id, version)
    return SubjectAssigned(subject_id=subject_id, course_id=course_id, version=version + 1)


@router.delete("/journals/{journal_id}/brought-subjects/{subject_id}")
async def unassign_brought_subject(
    journal_id: UUID, subject_id: UUID, version: IfMatch, principal: Assigner, uow: Uow
) -> SubjectAssigned:
    """Снять отнесение принесённого предмета к предмету журнала."""
    await assigning.unassign(uow, principal, journal_id, subject_id, version)
    return SubjectAssigned(subject_id=subject_id, course_id=None, version=version + 1)
