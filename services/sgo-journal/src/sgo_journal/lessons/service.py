"""Use cases of the lessons."""

import datetime as dt
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from orgdirectory import require_visible
from servicekit.errors import FieldError, ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.journals.service import Journal
from sgo_journal.lessons import events, planning, policies, repository
from sgo_journal.lessons.errors import (
    LessonCancelledError,
    LessonClosedError,
    LessonNotYetError,
    LessonsInvalidError,
    LessonSlotTakenError,
    WorksInvalidError,
)
from sgo_journal.lessons.model import Lesson, LessonWork
from sgo_journal.lessons.places import Place
from sgo_journal.lessons.repository import Day, LessonAbout
from sgo_journal.lessons.schemas import LessonIn, LessonPatch, WorkIn
from sgo_journal.people import author
from sgo_journal.plans import service as plans
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learners
from sgo_journal.study import service as study

__all__ = ["Lesson", "LessonAbout", "LessonWork"]

_CHUNK = 1000
_UNTOLD = ""
"""The subject of a journal whose name has not arrived yet."""
_RECORDED = frozenset({"topic", "topic_id", "attendance_checked"})
"""What tells that a lesson took place, once its day has come."""


async def set_lessons(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, planned: Sequence[LessonIn]
) -> list[Lesson]:
    """Set lessons that were planned elsewhere, all or none: clashes are not judged, as they are for the timetable's own.

    One that names no teacher gets the one who teaches in the journal on its day, if it is one. Raises ``LessonsInvalidError`` or
    ``LessonSlotTakenError``.
    """
    await require_visible(uow, principal, organization_id)
    await planning.hold(uow.session, organization_id)
    of = await journals.known(uow, organization_id, {lesson.journal_id for lesson in planned})
    learners = await rosters.learners(uow, {journal.learners_id for journal in of.values()})
    wrong = [error for place, lesson in enumerate(planned) for error in _wrong_plan(place, lesson, of, learners)]
    wrong += await _wrong_named(uow, organization_id, planned)
    if not wrong:
        wrong = await _closed(uow, organization_id, planned, of)
    if wrong:
        raise LessonsInvalidError(errors=wrong)
    sole = await _sole_teachers(uow, organization_id, planned, of)
    rows = [
        planning.new_lesson(
            organization_id,
            of[lesson.journal_id].academic_year,
            uow.now,
            learners_id=of[lesson.journal_id].learners_id,
            by_hand=True,
            **lesson.model_dump() | {"teacher_id": lesson.teacher_id or sole.get((lesson.journal_id, lesson.date))},
        )
        for lesson in planned
    ]
    if not await repository.add(uow.session, rows):
        raise LessonSlotTakenError
    why = planning.Reason("Уроки внесены готовым расписанием", author(principal), uow.now)
    await planning.keep_added(uow.session, rows, why)
    return [Lesson(**row) for row in rows]


def _wrong_plan(
    place: int, lesson: LessonIn, of: Mapping[UUID, Journal], learners: Mapping[UUID, Learners]
) -> Iterable[FieldError]:
    journal = of.get(lesson.journal_id)
    if journal is None:
        yield FieldError(f"/body/lessons/{place}/journal_id", "lesson.journal-unknown", "Нет такого журнала")
        return
    together = learners.get(journal.learners_id)
    if together is None or not together.starts_on <= lesson.date < together.ends_on:
        yield FieldError(f"/body/lessons/{place}/date", "lesson.outside-year", "Дата вне учебного года класса (группы)")


