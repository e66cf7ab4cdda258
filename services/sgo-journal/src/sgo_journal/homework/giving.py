"""Homework is given, changed, taken away; who reads it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from asu_contracts.access import FAMILY, Role
from servicekit import audit
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.files import service as files
from sgo_journal.files.service import AttachedFile
from sgo_journal.homework import repository
from sgo_journal.homework.errors import HomeworkInvalidError, TooMuchHomeworkError
from sgo_journal.homework.model import Homework, HomeworkStudent
from sgo_journal.homework.repository import Task
from sgo_journal.homework.schemas import HomeworkIn, HomeworkPatch, TaskKind
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.service import Lesson
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff

_MOST = 60
"""Homework of one lesson: enough for a task of each student's own."""


@dataclass(frozen=True)
class Given:
    """A homework with the day it is due, whom it is for (none for all) and its files."""

    homework: Homework
    due_on: dt.date | None
    students: Sequence[UUID] | None
    files: Sequence[AttachedFile]


async def give(uow: UnitOfWork, principal: Principal, lesson_id: UUID, body: HomeworkIn) -> Given:
    """Give homework at a lesson the caller may write in.

    Raises ``HomeworkInvalidError``, ``LessonClosedError``, ``TooMuchHomeworkError``.
    """
    await rosters.hold_merges(uow)
    lesson = await lessons.writable(uow, principal, lesson_id, *_named(body.due_lesson_id))
    await _check(uow, lesson, body.due_lesson_id, body.due_date, body.student_ids or ())
    key = lesson.organization_id, lesson.academic_year
    if len(await repository.of_lesson(uow.session, *key, lesson.id)) >= _MOST:
        raise TooMuchHomeworkError
    made = Homework(
        organization_id=lesson.organization_id,
        academic_year=lesson.academic_year,
        id=new_id(),
        journal_id=lesson.journal_id,
        lesson_id=lesson.id,
        individual=body.student_ids is not None,
        author_id=author(principal),
        version=1,
        created_at=uow.now,
        removed_at=None,
        **body.model_dump(exclude={"student_ids", "upload_ids"}),
    )
    uow.session.add(made)
    await uow.session.flush()
    uow.session.add_all(
        HomeworkStudent(
            organization_id=key[0],
            academic_year=key[1],
            id=new_id(),
            homework_id=made.id,
            student_id=student_id,
            recorded_as=None,
        )
        for student_id in dict.fromkeys(body.student_ids or ())
    )
    await files.attach(uow, principal, *key, made.id, body.upload_ids)
    return await given(uow, made)


def _named(lesson_id: object) -> tuple[UUID, ...]:
    return (lesson_id,) if isinstance(lesson_id, UUID) else ()


async def _check(
    uow: UnitOfWork,
    lesson: Lesson,
    due_lesson_id: UUID | None,
    due_date: dt.date | None,
    student_ids: Sequence[UUID],
) -> None:
    wrong = []
    if due_lesson_id is not None and due_date is not None:
        wrong.append(FieldError("/body/due_date", "homework.due-twice", "Укажите или урок, или день"))
    elif due_lesson_id is not None and not await lessons.follows(uow, lesson, due_lesson_id):
        title = "Нужен более поздний урок того же журнала"
        wrong.append(FieldError("/body/due_lesson_id", "homework.due-lesson", title))
    elif due_date is not None and due_date < lesson.date:
        wrong.append(FieldError("/body/due_date", "homework.due-date", "День сдачи раньше урока"))
    if student_ids:
        there = await members(uow, lesson)
        wrong += [
            FieldError(f"/body/student_ids/{place}", "homework.student", "Ученика нет в списке на день урока")
            for place, student_id in enumerate(student_ids)
            if student_id not in there
        ]
    if wrong:
        raise HomeworkInvalidError(errors=wrong)


async def members(uow: UnitOfWork, lesson: Lesson) -> frozenset[UUID]:
    """Who was on the roster on the day of a lesson."""
    return await rosters.members(uow, lesson.organization_id, lesson.academic_year, lesson.learners_id, lesson.date)


async def change(uow: UnitOfWork, principal: Principal, homework_id: UUID, version: int, body: HomeworkPatch) -> Given:
    """Change a homework of a lesson the caller may write in; raises ``HomeworkInvalidError``, ``VersionMismatchError``."""
    one, lesson = await _changeable(uow, principal, homework_id, *_named(body.due_lesson_id))
    values = body.model_dump(exclude_unset=True, exclude={"upload_ids"})
    if values.get("due_lesson_id") is not None:
        values.setdefault("due_date", None)
    elif values.get("due_date") is not None:
        values["due_lesson_id"] = None
    await _check(uow, lesson, values.get("due_lesson_id"), values.get("due_date"), ())
    await _write(uow, one, version, values)
    key = one.organization_id, one.academic_year
    attached = (await files.of(uow, *key, [one.id]))[one.id]
    if len(attached) + len(body.upload_ids) > files.MOST_FILES:
        title = f"Не больше {files.MOST_FILES} файлов"
        raise HomeworkInvalidError(errors=[FieldError("/body/upload_ids", "homework.files", title)])
    await files.attach(uow, principal, *key, one.id, body.upload_ids)
    return await given(uow, one)


