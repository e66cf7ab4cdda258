"""Courses before their students: who sees which, who goes through them, how a class is getting on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from servicekit import audit
from servicekit.errors import FieldError, NotFoundError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.courses import contents, repository, service
from sgo_journal.courses.contents import CourseItem, CourseSection
from sgo_journal.courses.errors import CourseInvalidError
from sgo_journal.courses.repository import Studied
from sgo_journal.courses.service import Written
from sgo_journal.files import service as files
from sgo_journal.files.service import AttachedFile
from sgo_journal.journals import service as journals
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import RosterLine

__all__ = ["Studied"]


async def bind(
    uow: UnitOfWork, principal: Principal, course_id: UUID, version: int, journal_ids: Sequence[UUID]
) -> Written:
    """Let the students of these journals and of no others see the course.

    Raises ``CourseInvalidError`` for journals of another organization or year; a teacher adds and takes away only journals the
    teacher teaches today, else ``ForbiddenError``.
    """
    course = await service.changeable(uow, principal, course_id)
    await service.touch(uow, course, version)
    before, after = set(await repository.journals_of(uow.session, course)), set(journal_ids)
    found = await journals.known(uow, course.organization_id, before ^ after)
    wrong = [
        FieldError(f"/body/journal_ids/{place}", "course.journal-unknown", "Нет такого журнала этого учебного года")
        for place, key in enumerate(journal_ids)
        if key not in before and (key not in found or found[key].academic_year != course.academic_year)
    ]
    if wrong:
        raise CourseInvalidError(errors=wrong)
    await journals.require_written_by(uow, principal, course.organization_id, found.keys())
    rows = [{"id": new_id(), "journal_id": key} for key in sorted(after - before)]
    await repository.bind(uow.session, course, rows, before - after)
    return await service.written(uow, course)


@dataclass(frozen=True)
class Progress:
    """How the students of a journal are getting on with what is published: done items by student."""

    edition: int
    items: Sequence[CourseItem]
    students: Sequence[RosterLine]
    done: Mapping[UUID, Sequence[UUID]]


async def progress(uow: UnitOfWork, principal: Principal, course_id: UUID, journal_id: UUID) -> Progress:
    """Who of the students of a journal, all of which the caller sees, has done what today; audited."""
    course = await service.visible(uow, principal, course_id)
    journal, _ = await journals.whole(uow, principal, journal_id)
    if journal.id not in await repository.journals_of(uow.session, course):
        raise NotFoundError
    key = journal.organization_id, journal.academic_year
    students = await rosters.roster(uow, *key, journal.learners_id, uow.clock.today())
    ids = [line.student_id for line in students]
    await audit.record(uow, principal, "course.progress.read", ids)
    edition = await repository.edition(uow.session, repository.key_of(course), course.edition)
    if edition is None:
        return Progress(0, [], students, {})
    found = await repository.done(uow.session, repository.key_of(course), ids, edition.item_ids)
    return Progress(edition.number, list(contents.items(contents.kept(edition.contents))), students, found)


async def of_student(
    uow: UnitOfWork, principal: Principal, student_id: UUID, after: UUID | None, limit: int
) -> Sequence[Studied]:
    """Published courses of the journals where the student is today, for the family; one more than ``limit``."""
    await _require_family(uow, principal, student_id)
    return await repository.of_student(uow.session, student_id, uow.clock.today(), None, after, limit)


async def read(
    uow: UnitOfWork, principal: Principal, student_id: UUID, course_id: UUID
) -> tuple[Studied, Sequence[CourseSection]]:
    """A published course of the student's, for the family."""
    await _require_family(uow, principal, student_id)
    found = await repository.of_student(uow.session, student_id, uow.clock.today(), course_id, None, 1)
    if not found:
        raise NotFoundError
    edition = await repository.edition(uow.session, found[0].key, found[0].edition)
    assert edition is not None  # the statement above joins it
    return found[0], contents.kept(edition.contents)


async def _require_family(uow: UnitOfWork, principal: Principal, student_id: UUID) -> None:
    if not await rosters.is_family(uow, principal, student_id):
        raise NotFoundError


async def set_done(
    uow: UnitOfWork, principal: Principal, student_id: UUID, course_id: UUID, item_id: UUID, *, done: bool
) -> tuple[Studied, Sequence[CourseSection]]:
    """Note by the student whether an item is read or done; the same again changes nothing."""
    await rosters.hold_merges(uow)
    course, _ = await read(uow, principal, student_id, course_id)
    if item_id not in course.item_ids:
        raise NotFoundError
    if done:
        row = {**course.key, "id": new_id(), "student_id": student_id, "item_id": item_id, "done_at": uow.now}
        await repository.set_done(uow.session, row)
    else:
        await repository.set_undone(uow.session, course.key, student_id, item_id)
    return await read(uow, principal, student_id, course_id)


async def read_file(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, student_id: UUID, course_id: UUID, file_id: UUID
) -> tuple[AttachedFile, bytes]:
    """A file of a published course of the student's, for the family."""
    _, sections = await read(uow, principal, student_id, course_id)
    if not contents.holds_file(sections, file_id):
        raise NotFoundError
    return await files.read_known(uow, runtime, file_id)