async def _wrong_named(uow: UnitOfWork, organization_id: UUID, planned: Sequence[LessonIn]) -> list[FieldError]:
    """Teachers and rooms that are not the organization's: whoever is named there would be called by name."""
    teachers = await journals.teachers_among(
        uow, organization_id, {one.teacher_id for one in planned if one.teacher_id}
    )
    rooms = await study.rooms_of(uow, organization_id) if any(one.room_id for one in planned) else {}
    wrong = []
    for place, one in enumerate(planned):
        if one.teacher_id is not None and one.teacher_id not in teachers:
            wrong.append(
                FieldError(f"/body/lessons/{place}/teacher_id", "lesson.teacher-unknown", "Нет такого педагога")
            )
        if one.room_id is not None and (one.room_id not in rooms or not rooms[one.room_id].active):
            wrong.append(FieldError(f"/body/lessons/{place}/room_id", "lesson.room-unknown", "Нет такого кабинета"))
    return wrong


async def _closed(
    uow: UnitOfWork, organization_id: UUID, planned: Sequence[LessonIn], of: Mapping[UUID, Journal]
) -> list[FieldError]:
    """Lessons that would be set in a closed period; none is closed from now on until the transaction ends."""
    years: dict[int, set[UUID]] = {}
    for journal in of.values():
        years.setdefault(journal.academic_year, set()).add(journal.id)
    closed: set[Day] = set()
    for academic_year, journal_ids in sorted(years.items()):
        await journals.hold(uow, organization_id, academic_year, journal_ids)
        days = {
            (one.journal_id, of[one.journal_id].learners_id, one.date)
            for one in planned
            if one.journal_id in journal_ids
        }
        closed |= await repository.closed(uow.session, organization_id, academic_year, days)
    return [
        FieldError(f"/body/lessons/{place}/date", "lesson.period-closed", "Период закрыт")
        for place, one in enumerate(planned)
        if (one.journal_id, of[one.journal_id].learners_id, one.date) in closed
    ]


async def closed_days(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, days: Collection[Day]
) -> set[tuple[UUID, dt.date]]:
    """Days (journal, its learners, day) that lie in closed periods, as journal and day: no lesson is put there or taken away."""
    found = await repository.closed(uow.session, organization_id, academic_year, days)
    return {(journal_id, day) for journal_id, _, day in found}


async def _sole_teachers(
    uow: UnitOfWork, organization_id: UUID, planned: Sequence[LessonIn], of: Mapping[UUID, Journal]
) -> Mapping[tuple[UUID, dt.date], UUID]:
    """Who teaches in the journals on the days of lessons that name nobody, where one teacher does."""
    places = {(one.journal_id, one.date) for one in planned if one.teacher_id is None}
    teachers: dict[tuple[UUID, dt.date], set[UUID]] = {}
    for academic_year in {of[journal_id].academic_year for journal_id, _ in places}:
        for one in await journals.teachings(uow, organization_id, academic_year):
            for journal_id, day in places:
                if journal_id == one.journal_id and one.valid_from <= day < one.valid_to:
                    teachers.setdefault((journal_id, day), set()).add(one.teacher_id)
    return {place: min(found) for place, found in teachers.items() if len(found) == 1}


async def list_lessons(
    uow: UnitOfWork,
    principal: Principal,
    filters: Mapping[str, Any],
    since: dt.date,
    until: dt.date,
    after: Place | None,
    limit: int,
) -> Sequence[Lesson]:
    """Lessons within [since, until] that the caller sees; ``filters`` by column."""
    return await repository.page(
        uow.session, policies.in_view(principal, uow.clock.today()), filters, since, until, after, limit
    )


async def read_lesson(uow: UnitOfWork, principal: Principal, lesson_id: UUID) -> tuple[Lesson, Sequence[LessonWork]]:
    """A lesson with its works."""
    lesson = await visible(uow, principal, lesson_id)
    return lesson, await repository.works(uow.session, lesson)


async def visible(uow: UnitOfWork, principal: Principal, lesson_id: UUID) -> Lesson:
    """A lesson the caller sees, or ``NotFoundError``."""
    lesson = await repository.one(uow.session, policies.in_view(principal, uow.clock.today()), lesson_id)
    if lesson is None:
        raise NotFoundError
    return lesson


