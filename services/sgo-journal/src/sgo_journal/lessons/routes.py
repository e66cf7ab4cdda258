"""Routes of the lessons."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.lessons import places, policies, service
from sgo_journal.lessons.schemas import (
    Created,
    LessonOut,
    LessonPatch,
    LessonsIn,
    LessonWithWorks,
    WorkOut,
    WorksIn,
)

router = APIRouter(tags=["lessons"])

Planner = Annotated[Principal, allow(policies.PLAN)]
Reader = Annotated[Principal, allow(policies.READ)]
Recorder = Annotated[Principal, allow(policies.RECORD)]


def _fields(lesson: service.Lesson) -> dict[str, object]:
    names = LessonOut.model_fields.keys() - {"marked"}
    return {**{name: getattr(lesson, name) for name in names}, "marked": lesson.marks}


def _shown(lesson: service.Lesson) -> LessonOut:
    return LessonOut.model_validate(_fields(lesson))


def _whole(found: tuple[service.Lesson, Sequence[service.LessonWork]]) -> LessonWithWorks:
    lesson, works = found
    shown = [WorkOut.model_validate(work, from_attributes=True) for work in works]
    return LessonWithWorks.model_validate({**_fields(lesson), "works": shown})


@router.post("/organizations/{organization_id}/lessons", status_code=201, response_model=Created)
async def set_lessons(
    organization_id: UUID, body: LessonsIn, principal: Planner, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Создать уроки: все или ни одного."""

    async def create() -> tuple[int, dict[str, Any]]:
        lessons = await service.set_lessons(uow, principal, organization_id, body.lessons)
        created = Created(items=[_shown(lesson) for lesson in lessons])
        return 201, created.model_dump(mode="json")

    return await once(create)


@router.get("/lessons")
async def list_lessons(
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to", description="Последний день, включительно")],
    principal: Reader,
    uow: Uow,
    learners_id: UUID | None = None,
    journal_id: UUID | None = None,
    after: places.After = None,
    limit: Limit = 100,
) -> Page[LessonOut]:
    """Уроки организации, класса (группы) или журнала за период; учителю — те, которые ведёт он."""
    asked = {"learners_id": learners_id, "journal_id": journal_id}
    filters = {name: value for name, value in asked.items() if value is not None}
    lessons = await service.list_lessons(uow, principal, filters, since, until, after, limit)
    return paginate([_shown(lesson) for lesson in lessons], limit, lambda one: places.key(one.date, one.number, one.id))


@router.get("/lessons/{lesson_id}")
async def read_lesson(lesson_id: UUID, principal: Reader, uow: Uow, response: Response) -> LessonWithWorks:
    """Урок и его работы."""
    shown = _whole(await service.read_lesson(uow, principal, lesson_id))
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.patch("/lessons/{lesson_id}")
async def change_lesson(
    lesson_id: UUID, body: LessonPatch, version: IfMatch, principal: Recorder, uow: Uow, response: Response
) -> LessonWithWorks:
    """Записать тему, домашнее задание, завершение отметки посещаемости."""
    shown = _whole(await service.change_lesson(uow, principal, lesson_id, version, body))
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.put("/lessons/{lesson_id}/works")
async def put_works(
    lesson_id: UUID, body: WorksIn, version: IfMatch, principal: Recorder, uow: Uow, response: Response
) -> LessonWithWorks:
    """Задать работы урока: вид, название, вес."""
    shown = _whole(await service.put_works(uow, principal, lesson_id, version, body.works))
    response.headers["ETag"] = etag(shown.version)
    return shown
