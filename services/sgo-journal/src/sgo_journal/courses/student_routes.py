"""Routes of the courses for students and their guardians."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from servicekit.http import CurrentRuntime, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.courses import policies, studying
from sgo_journal.courses.contents import CourseSection
from sgo_journal.courses.schemas import DoneIn, StudentCourse, StudentCourseContents
from sgo_journal.files import routes as files

router = APIRouter(tags=["courses"])

Family = Annotated[Principal, allow(policies.STUDY)]


def _shown(found: studying.Studied) -> StudentCourse:
    names = ("id", "subject", "title", "description", "edition", "published_at")
    kept = {name: getattr(found, name) for name in names}
    return StudentCourse(**kept, items=len(found.item_ids), done=len(found.done_ids))


def _whole(found: tuple[studying.Studied, Sequence[CourseSection]]) -> StudentCourseContents:
    course, sections = found
    done = [item_id for item_id in course.item_ids if item_id in course.done_ids]
    return StudentCourseContents(**_shown(course).model_dump(), sections=list(sections), done_ids=done)


@router.get("/students/{student_id}/courses")
async def list_student_courses(
    student_id: UUID, principal: Family, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[StudentCourse]:
    """Опубликованные курсы журналов ученика."""
    found = await studying.of_student(uow, principal, student_id, after, limit)
    return paginate([_shown(course) for course in found], limit, lambda course: course.id)


@router.get("/students/{student_id}/courses/{course_id}")
async def read_student_course(student_id: UUID, course_id: UUID, principal: Family, uow: Uow) -> StudentCourseContents:
    """Опубликованный курс и что в нём пройдено."""
    return _whole(await studying.read(uow, principal, student_id, course_id))


@router.put("/students/{student_id}/courses/{course_id}/items/{item_id}")
async def put_item_done(
    student_id: UUID,
    course_id: UUID,
    item_id: UUID,
    body: DoneIn,
    principal: Annotated[Principal, allow(policies.PASS)],
    uow: Uow,
) -> StudentCourseContents:
    """Отметить, что материал прочитан или задание сделано."""
    return _whole(await studying.set_done(uow, principal, student_id, course_id, item_id, done=body.done))


@router.get("/students/{student_id}/courses/{course_id}/files/{file_id}", response_class=Response, responses=files.FILE)
async def read_student_course_file(
    student_id: UUID, course_id: UUID, file_id: UUID, principal: Family, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Скачать файл опубликованного курса."""
    return files.answer(*await studying.read_file(uow, runtime, principal, student_id, course_id, file_id))
