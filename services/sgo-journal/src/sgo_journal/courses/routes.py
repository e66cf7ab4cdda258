"""Routes of the courses for those who write them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.courses import policies, service, studying
from sgo_journal.courses.schemas import (
    CourseContentsIn,
    CourseCopyIn,
    CourseIn,
    CourseJournalsIn,
    CourseOut,
    CoursePatch,
    CourseProgressOut,
    CourseWithContents,
    ItemProgress,
    StudentProgress,
)
from sgo_journal.files import routes as files

router = APIRouter(tags=["courses"])

Reader = Annotated[Principal, allow(policies.READ)]
Writer = Annotated[Principal, allow(policies.WRITE)]


def _shown(course: service.Course, response: Response | None = None) -> CourseOut:
    if response is not None:
        response.headers["ETag"] = etag(course.version)
    return CourseOut.model_validate(course, from_attributes=True)


def _listed(found: service.Listed) -> CourseOut:
    return _shown(found.course).model_copy(update={"title": found.title, "description": found.description})


def _whole(found: service.Written, response: Response) -> CourseWithContents:
    shown = _shown(found.course, response).model_dump() | {"title": found.title, "description": found.description}
    return CourseWithContents(**shown, sections=list(found.sections), journal_ids=list(found.journal_ids))


@router.get("/organizations/{organization_id}/courses")
async def list_courses(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    academic_year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    subject_id: UUID | None = None,
    grade: Annotated[int | None, Query(ge=0, le=12)] = None,
    author_id: UUID | None = None,
    shared: Annotated[bool | None, Query(description="Библиотека организации")] = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[CourseOut]:
    """Курсы и материалы: свои, своих журналов, библиотека организации."""
    asked = {
        "academic_year": academic_year,
        "subject_id": subject_id,
        "grade": grade,
        "author_id": author_id,
        "shared": shared,
    }
    filters = {name: value for name, value in asked.items() if value is not None}
    found = await service.list_courses(
        uow, principal, organization_id, {"organization_id": organization_id, **filters}, after, limit
    )
    return paginate([_listed(one) for one in found], limit, lambda course: course.id)


@router.post("/organizations/{organization_id}/courses", status_code=201, response_model=CourseOut)
async def create_course(
    organization_id: UUID, body: CourseIn, principal: Writer, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Создать курс или подборку материалов по предмету."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.create(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/courses/{course_id}")
async def read_course(course_id: UUID, principal: Reader, uow: Uow, response: Response) -> CourseWithContents:
    """Курс в том виде, в каком его составляют; учителю журнала — в том, в каком он опубликован."""
    return _whole(await service.read(uow, principal, course_id), response)


@router.patch("/courses/{course_id}")
async def change_course(
    course_id: UUID, body: CoursePatch, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> CourseOut:
    """Изменить название, описание, предмет; поместить в библиотеку организации или в архив."""
    return _shown(await service.change(uow, principal, course_id, version, body), response)


@router.put("/courses/{course_id}/contents")
async def put_course_contents(
    course_id: UUID, body: CourseContentsIn, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> CourseWithContents:
    """Задать разделы и материалы; ученики видят прежние до новой публикации."""
    return _whole(await service.put_contents(uow, principal, course_id, version, body.sections), response)


@router.put("/courses/{course_id}/journals")
async def put_course_journals(
    course_id: UUID, body: CourseJournalsIn, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> CourseWithContents:
    """Назначить курс журналам: его видят их ученики."""
    return _whole(await studying.bind(uow, principal, course_id, version, body.journal_ids), response)


@router.post("/courses/{course_id}/publication")
async def publish_course(
    course_id: UUID, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> CourseOut:
    """Опубликовать курс в его нынешнем виде."""
    return _shown(await service.publish(uow, principal, course_id, version), response)


@router.post("/courses/{course_id}/copies", status_code=201, response_model=CourseOut)
async def copy_course(
    course_id: UUID, body: CourseCopyIn, principal: Writer, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Составить свой курс по другому: коллеги, прошлого года."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.copy(uow, principal, course_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/courses/{course_id}/progress")
async def read_course_progress(course_id: UUID, journal_id: UUID, principal: Reader, uow: Uow) -> CourseProgressOut:
    """Кто из учеников журнала что прочитал и сделал; просмотр записывается в журнал доступа."""
    found = await studying.progress(uow, principal, course_id, journal_id)
    counts = {item.id: sum(item.id in done for done in found.done.values()) for item in found.items}
    return CourseProgressOut(
        edition=found.edition,
        items=[ItemProgress(item_id=item.id, title=item.title, done=counts[item.id]) for item in found.items],
        students=[
            StudentProgress(
                student_id=line.student_id,
                name=line.name,
                done=[i for i in counts if i in found.done.get(line.student_id, ())],
            )
            for line in found.students
        ],
    )


@router.get("/courses/{course_id}/files/{file_id}", response_class=Response, responses=files.FILE)
async def read_course_file(
    course_id: UUID, file_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Скачать файл курса."""
    return files.answer(*await service.read_file(uow, runtime, principal, course_id, file_id))
