"""Routes of homework and of what students hand in."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.files import routes as files
from sgo_journal.files.service import AttachedFile
from sgo_journal.homework import giving, handing, policies
from sgo_journal.homework.giving import Given
from sgo_journal.homework.schemas import (
    AnswerIn,
    HandInIn,
    HandInOut,
    HomeworkGiven,
    HomeworkIn,
    HomeworkOut,
    HomeworkPatch,
    StudentWork,
    StudentWorks,
    TaskKind,
    TaskOut,
    VersionsOut,
)
from sgo_journal.homework.service import HandIn

router = APIRouter(tags=["homework"])

Giver = Annotated[Principal, allow(policies.GIVE)]
Staff = Annotated[Principal, allow(policies.READ_GIVEN)]
Reader = Annotated[Principal, allow(policies.READ)]
Family = Annotated[Principal, allow(policies.HAND_IN)]


def _shown(given: Given) -> HomeworkOut:
    one = given.homework
    return HomeworkOut(
        id=one.id,
        lesson_id=one.lesson_id,
        journal_id=one.journal_id,
        text=one.text,
        due_lesson_id=one.due_lesson_id,
        due_date=one.due_date,
        due_on=given.due_on,
        required=one.required,
        minutes=one.minutes,
        student_ids=None if given.students is None else list(given.students),
        files=files.shown(given.files),
        version=one.version,
    )


def _version(number: int, handed: HandIn, attached: Sequence[AttachedFile]) -> HandInOut:
    names = HandInOut.model_fields.keys() - {"number", "files"}
    kept = {name: getattr(handed, name) for name in names}
    return HandInOut.model_validate({**kept, "number": number, "files": files.shown(attached)})


def _versions(handed: Sequence[HandIn], attached: Mapping[UUID, Sequence[AttachedFile]]) -> list[HandInOut]:
    return [_version(number, one, attached[one.id]) for number, one in enumerate(handed, 1)]


def _unopened(handed: Sequence[HandIn]) -> list[HandInOut]:
    shown = [_version(number, one, ()) for number, one in enumerate(handed, 1)]
    return [one.model_copy(update={"text": None, "comment": None}) for one in shown]


@router.post("/lessons/{lesson_id}/homework", status_code=201, response_model=HomeworkOut)
async def give_homework(
    lesson_id: UUID, body: HomeworkIn, principal: Giver, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Задать на уроке: всем или отдельным ученикам, к следующему уроку или к сроку."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await giving.give(uow, principal, lesson_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/lessons/{lesson_id}/homework")
async def list_homework(lesson_id: UUID, principal: Staff, uow: Uow) -> HomeworkGiven:
    """Что задано на уроке."""
    return HomeworkGiven(items=[_shown(one) for one in await giving.at_lesson(uow, principal, lesson_id)])


@router.get("/homework/{homework_id}")
async def read_homework(homework_id: UUID, principal: Reader, uow: Uow, response: Response) -> HomeworkOut:
    """Домашнее задание и его файлы."""
    shown = _shown(await giving.read(uow, principal, homework_id))
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.patch("/homework/{homework_id}")
async def change_homework(
    homework_id: UUID, body: HomeworkPatch, version: IfMatch, principal: Giver, uow: Uow, response: Response
) -> HomeworkOut:
    """Изменить задание, срок, добавить файлы."""
    shown = _shown(await giving.change(uow, principal, homework_id, version, body))
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.delete("/homework/{homework_id}", status_code=204)
async def remove_homework(homework_id: UUID, version: IfMatch, principal: Giver, uow: Uow) -> None:
    """Убрать задание: его больше никто не видит."""
    await giving.remove(uow, principal, homework_id, version)


@router.get("/homework/{homework_id}/files/{file_id}", response_class=Response, responses=files.FILE)
async def read_homework_file(
    homework_id: UUID, file_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Скачать файл задания."""
    return files.answer(*await giving.read_file(uow, runtime, principal, homework_id, file_id))


@router.get("/homework/{homework_id}/works")
async def list_works(homework_id: UUID, principal: Staff, uow: Uow) -> StudentWorks:
    """Кто что сдал и кто не сдал; классному руководителю — без самих работ; просмотр записывается в журнал доступа."""
    found = await handing.works(uow, principal, homework_id)
    due, today = found.given.due_on, uow.clock.today()
    return StudentWorks(
        due_on=due,
        items=[
            StudentWork(
                student_id=work.student_id,
                name=work.name,
                overdue=due is not None and due < today and not work.stands,
                versions=_versions(work.versions, found.files) if found.opened else _unopened(work.versions),
            )
            for work in found.works
        ],
    )


@router.post("/homework/{homework_id}/hand-ins", status_code=201, response_model=HandInOut)
async def hand_in(homework_id: UUID, body: HandInIn, principal: Family, uow: Uow, once: CreateOnce) -> JSONResponse:
    """Сдать работу или её новый вариант."""

    async def create() -> tuple[int, dict[str, Any]]:
        await handing.hand_in(uow, principal, homework_id, body)
        found, attached = await handing.versions_of(uow, principal, homework_id, body.student_id)
        return 201, _versions(found, attached)[-1].model_dump(mode="json")

    return await once(create, kept=lambda answer: {**answer, "text": None, "files": []})


@router.get("/homework/{homework_id}/hand-ins")
async def list_hand_ins(homework_id: UUID, student_id: UUID, principal: Family, uow: Uow) -> VersionsOut:
    """Варианты работы ученика и ответы учителя."""
    found, attached = await handing.versions_of(uow, principal, homework_id, student_id)
    return VersionsOut(items=_versions(found, attached))


@router.post("/hand-ins/{hand_in_id}/answer")
async def answer_hand_in(
    hand_in_id: UUID, body: AnswerIn, version: IfMatch, principal: Giver, uow: Uow, response: Response
) -> HandInOut:
    """Принять работу или вернуть её на доработку."""
    number, handed, attached = await handing.answer(uow, principal, hand_in_id, version, body)
    response.headers["ETag"] = etag(handed.version)
    return _version(number, handed, attached)


@router.get("/hand-ins/{hand_in_id}/files/{file_id}", response_class=Response, responses=files.FILE)
async def read_hand_in_file(
    hand_in_id: UUID, file_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Скачать файл сданной работы; скачивание работником записывается в журнал доступа."""
    return files.answer(*await handing.read_file(uow, runtime, principal, hand_in_id, file_id))


@router.get("/students/{student_id}/homework")
async def list_tasks(
    student_id: UUID,
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to", description="Последний день, включительно")],
    principal: Reader,
    uow: Uow,
    kind: Annotated[TaskKind | None, Query(description="Только задания или только долги")] = None,
    overdue: Annotated[bool, Query(description="Только просроченное")] = False,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[TaskOut]:
    """Что ученику нужно сделать в эти дни по всем предметам: домашние задания и незакрытые долги («точки»)."""
    found = await giving.of_student(uow, principal, student_id, (since, until), kind, after, limit, overdue=overdue)
    return paginate([TaskOut.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)
