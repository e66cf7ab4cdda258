"""Use cases of the courses for those who write them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orgdirectory import require_visible
from servicekit.errors import FieldError, ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.courses import contents, policies, repository
from sgo_journal.courses.contents import CourseItem, CourseSection
from sgo_journal.courses.errors import CourseArchivedError, CourseEmptyError, CourseInvalidError
from sgo_journal.courses.model import Course, CourseEdition
from sgo_journal.courses.schemas import CourseCopyIn, CourseIn, CoursePatch, CourseSectionIn, ItemIn
from sgo_journal.dates import is_near
from sgo_journal.files import service as files
from sgo_journal.files.schemas import FileOut
from sgo_journal.files.service import AttachedFile
from sgo_journal.people import author
from sgo_journal.study import service as study

__all__ = ["Course"]

_MOST_FILES = 100


@dataclass(frozen=True)
class Listed:
    """A course in a list, called as the caller sees it."""

    course: Course
    title: str
    description: str | None


@dataclass(frozen=True)
class Written:
    """A course as the caller sees it: as its author has it, or as it was published."""

    course: Course
    title: str
    description: str | None
    sections: Sequence[CourseSection]
    journal_ids: Sequence[UUID]


async def visible(uow: UnitOfWork, principal: Principal, course_id: UUID) -> Course:
    """A course the caller sees, or ``NotFoundError``."""
    course = await repository.one(uow.session, policies.visible_to(principal, uow.clock.today()), course_id)
    if course is None:
        raise NotFoundError
    return course


async def changeable(uow: UnitOfWork, principal: Principal, course_id: UUID) -> Course:
    """A course the caller may change; raises ``NotFoundError``, ``ForbiddenError``."""
    course = await visible(uow, principal, course_id)
    if not policies.may_change(principal, course):
        raise ForbiddenError
    return course


async def list_courses(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    after: UUID | None,
    limit: int,
) -> Sequence[Listed]:
    """Courses of an organization that the caller sees, without contents, one more than ``limit``; ``filters`` by column.

    They are called as they were published where the caller sees no more than that.
    """
    await require_visible(uow, principal, organization_id)
    seen = policies.visible_to(principal, uow.clock.today())
    found = await repository.page(uow.session, seen, filters, after, limit)
    drafts = {one.id: (one.title, one.description) for one in found if policies.sees_draft(principal, one)}
    called = drafts | await repository.published(uow.session, [one for one in found if one.id not in drafts])
    return [Listed(one, *called[one.id]) for one in found]


async def read(uow: UnitOfWork, principal: Principal, course_id: UUID) -> Written:
    """A course with its contents: the published ones to a teacher of its journals, unless it is the teacher's own or shared."""
    course = await visible(uow, principal, course_id)
    if policies.sees_draft(principal, course):
        return await written(uow, course)
    edition = await repository.edition(uow.session, repository.key_of(course), course.edition)
    assert edition is not None  # only what was published is visible
    return await _written(uow, course, edition)


async def written(uow: UnitOfWork, course: Course) -> Written:
    """What belongs to a course."""
    return await _written(uow, course, course)


async def _written(uow: UnitOfWork, course: Course, said: Course | CourseEdition) -> Written:
    journal_ids = await repository.journals_of(uow.session, course)
    return Written(course, said.title, said.description, contents.kept(said.contents), journal_ids)


async def create(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: CourseIn) -> Course:
    """Make an empty course; raises ``CourseInvalidError``."""
    await require_visible(uow, principal, organization_id)
    _check([*_wrong_year(uow, body.academic_year), *await _wrong_subject(uow, organization_id, body.subject_id)])
    return await _add(uow, principal, organization_id, {**body.model_dump(), "contents": []})


async def copy(uow: UnitOfWork, principal: Principal, course_id: UUID, body: CourseCopyIn) -> Course:
    """Make the caller's own course of another one, a colleague's or last year's; nobody else sees it yet."""
    seen = await read(uow, principal, course_id)
    _check(_wrong_year(uow, body.academic_year))
    course = seen.course
    same = {
        "subject_id": course.subject_id,
        "grade": course.grade,
        "description": seen.description,
        "contents": contents.to_keep(seen.sections),
    }
    return await _add(uow, principal, course.organization_id, {**same, **body.model_dump()})


async def _add(uow: UnitOfWork, principal: Principal, organization_id: UUID, values: Mapping[str, Any]) -> Course:
    course = Course(
        organization_id=organization_id,
        id=new_id(),
        author_id=author(principal),
        shared=False,
        edition=0,
        archived_at=None,
        version=1,
        created_at=uow.now,
        **values,
    )
    uow.session.add(course)
    await uow.session.flush()
    return course


async def _wrong_subject(uow: UnitOfWork, organization_id: UUID, subject_id: UUID | None) -> list[FieldError]:
    if subject_id is None or await study.is_usable_subject(uow, organization_id, subject_id):
        return []
    return [FieldError("/body/subject_id", "course.subject-unknown", "Нет такого предмета")]


def _wrong_year(uow: UnitOfWork, academic_year: int) -> list[FieldError]:
    if is_near(academic_year, uow.clock.today()):
        return []
    return [FieldError("/body/academic_year", "course.year", "Только прошлый, этот и следующий учебный год")]


def _check(wrong: list[FieldError]) -> None:
    if wrong:
        raise CourseInvalidError(errors=wrong)