async def of_journal(
    uow: UnitOfWork,
    journal: Journal,
    since: dt.date,
    until: dt.date,
    after: Place | None,
    limit: int,
    given_by: UUID | None = None,
) -> list[tuple[Lesson, list[dict[str, Any]]]]:
    """Lessons of a journal within [since, until] with their works, one more than ``limit``; ``after`` a place; of one teacher alone."""
    key = {"organization_id": journal.organization_id, "academic_year": journal.academic_year, "journal_id": journal.id}
    if given_by is not None:
        key["teacher_id"] = given_by
    return await repository.of_journal(uow.session, key, since, until, after, limit)


async def days_given(
    uow: UnitOfWork, journal: Journal, teacher_id: UUID | None, since: dt.date, until: dt.date
) -> Sequence[dt.date]:
    """Days within [since, until] on which a teacher gives a lesson of a journal, in their order."""
    return await repository.days_given(
        uow.session, journal.organization_id, journal.academic_year, journal.id, teacher_id, since, until
    )


async def change_lesson(
    uow: UnitOfWork, principal: Principal, lesson_id: UUID, version: int, body: LessonPatch
) -> tuple[Lesson, Sequence[LessonWork]]:
    """Write what was taught.

    A topic of the plan gives the lesson its name, unless the teacher words it. Raises ``ForbiddenError``, ``VersionMismatchError``,
    ``LessonClosedError``, ``LessonCancelledError``, ``LessonNotYetError``, ``TopicUnknownError``.
    """
    lesson = await _held(uow, principal, lesson_id)
    if body.attendance_checked and lesson.date > uow.clock.today():
        raise LessonNotYetError
    taught = body.model_dump(exclude_unset=True)
    if taught.get("topic_id") is not None:
        key = lesson.organization_id, lesson.academic_year, lesson.journal_id
        taught = {"topic": await plans.topic_of(uow, *key, taught["topic_id"]), **taught}
    if not await repository.change(uow.session, lesson, version, taught):
        raise VersionMismatchError
    if body.model_fields_set & _RECORDED and lesson.date <= uow.clock.today():
        subject = (await repository.subjects(uow.session, {lesson.id})).get(lesson.id, _UNTOLD)
        await tell(uow, lesson.organization_id, lesson.academic_year, subject, [lesson.id])
    await uow.session.refresh(lesson)
    return lesson, await repository.works(uow.session, lesson)


async def tell(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, subject: str, lesson_ids: Sequence[UUID]
) -> None:
    """Something was recorded at lessons of a journal: count it anew and let others hear."""
    for lesson in await repository.count_anew(uow.session, organization_id, academic_year, lesson_ids, uow.now):
        uow.publish(
            events.lesson_recorded(organization_id, academic_year, subject, lesson), version=lesson.told_version
        )


async def put_works(
    uow: UnitOfWork, principal: Principal, lesson_id: UUID, version: int, works: Sequence[WorkIn]
) -> tuple[Lesson, Sequence[LessonWork]]:
    """Replace the works of a lesson. One that marks stand for cannot go (the database refuses: ``WorkMarkedError``)."""
    lesson = await _held(uow, principal, lesson_id)
    if wrong := [error async for error in _wrong_works(uow, lesson, works)]:
        raise WorksInvalidError(errors=wrong)
    if not await repository.change(uow.session, lesson, version, {}):
        raise VersionMismatchError
    before = {work.number: _work(work) for work in await repository.works(uow.session, lesson)}
    after = {work.number: _work(work) for work in works}
    await repository.drop_works(uow.session, lesson, before.keys() - after.keys())
    rows = [{"id": new_id(), "version": 1, **work.model_dump()} for work in works]
    await repository.put_works(uow.session, lesson, rows)
    if before != after:
        why = planning.Reason("Работы урока", author(principal), uow.now)
        await planning.keep_works(uow.session, lesson, list(before.values()), list(after.values()), why)
    uow.session.expunge_all()
    return await read_lesson(uow, principal, lesson_id)


