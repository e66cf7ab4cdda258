"""Routes of the lessons."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.lessons import policies, service
from sgo_journal.lessons.model import Lesson
from sgo_journal.lessons.schemas import (
    AttendanceCodeOut,
    AttendanceOut,
    ChangeOut,
    Created,
    Dictionaries,
    LessonOut,
    LessonsIn,
    MarkOut,
    MarkValueOut,
    RecordedLesson,
    RecordIn,
)

router = APIRouter(tags=["lessons"])

Planner = Annotated[Principal, allow(policies.PLAN)]
Reader = Annotated[Principal, allow(policies.READ)]
Recorder = Annotated[Principal, allow(policies.RECORD)]


def _shown(lesson: Lesson) -> dict[str, object]:
    names = LessonOut.model_fields.keys() - {"marked"}
    return {**{name: getattr(lesson, name) for name in names}, "marked": lesson.marks}


def _recorded(record: service.Record) -> RecordedLesson:
    return RecordedLesson.model_validate(
        {
            **_shown(record.lesson),
            "attendance": [AttendanceOut(student_id=key, code=note.value) for key, note in record.attendance.items()],
            "marks": [
                MarkOut(student_id=key, value=mark.value, comment=mark.comment) for key, mark in record.marks.items()
            ],
        }
    )


@router.get("/dictionaries", dependencies=[allow(policies.READ)])
async def read_dictionaries(uow: Uow) -> Dictionaries:
    """Значения отметок и коды посещаемости."""
    marks, codes = await service.dictionaries(uow)
    return Dictionaries(
        marks=[MarkValueOut(code=mark.code, sign=mark.sign, title=mark.title) for mark in marks],
        attendance=[
            AttendanceCodeOut(code=code.code, sign=code.sign, title=code.title, absent=code.absent) for code in codes
        ],
    )


@router.post("/organizations/{organization_id}/lessons", status_code=201, response_model=Created)
async def set_lessons(
    organization_id: UUID, body: LessonsIn, principal: Planner, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Создать уроки: все или ни одного."""

    async def create() -> tuple[int, dict[str, Any]]:
        lessons = await service.set_lessons(uow, principal, organization_id, body.lessons)
        created = Created(items=[LessonOut.model_validate(_shown(lesson)) for lesson in lessons])
        return 201, created.model_dump(mode="json")

    return await once(create)


@router.get("/lessons")
async def list_lessons(
    group_id: UUID,
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to", description="Последний день, включительно")],
    principal: Reader,
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[LessonOut]:
    """Уроки класса (группы) за период; учителю — те, которые ведёт он."""
    lessons = await service.list_lessons(uow, principal, group_id, since, until, after, limit)
    shown = [LessonOut.model_validate(_shown(lesson)) for lesson in lessons]
    return paginate(shown, limit, lambda lesson: lesson.id)


@router.get("/lessons/{lesson_id}")
async def read_lesson(lesson_id: UUID, principal: Reader, uow: Uow, response: Response) -> RecordedLesson:
    """Урок с отметками и посещаемостью."""
    record = await service.read_lesson(uow, principal, lesson_id)
    response.headers["ETag"] = etag(record.lesson.version)
    return _recorded(record)


@router.put("/lessons/{lesson_id}/record")
async def record_lesson(
    lesson_id: UUID, body: RecordIn, version: IfMatch, principal: Recorder, uow: Uow, response: Response
) -> RecordedLesson:
    """Сохранить запись урока целиком: тему, домашнее задание, посещаемость, отметки."""
    record = await service.record_lesson(uow, principal, lesson_id, version, body)
    response.headers["ETag"] = etag(record.lesson.version)
    return _recorded(record)


@router.get("/lessons/{lesson_id}/changes")
async def list_changes(
    lesson_id: UUID, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[ChangeOut]:
    """История изменений отметок и посещаемости урока."""
    found = await service.list_changes(uow, principal, lesson_id, after, limit)
    shown = [ChangeOut.model_validate(change, from_attributes=True) for change in found]
    return paginate(shown, limit, lambda change: change.id)