async def change(uow: UnitOfWork, principal: Principal, course_id: UUID, version: int, body: CoursePatch) -> Course:
    """Change a course beside its contents; families see another title with the next edition."""
    course = await changeable(uow, principal, course_id)
    values = body.model_dump(exclude_unset=True)
    _check(await _wrong_subject(uow, course.organization_id, values.get("subject_id")))
    if "archived" in values:
        values["archived_at"] = (course.archived_at or uow.now) if values.pop("archived") else None
    await _write(uow, course, version, values)
    return course


async def touch(uow: UnitOfWork, course: Course, version: int) -> None:
    """Hold a course at its version and raise it; raises ``VersionMismatchError``."""
    await _write(uow, course, version, {})


async def _write(uow: UnitOfWork, course: Course, version: int, values: Mapping[str, Any]) -> None:
    if not await repository.change(uow.session, course, version, values):
        raise VersionMismatchError
    await uow.session.refresh(course)


async def put_contents(
    uow: UnitOfWork, principal: Principal, course_id: UUID, version: int, sections: Sequence[CourseSectionIn]
) -> Written:
    """Replace the contents of a course, not of what is published; raises ``CourseInvalidError``, ``UploadUnknownError``."""
    course = await changeable(uow, principal, course_id)
    await touch(uow, course, version)
    before = contents.kept(course.contents)
    if wrong := list(_wrong(sections, {item.id for item in contents.items(before)})):
        raise CourseInvalidError(errors=wrong)
    known = await _files(uow, principal, course, before, sections)
    filled = [
        CourseSection(title=section.title, items=[_item(item, known) for item in section.items]) for section in sections
    ]
    course.contents = contents.to_keep(filled)
    await uow.session.flush()
    return await written(uow, course)


_NEEDS = {"text": "text", "task": "text", "link": "link", "file": "file_id"}


def _wrong(sections: Sequence[CourseSectionIn], before: set[UUID]) -> Iterable[FieldError]:
    seen: set[UUID] = set()
    for place, section in enumerate(sections):
        for number, item in enumerate(section.items):
            pointer = f"/body/sections/{place}/items/{number}"
            if getattr(item, _NEEDS[item.kind]) is None:
                yield FieldError(f"{pointer}/{_NEEDS[item.kind]}", "course.item-empty", "Материал не заполнен")
            if item.kind != "file" and item.file_id is not None:
                yield FieldError(f"{pointer}/file_id", "course.item-file", "Файл бывает только у материала «файл»")
            if item.id is not None and item.id not in before:
                yield FieldError(f"{pointer}/id", "course.item-unknown", "В курсе нет такого материала")
            elif item.id in seen:
                yield FieldError(f"{pointer}/id", "course.item-twice", "Материал указан дважды")
            elif item.id is not None:
                seen.add(item.id)
    named = [item for section in sections for item in section.items]
    if len(named) > contents.MOST_ITEMS:
        title = f"Не больше {contents.MOST_ITEMS} материалов"
        yield FieldError("/body/sections", "course.too-many-items", title)
    if len({item.file_id for item in named if item.file_id is not None}) > _MOST_FILES:
        yield FieldError("/body/sections", "course.too-many-files", f"Не больше {_MOST_FILES} файлов")


async def _files(
    uow: UnitOfWork,
    principal: Principal,
    course: Course,
    before: Sequence[CourseSection],
    sections: Sequence[CourseSectionIn],
) -> Mapping[UUID, FileOut]:
    """Files of the course, those of a course it was copied from, and uploads that are attached now."""
    key = course.organization_id, course.academic_year, course.id
    known = {item.file.id: item.file for item in contents.items(before) if item.file is not None}
    attached: list[AttachedFile] = (await files.of(uow, *key[:2], [course.id]))[course.id]
    have = known.keys() | {file.id for file in attached}
    wanted = {item.file_id for section in sections for item in section.items if item.file_id is not None}
    attached += await files.attach(uow, principal, *key, sorted(wanted - have))
    return known | {file.id: FileOut.model_validate(file, from_attributes=True) for file in attached}


def _item(item: ItemIn, known: Mapping[UUID, FileOut]) -> CourseItem:
    return CourseItem(
        id=item.id or new_id(),
        kind=item.kind,
        title=item.title,
        text=item.text,
        link=None if item.link is None else str(item.link),
        file=None if item.file_id is None else known[item.file_id],
    )


async def publish(uow: UnitOfWork, principal: Principal, course_id: UUID, version: int) -> Course:
    """Let families see the course as it is now, until the next time; raises ``CourseEmptyError``, ``CourseArchivedError``."""
    course = await changeable(uow, principal, course_id)
    await _write(uow, course, version, {"edition": course.edition + 1})
    if course.archived_at is not None:
        raise CourseArchivedError
    item_ids = [item.id for item in contents.items(contents.kept(course.contents))]
    if not item_ids:
        raise CourseEmptyError
    uow.session.add(
        CourseEdition(
            **repository.key_of(course),
            id=new_id(),
            number=course.edition,
            title=course.title,
            description=course.description,
            contents=course.contents,
            item_ids=item_ids,
            published_by=author(principal),
            published_at=uow.now,
        )
    )
    await uow.session.flush()
    return course


async def read_file(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, course_id: UUID, file_id: UUID
) -> tuple[AttachedFile, bytes]:
    """A file of a course the caller sees."""
    found = await read(uow, principal, course_id)
    if not contents.holds_file(found.sections, file_id):
        raise NotFoundError
    return await files.read_known(uow, runtime, file_id)
