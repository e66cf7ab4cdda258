"""Use cases of the lessons."""

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Group, require_visible
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.lessons import events, policies, repository
from sgo_journal.lessons.errors import LessonsInvalidError, LessonSlotTakenError, RecordInvalidError
from sgo_journal.lessons.model import AttendanceCode, Lesson, MarkValue, RecordChange
from sgo_journal.lessons.record import Entries, Entry, EntryKind, changes
from sgo_journal.lessons.schemas import LessonIn, RecordIn
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Stay

_CHUNK = 1000


@dataclass(frozen=True)
class Record:
    """A lesson with what is noted at it, by student."""

    lesson: Lesson
    marks: Entries
    attendance: Entries


async def set_lessons(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, planned: Sequence[LessonIn]
) -> list[Lesson]:
    """Set lessons of an organization, all or none; raises ``LessonsInvalidError`` or ``LessonSlotTakenError``."""
    await require_visible(uow, principal, organization_id)
    groups = await repository.groups(uow.session, organization_id, {lesson.group_id for lesson in planned})
    wrong = [error for place, lesson in enumerate(planned) for error in _wrong_plan(place, lesson, groups)]
    if wrong:
        raise LessonsInvalidError(errors=wrong)
    lessons = [_lesson(uow, groups[lesson.group_id], lesson) for lesson in planned]
    if not await repository.add(uow.session, lessons):
        raise LessonSlotTakenError
    return [Lesson(**lesson) for lesson in lessons]


def _wrong_plan(place: int, lesson: LessonIn, groups: dict[UUID, Group]) -> Iterable[FieldError]:
    group = groups.get(lesson.group_id)
    if group is None:
        yield FieldError(f"/body/lessons/{place}/group_id", "lesson.group-unknown", "Нет такого класса (группы)")
    elif not group.starts_on <= lesson.date < group.ends_on:
        yield FieldError(f"/body/lessons/{place}/date", "lesson.outside-year", "Дата вне учебного года класса (группы)")


def _lesson(uow: UnitOfWork, group: Group, planned: LessonIn) -> dict[str, Any]:
    return {
        "organization_id": group.organization_id,
        "academic_year": group.academic_year,
        "id": new_id(),
        **planned.model_dump(),
        "homework": None,
        "version": 1,
        "created_at": uow.now,
        "recorded_at": None,
        "learners": 0,
        "absent": 0,
        "marks": 0,
    }


async def list_lessons(
    uow: UnitOfWork,
    principal: Principal,
    group_id: UUID,
    since: dt.date,
    until: dt.date,
    after: UUID | None,
    limit: int,
) -> Sequence[Lesson]:
    """Lessons of a group within [since, until]; a teacher sees those the teacher gives."""
    group = await rosters.visible_group(uow, principal, group_id)
    visible = policies.in_view(principal)
    return await repository.of_group(uow.session, visible, group, since, until, after, limit)


async def read_lesson(uow: UnitOfWork, principal: Principal, lesson_id: UUID) -> Record:
    """A lesson with its record."""
    lesson = await _visible(uow, principal, lesson_id)
    marks = await repository.marks(uow.session, lesson)
    return Record(lesson, marks, await repository.attendance(uow.session, lesson))


async def _visible(uow: UnitOfWork, principal: Principal, lesson_id: UUID) -> Lesson:
    lesson = await repository.one(uow.session, policies.in_view(principal), lesson_id)
    if lesson is None:
        raise NotFoundError
    return lesson


async def record_lesson(
    uow: UnitOfWork, principal: Principal, lesson_id: UUID, version: int, record: RecordIn
) -> Record:
    """Replace a lesson's record: every mark and attendance note of the lesson in one transaction.

    Raises ``VersionMismatchError`` if the record was saved since ``version``, ``RecordInvalidError`` if a student is named
    twice, a code is unknown, or something new is noted of a student who was not in the class on the lesson's date: what had
    been noted before a backdated departure may stand or be taken away. Of two writers of one version one wins.
    """
    await rosters.hold_merges(uow)
    lesson = await _visible(uow, principal, lesson_id)
    written = record.model_dump(include={"topic", "homework"}, exclude_unset=True)
    if not await repository.take_version(uow.session, lesson, version, {**written, "recorded_at": uow.now}):
        raise VersionMismatchError
    members = await rosters.members(uow, lesson.organization_id, lesson.academic_year, lesson.group_id, lesson.date)
    old_marks = await repository.marks(uow.session, lesson)
    old_attendance = await repository.attendance(uow.session, lesson)
    named_marks = [(mark.student_id, Entry(mark.value, mark.comment)) for mark in record.marks]
    named_attendance = [(note.student_id, Entry(note.code)) for note in record.attendance]
    wrong_students = [
        *_wrong_students("marks", named_marks, members, old_marks),
        *_wrong_students("attendance", named_attendance, members, old_attendance),
    ]
    absences = await _check(uow, record, wrong_students)
    marks, attendance = dict(named_marks), dict(named_attendance)
    found = [
        *changes(EntryKind.MARK, old_marks, marks),
        *changes(EntryKind.ATTENDANCE, old_attendance, attendance),
    ]
    await repository.apply(uow.session, lesson, version + 1, found, principal.account_id, uow.now)
    counts = {
        "learners": len(members),
        "absent": sum(note.value in absences for student, note in attendance.items() if student in members),
        "marks": len(marks),
    }
    await repository.set_counts(uow.session, lesson, counts)
    await uow.session.refresh(lesson)
    uow.publish(events.lesson_recorded(lesson), version=lesson.version)
    return Record(lesson, marks, attendance)