def _work(work: LessonWork | WorkIn) -> dict[str, Any]:
    return {"number": work.number, "kind": work.kind, "title": work.title, "weight": f"{work.weight:.2f}"}


async def _wrong_works(uow: UnitOfWork, lesson: Lesson, works: Sequence[WorkIn]) -> AsyncIterator[FieldError]:
    if len({work.number for work in works}) < len(works):
        yield FieldError("/body/works", "lesson-works.twice", "Номер работы указан дважды")
    known = {kind.code for kind in await study.work_kinds(uow, lesson.organization_id)}
    for place, work in enumerate(works):
        if work.kind not in known:
            yield FieldError(f"/body/works/{place}/kind", "lesson-works.kind-unknown", "Нет такого вида работ")


async def _held(uow: UnitOfWork, principal: Principal, lesson_id: UUID) -> Lesson:
    """A lesson the caller may write in that is or was given; raises ``LessonCancelledError``."""
    lesson = await writable(uow, principal, lesson_id)
    if lesson.state != "planned":
        raise LessonCancelledError
    return lesson


async def writable(uow: UnitOfWork, principal: Principal, lesson_id: UUID, *beside: UUID) -> Lesson:
    """A lesson the caller may write in: a teacher only if it is the teacher's, for as many days as the organization allows.

    It is held, and so are those ``beside`` it: no timetable takes them away until the transaction ends. One that was taken away
    meanwhile is not found.
    """
    lesson = await visible(uow, principal, lesson_id)
    key = lesson.organization_id, lesson.academic_year
    await journals.hold(uow, *key, [lesson.journal_id])
    if lesson_id not in await planning.by_ids(uow.session, *key, {lesson_id, *beside}, hold=True):
        raise NotFoundError
    if await repository.is_closed(uow.session, lesson):
        raise LessonClosedError
    if principal.role is Role.TEACHER:
        may = await repository.may_write(uow.session, lesson, principal.person_id, uow.clock.today())
        if not may.gives:
            raise ForbiddenError
        if not may.open:
            raise LessonClosedError
    return lesson


async def gives(uow: UnitOfWork, principal: Principal, lesson: Lesson) -> bool:
    """Whether the caller may answer for what is done at the lesson: to a teacher it must be the teacher's, however long ago."""
    if principal.role is not Role.TEACHER:
        return True
    may = await repository.may_write(uow.session, lesson, principal.person_id, uow.clock.today())
    return may.gives


async def known(uow: UnitOfWork, organization_id: UUID, academic_year: int, lesson_id: UUID) -> Lesson:
    """A lesson that something stands for."""
    return await repository.known(uow.session, organization_id, academic_year, lesson_id)


async def follows(uow: UnitOfWork, lesson: Lesson, other_id: UUID) -> bool:
    """Whether the other is a later lesson of the same journal, not cancelled."""
    other = await repository.one(uow.session, Lesson.journal_id == lesson.journal_id, other_id)
    if other is None or other.organization_id != lesson.organization_id or other.state != "planned":
        return False
    return (other.date, other.number) > (lesson.date, lesson.number)


async def about(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, journal_ids: Collection[UUID]
) -> Sequence[LessonAbout]:
    """What all lessons of journals are about, in their order."""
    return await repository.about(uow.session, organization_id, academic_year, journal_ids)


async def recorded_lessons(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every recorded lesson at its version, for a reader that is rebuilt."""
    after = None
    while lessons := await repository.recorded(session, after, _CHUNK):
        subjects = await repository.subjects(session, {lesson.id for lesson in lessons})
        yield [
            Aggregate(
                events.told_again(lesson, subjects.get(lesson.id, _UNTOLD)),
                lesson.recorded_at,
                lesson.told_version,
            )
            for lesson in lessons
            if lesson.recorded_at is not None
        ]
        after = lessons[-1].id
        session.expunge_all()