async def remove(uow: UnitOfWork, principal: Principal, homework_id: UUID, version: int) -> None:
    """Take a homework away: nobody sees it any more, nor what was handed in."""
    one, _ = await _changeable(uow, principal, homework_id)
    await _write(uow, one, version, {"removed_at": uow.now})


async def _changeable(
    uow: UnitOfWork, principal: Principal, homework_id: UUID, *beside: UUID
) -> tuple[Homework, Lesson]:
    one = await repository.one(uow.session, homework_id)
    if one is None:
        raise NotFoundError
    return one, await lessons.writable(uow, principal, one.lesson_id, *beside)


async def _write(uow: UnitOfWork, one: Homework, version: int, values: Mapping[str, object]) -> None:
    if not await repository.change(uow.session, one, version, values):
        raise VersionMismatchError
    await uow.session.refresh(one)


async def at_lesson(uow: UnitOfWork, principal: Principal, lesson_id: UUID) -> list[Given]:
    """What is given at a lesson the caller sees."""
    lesson = await lessons.visible(uow, principal, lesson_id)
    key = lesson.organization_id, lesson.academic_year
    found = await repository.of_lesson(uow.session, *key, lesson.id)
    due, students = await repository.due(uow.session, found), await repository.students(uow.session, found)
    attached = await files.of(uow, *key, [one.id for one in found])
    return [
        Given(one, due.get(one.id), students[one.id] if one.individual else None, attached[one.id]) for one in found
    ]


async def given(uow: UnitOfWork, one: Homework) -> Given:
    """A homework with what belongs to it."""
    due, students = await repository.due(uow.session, [one]), await repository.students(uow.session, [one])
    attached = await files.of(uow, one.organization_id, one.academic_year, [one.id])
    return Given(one, due.get(one.id), students[one.id] if one.individual else None, attached[one.id])


async def read(uow: UnitOfWork, principal: Principal, homework_id: UUID) -> Given:
    """A homework: to staff who see the lesson, to students it is for and their guardians; others find nothing.

    A family is not told who else an individual homework is for.
    """
    one = await repository.one(uow.session, homework_id)
    if one is None:
        raise NotFoundError
    if principal.role not in FAMILY:
        await lessons.visible(uow, principal, one.lesson_id)
        return await given(uow, one)
    found = await given(uow, one)
    if not await recipients(uow, found) & await own_students(uow, principal):
        raise NotFoundError
    return Given(one, found.due_on, None, found.files)


async def recipients(uow: UnitOfWork, of: Given) -> frozenset[UUID]:
    """Students a homework is for: who was on the roster that day, of an individual one those named."""
    one = of.homework
    there = await members(uow, await lessons.known(uow, one.organization_id, one.academic_year, one.lesson_id))
    return there if of.students is None else there & frozenset(of.students)


async def own_students(uow: UnitOfWork, principal: Principal) -> frozenset[UUID]:
    """The student, or the guardian's children whose data the guardian may see today."""
    if principal.person_id is None:
        return frozenset()
    if principal.role is Role.STUDENT:
        return frozenset({principal.person_id})
    return await rosters.children_of(uow, principal.person_id)


async def read_file(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, homework_id: UUID, file_id: UUID
) -> tuple[AttachedFile, bytes]:
    """A file of a homework the caller reads."""
    one = (await read(uow, principal, homework_id)).homework
    return await files.read(uow, runtime, one.organization_id, one.academic_year, one.id, file_id)


async def of_student(
    uow: UnitOfWork,
    principal: Principal,
    student_id: UUID,
    days: tuple[dt.date, dt.date],
    kind: TaskKind | None,
    after: UUID | None,
    limit: int,
    *,
    overdue: bool,
) -> Sequence[Task]:
    """What a student has to do across subjects, due within ``days``, both included: homework and debts, or one of these.

    ``overdue``: only what should have been handed in.

    For the student and the guardians everything; for the office and the class teacher what the own organization gave, audited.
    """
    today = uow.clock.today()
    organization_id = None
    if principal.role in FAMILY:
        if student_id not in await own_students(uow, principal):
            raise NotFoundError
    else:
        organization_id = principal.unit.organization_id
        stays = await rosters.stays(uow, student_id, today, today + dt.timedelta(days=1), organization_id)
        led: Collection[UUID] = {stay.group_id for stay in stays}
        if principal.role is Role.TEACHER:
            led = await staff.leads(uow, principal.person_id, led, today)
        if not led:
            raise NotFoundError
        await audit.record(uow, principal, "student.homework.read", [student_id])
    kinds = tuple(TaskKind) if kind is None else (kind,)
    return await repository.of_student(
        uow.session, student_id, organization_id, days, today, kinds, after, limit, overdue=overdue
    )