async def _check(uow: UnitOfWork, record: RecordIn, wrong_students: Iterable[FieldError]) -> frozenset[str]:
    """Refuse what cannot be noted; returns the codes of attendance that mean an absence."""
    values = {value.code for value in await repository.mark_values(uow.session)}
    codes = {code.code: code.absent for code in await repository.attendance_codes(uow.session)}
    wrong = [
        *wrong_students,
        *_wrong_codes("marks", "value", [mark.value for mark in record.marks], values),
        *_wrong_codes("attendance", "code", [note.code for note in record.attendance], codes.keys()),
    ]
    if wrong:
        raise RecordInvalidError(errors=wrong)
    return frozenset(code for code, absent in codes.items() if absent)


def _wrong_students(
    part: str, named: Sequence[tuple[UUID, Entry]], members: frozenset[UUID], old: Entries
) -> Iterable[FieldError]:
    seen: set[UUID] = set()
    for place, (student_id, entry) in enumerate(named):
        pointer = f"/body/{part}/{place}/student_id"
        if student_id not in members and old.get(student_id) != entry:
            yield FieldError(pointer, "lesson-record.not-on-roster", "Ученик не состоит в классе на дату урока")
        elif student_id in seen:
            yield FieldError(pointer, "lesson-record.student-twice", "Ученик указан дважды")
        seen.add(student_id)


def _wrong_codes(part: str, field: str, given: Sequence[str], known: Iterable[str]) -> Iterable[FieldError]:
    allowed = frozenset(known)
    for place, code in enumerate(given):
        if code not in allowed:
            yield FieldError(
                f"/body/{part}/{place}/{field}", "lesson-record.unknown-code", "Значение не из справочника"
            )


async def apply_merges(uow: UnitOfWork, merges: Sequence[tuple[UUID, UUID | None, str]]) -> None:
    """Let stays, marks and attendance of a card be those of the child it was merged into, or its own again."""
    for student_id, merged_into in await rosters.apply_merges(uow, merges):
        await repository.move_notes(uow.session, student_id, merged_into)


async def list_changes(
    uow: UnitOfWork, principal: Principal, lesson_id: UUID, after: UUID | None, limit: int
) -> Sequence[RecordChange]:
    """Who changed what in a lesson's record and when."""
    return await repository.history(uow.session, await _visible(uow, principal, lesson_id), after, limit)


async def dictionaries(uow: UnitOfWork) -> tuple[Sequence[MarkValue], Sequence[AttendanceCode]]:
    """Values of marks and codes of attendance, each in its order."""
    return await repository.mark_values(uow.session), await repository.attendance_codes(uow.session)


@dataclass(frozen=True)
class StudentLesson:
    """A lesson as one student had it; codes as in the dictionaries."""

    lesson: Lesson
    mark: Entry | None
    attendance: str | None


async def lessons_of_student(
    uow: UnitOfWork, principal: Principal, student_id: UUID, stays: Sequence[Stay], since: dt.date, until: dt.date
) -> list[StudentLesson]:
    """Lessons of [since, until) in the groups where the student was on each day; a teacher sees those the teacher gives."""
    rows = await repository.of_student(uow.session, policies.given_by(principal), student_id, stays, since, until)
    return [
        StudentLesson(lesson, Entry(value, comment) if value is not None else None, code)
        for lesson, value, comment, code in rows
    ]


async def recorded_lessons(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every recorded lesson at its version, for a reader that is rebuilt."""
    after = None
    while lessons := await repository.recorded(session, after, _CHUNK):
        yield [
            Aggregate(events.lesson_recorded(lesson), lesson.recorded_at, lesson.version)
            for lesson in lessons
            if lesson.recorded_at is not None
        ]
        after = lessons[-1].id
        session.expunge_all()
